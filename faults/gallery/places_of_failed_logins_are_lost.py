"""A login that fails keeps its place among those that may be under way: after ten failures nobody can log in."""

from faults.logins import log_in_at_places

RULE = "2.1 S, 2.2 S: a login is answered 200"


def patch() -> None:
    """Give the place back at a good end only."""
    log_in_at_places(lambda refusal: refusal is None)
