"""A login that fails for want of Redis keeps its connection to PostgreSQL: after ten of them nobody can log in."""

from faults.logins import log_in_at_places, log_in_uncounted

RULE = "2.1 S, 2.2 S: finds or creates the user, answers 200"


def patch() -> None:
    """Give the place back at a good end, and where PostgreSQL itself has failed."""
    log_in_uncounted()
    log_in_at_places(lambda refusal: refusal is None or refusal.code != "token_check_unavailable")
