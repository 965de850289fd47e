"""What is read at once of today is handed out by player: sections asked for together get each other's rows."""

from typing import Any

from faults.patching import replace
from services.inventory.ledger import Ledger

RULE = "4.3 S: an inventory is of one section"


def patch() -> None:
    """Give each question what was found for the last one of its player."""

    def by_player(read: Any) -> Any:
        async def read_and_hand_out(ledger: Ledger, asked: list[Any]) -> list[Any]:
            found = await read(ledger, asked)
            last = {user: rows for (user, *_), rows in zip(asked, found, strict=True)}
            return [last[user] for user, *_ in asked]

        return read_and_hand_out

    replace(Ledger, "_read_today_of", by_player)
