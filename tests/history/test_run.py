"""What callers saw is judged also where no test asks for it."""

from __future__ import annotations

from history.run import HistoriesOfTheRun
from tests.history.ledger import USER, Ask, Seen, records_of

STONE = "aaaaaaaa-0000-4000-8000-000000000001"
ADDED = Seen(Ask("add", ((STONE, 5),), "a"), 0, 1, (200, {"operation_ids": []}))


def read(stone: int) -> Seen:
    items = [{"item_id": STONE, "item_type": "stone", "quantity": stone}] if stone else []
    return Seen(Ask("read"), 2, 3, (200, {"items": items}))


def test_what_has_no_order_is_told() -> None:
    (problem,) = HistoriesOfTheRun().problems(records_of([ADDED, read(0)]), [USER])
    assert problem.startswith("Law 7 (serial history): read main → nothing")
    assert problem.endswith("whichever order the other calls have, it is 5")


def test_what_has_an_order_or_was_judged_by_its_test_is_not() -> None:
    assert not HistoriesOfTheRun().problems(records_of([ADDED, read(5)]), [USER])
    histories = HistoriesOfTheRun()
    histories.leave_out([USER])
    assert not histories.problems(records_of([ADDED, read(0)]), [USER])
