"""The moment from which tokens are known is noted at the first loss of Redis, and at no later one."""

from faults.patching import reword
from services.auth import service

RULE = "3.8 H: that holds too when Redis has lost its data"


def patch() -> None:
    """Keep the first moment."""
    reword(service, "_REMEMBER", "INTO auth.token_memory", "INTO auth.token_memory AS m")
    reword(service, "_REMEMBER", "SET since = $1", "SET since = COALESCE(NULLIF(m.since, 0), $1)")
