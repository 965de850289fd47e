"""A login gives each earlier token's revocation the time that its note has left; where there is none, that fails."""

from faults.patching import reword
from services.auth import sessions

RULE = "2.1 S: finds or creates the user, answers 200"


def patch() -> None:
    """Take what is left as it is."""
    reword(sessions, "_REPLACE", "if left <= 0 then left = ARGV[4] end", "")
