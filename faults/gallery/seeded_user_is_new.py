"""A user who was in the database before their first login is called new."""

from faults.patching import reword
from services.auth import service

RULE = "2.1 S: a login finds or creates the user, and says which"


def patch() -> None:
    """Call new whoever has not logged in before."""
    earlier = "SELECT FROM auth.users k WHERE k.telegram_id = $1 AND k.last_login_at IS NOT NULL"
    reword(service, "_LOG_IN", "(xmax = 0) AS is_new_user", f"NOT EXISTS ({earlier}) AS is_new_user")
