"""When Redis loses its data once more, the date of the first loss is taken again."""

from faults.patching import reword
from services.auth import service

RULE = "3.8 H: a token that was revoked before the loss never gets in again"


def patch() -> None:
    """Keep the date that is known."""
    reword(service, "_REMEMBER", "SET since = $1", "SET since = COALESCE(NULLIF(token_memory.since, 0), $1)")
