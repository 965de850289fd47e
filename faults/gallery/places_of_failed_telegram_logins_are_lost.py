"""A login by Telegram that PostgreSQL makes fail keeps its connection; one by name gives it back whatever happens."""

from faults.logins import log_in_at_places, ways

RULE = "2.2 S: a login by Telegram answers like one by name"


def patch() -> None:
    """Forget to give the place back in one of two handlers."""
    by_telegram = ways()
    log_in_at_places(lambda refusal: refusal is None or not by_telegram())
