"""Reads of one player's sections at one instant are answered with the rows of all of them."""

from collections import defaultdict
from typing import Any

from faults.patching import replace
from services.inventory.ledger import Ledger

RULE = "law 1, law 7: a balance is the sum of its section's rows, whatever is asked at the same instant"


def patch() -> None:
    """Sort what was found by player."""

    def by_player(read: Any) -> Any:
        async def read_by_player(ledger: Ledger, asked: list[Any]) -> list[Any]:
            found: defaultdict[Any, list[Any]] = defaultdict(list)
            for (user, *_), rows in zip(asked, await read(ledger, asked), strict=True):
                found[user] += rows
            return [found[user] for user, *_ in asked]

        return read_by_player

    replace(Ledger, "_read_today_of", by_player)
