"""What callers saw is judged also where no test asks for it."""

from __future__ import annotations

import robot.running

from history.run import TEST, HistoriesOfTheRun
from tests.history.ledger import USER, Ask, Seen, records_of

STONE = "aaaaaaaa-0000-4000-8000-000000000001"
ADDED = Seen(Ask("add", ((STONE, 5),), "a"), 0, 1, (200, {"operation_ids": []}))


def read(stone: int) -> Seen:
    items = [{"item_id": STONE, "item_type": "stone", "quantity": stone}] if stone else []
    return Seen(Ask("read"), 2, 3, (200, {"items": items}))


def after(*seen: Seen, judged_before: bool = False) -> robot.running.TestSuite:
    histories, top = HistoriesOfTheRun(), robot.running.TestSuite("Suites")
    if judged_before:
        histories.leave_out([USER])
    histories.look_at(records_of(list(seen)), [USER], "A Test Of Something Else")
    histories.last_test.tell(top)
    histories.last_test.tell(top)
    return top


def test_what_has_no_order_makes_one_more_test_that_says_where_it_was_seen() -> None:
    (test,) = after(ADDED, read(0)).tests
    assert test.name == TEST
    (message,) = test.body[0].args
    assert message.startswith("Law 7 (serial history): read main → nothing")
    assert "whichever order the other calls have, it is 5, first in A Test Of Something Else" in message


def test_what_has_an_order_or_was_judged_by_its_test_makes_none() -> None:
    assert not after(ADDED, read(5)).tests
    assert not after(ADDED, read(0), judged_before=True).tests
