"""A read of a section ends after five hundred lines: nobody asks for the next page."""

from services.inventory import ledger

RULE = "4.3 S, law 1: a read tells every variant that a player has"


def patch() -> None:
    """Let the question end there."""
    ledger.READ_SECTION += " LIMIT 500"
