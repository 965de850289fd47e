"""Histories made by hand: good ones are serial, and what is wrong with bad ones is said and shown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from history.__main__ import main
from history.judge import Judgement, judge, problem_of
from history.mix import in_random_order
from history.recorder import Recorder
from history.records import LEDGER, HistoryError, Record, line_of, read_files
from history.search import Limits
from tests.history.ledger import ITEMS, USER, Answer, Ask, Seen, records_of

STONE, WOOD = ITEMS
Call = tuple[Ask, float, float, Answer | None]
DONE: Answer = (200, {"operation_ids": []})
NOT_ACTIVE: Answer = (409, {"error": "reservation_not_active"})


def add(quantity: int, operation: str = "a", item: str = STONE) -> Ask:
    return Ask("add", ((item, quantity),), operation)


def reserve(quantity: int, operation: str = "r") -> Ask:
    return Ask("reserve", ((STONE, quantity),), operation)


def told(stone: int, wood: int = 0) -> Answer:
    items = [
        {"item_id": i, "item_type": t, "quantity": q} for i, t, q in ((STONE, "stone", stone), (WOOD, "wood", wood))
    ]
    return 200, {"items": [one for one in items if one["quantity"]]}


def short(available: int) -> Answer:
    missing = [{"item_id": STONE, "required": 99, "available": available}]
    return 400, {"error": "insufficient_items", "missing_items": missing}


READ, HELD = Ask("read"), Ask("read", section="factory")
GOOD: dict[str, list[Call]] = {
    "one after the other": [(add(5), 0, 1, DONE), (READ, 2, 3, told(5))],
    "a read beside a write sees it": [(add(5), 0, 3, DONE), (READ, 1, 2, told(5))],
    "a read beside a write does not see it": [(add(5), 0, 3, DONE), (READ, 1, 2, told(0))],
    "two reads beside a write, the later one sees it": [
        (add(5), 0, 9, DONE), (READ, 1, 2, told(0)), (READ, 3, 4, told(5))],
    "no answer, and it was": [(add(5), 0, 1, None), (READ, 2, 3, told(5))],
    "no answer, and it was not": [(add(5), 0, 1, None), (READ, 2, 3, told(0))],
    "no answer, and it was later": [(add(5), 0, 1, None), (READ, 2, 3, told(0)), (READ, 4, 5, told(5))],
    "a 500 may have been done": [(add(5), 0, 1, (500, {})), (READ, 2, 3, told(5))],
    "reserved and returned": [
        (add(5), 0, 1, DONE), (reserve(3), 2, 3, DONE), (HELD, 4, 5, told(3)),
        (Ask("return", (), "r"), 6, 7, DONE), (READ, 8, 9, told(5)), (HELD, 8, 9, told(0))],
    "returned and consumed at one instant": [
        (add(5), 0, 1, DONE), (reserve(3), 2, 3, DONE), (Ask("return", (), "r"), 4, 6, NOT_ACTIVE),
        (Ask("consume", (), "r"), 4, 6, DONE), (READ, 7, 8, told(2))],
    "too little, as it was told": [(add(5), 0, 1, DONE), (reserve(99), 2, 3, short(5))],
    "a reservation that was never made is not found": [(Ask("return", (), "r"), 0, 1, (404, {}))],
    "an adjustment tells what it left": [
        (add(5), 0, 1, DONE), (Ask("adjust", ((STONE, -2),)), 2, 4,
                               (200, {"final_balances": [{"item_id": STONE, "quantity": 4}]})),
        (add(1, "b"), 2, 4, DONE)],
    "bad input has no place": [(add(5), 0, 1, (400, {"error": "validation_failed"})), (READ, 2, 3, told(0))],
}  # fmt: skip
BAD: dict[str, tuple[list[Call], str]] = {
    "lost update": (
        [(add(5), 0, 3, DONE), (add(2, "b"), 0, 3, DONE), (READ, 4, 5, told(5))], "stone in main has to be 5"),
    "stale read": ([(add(5), 0, 1, DONE), (READ, 2, 3, told(0))], "it is 5"),
    "reads go back": (
        [(add(5), 0, 9, DONE), (READ, 1, 2, told(5)), (READ, 3, 4, told(0))], "has to be 0"),
    "phantom acknowledgement": ([(add(5), 0, 1, DONE), (reserve(3), 2, 3, DONE), (HELD, 4, 5, told(0))], "factory"),
    "double return": (
        [(add(5), 0, 1, DONE), (reserve(3), 2, 3, DONE), (Ask("return", (), "r"), 4, 5, DONE),
         (Ask("return", (), "r"), 6, 7, DONE), (READ, 8, 9, told(8))], "has to be 8"),
    "returned and consumed": (
        [(add(5), 0, 1, DONE), (reserve(3), 2, 3, DONE), (Ask("return", (), "r"), 4, 5, DONE),
         (Ask("consume", (), "r"), 6, 7, DONE)], "is returned"),
    "spent twice": (
        [(add(5), 0, 1, DONE), (reserve(5), 2, 5, DONE), (reserve(5, "s"), 2, 5, DONE)], "has to be 5 or more"),
    "refused though there was enough": ([(add(5), 0, 1, DONE), (reserve(3), 2, 3, short(2))], "has to be 2"),
    "half of a call": (
        [(Ask("add", ((STONE, 1), (WOOD, 1)), "a"), 0, 9, DONE), (READ, 1, 2, told(1)), (READ, 3, 4, told(1, 1))],
        "wood"),
    "two readers disagree about the order": (
        [(add(1), 0, 9, DONE), (add(1, "b", WOOD), 0, 9, DONE), (READ, 1, 2, told(1)), (READ, 1.5, 2.5, told(0, 1))],
        ""),
    "a repeat is written again": ([(add(5), 0, 1, DONE), (add(5), 2, 3, DONE), (READ, 4, 5, told(10))], "has to be 10"),
    "a refusal that left something": (
        [(add(5), 0, 1, (400, {"error": "insufficient_items"})), (READ, 2, 3, told(5))], "it is 0"),
    "an active reservation is not found": (
        [(add(5), 0, 1, DONE), (reserve(3), 2, 3, DONE), (Ask("return", (), "r"), 4, 5, (404, {}))],
        "is an active reservation"),
    "an adjustment tells another balance": (
        [(add(5), 0, 1, DONE), (Ask("adjust", ((STONE, -2),)), 2, 3,
                                (200, {"final_balances": [{"item_id": STONE, "quantity": 4}]}))], "has to be 6"),
}  # fmt: skip


def judged(calls: Sequence[Call], hardening: bool = True) -> Judgement:
    (found,) = judge(records_of([Seen(*one) for one in calls]), hardening=hardening) or [Judgement(USER, 0)]
    return found


@pytest.mark.parametrize("name", GOOD)
def test_a_good_history_is_serial(name: str) -> None:
    assert judged(GOOD[name]).verdict == "serial", judged(GOOD[name]).sentence


@pytest.mark.parametrize("name", BAD)
def test_a_bad_history_is_not_and_says_why(name: str) -> None:
    calls, words = BAD[name]
    found = judged(calls)
    assert found.verdict == "not serial"
    assert words in found.sentence
    assert found.picture.startswith("<svg")
    assert found.part is not None
    assert len(found.part.steps) <= len(calls)


def test_repeats_are_judged_by_their_rule_only_where_hardening_counts() -> None:
    twice = [(add(5), 0, 1, DONE), (add(5), 2, 3, DONE), (READ, 4, 5, told(10))]
    assert judged(twice, hardening=False).verdict == "serial"
    reserved = [(add(9), 0, 1, DONE), (reserve(2), 2, 3, DONE), (reserve(2), 4, 5, DONE)]
    found = judged(reserved, hardening=False)
    assert found.not_judged
    assert "4.11 H" in str(problem_of([found]))
    assert judged(reserved).verdict == "serial"


def test_what_is_refused_for_being_sent_again_is_judged_only_where_hardening_counts() -> None:
    conflict: Answer = (409, {"error": "operation_conflict"})
    again = [(add(9), 0, 1, DONE), (reserve(2), 2, 3, DONE), (reserve(2), 4, 5, conflict), (READ, 6, 7, told(7))]
    ended = Ask("return", (), "r"), Ask("consume", (), "r")
    both = [(add(9), 0, 1, DONE), (reserve(2), 2, 3, DONE), (ended[0], 4, 5, NOT_ACTIVE), (ended[1], 4, 8, (503, {})),
            (HELD, 6, 7, told(2))]  # fmt: skip
    for calls in (again, both):
        assert judged(calls, hardening=False).verdict == "serial"
        assert judged(calls).verdict == "not serial"
    alone = [(add(9), 0, 1, DONE), (reserve(2), 2, 3, DONE), (ended[0], 4, 5, NOT_ACTIVE)]
    assert judged(alone, hardening=False).verdict == "not serial"


def test_the_smallest_part_leaves_out_what_does_not_matter() -> None:
    calls: list[Call] = []
    for n in range(20):
        calls += [(add(1, f"w{n}", WOOD), 10 * n, 10 * n + 1, DONE), (add(1, f"s{n}"), 10 * n + 2, 10 * n + 3, DONE),
                  (READ, 10 * n + 4, 10 * n + 5, told(n + 1, n + 1))]  # fmt: skip
    calls += [(add(1, "last"), 300, 302, DONE), (READ, 303, 304, told(20, 20)), (READ, 305, 306, told(21, 20))]
    found = judged(calls)
    assert found.verdict == "not serial"
    assert found.part is not None
    assert len(found.part.steps) <= 2
    assert found.seen_after == 62
    assert "stone in main has to be 20 there, and whichever order the other calls have, it is 21" in found.sentence


def test_a_history_that_takes_too_long_is_undecided_and_never_green() -> None:
    calls: list[Call] = [(add(2**n, f"a{n}"), 0, 9, DONE) for n in range(14)]
    calls += [(Ask("adjust", ((STONE, -1),), f"m{n}"), 0, 9, (200, {})) for n in range(6)]
    calls.append((READ, 0, 9, told(2**20)))
    (found,) = judge(records_of([Seen(*one) for one in calls]), limits=Limits(seconds=60, places=500))
    assert found.verdict == "undecided"
    assert "could not be decided" in str(problem_of([found]))


def test_players_are_judged_apart_and_nobody_is_no_proof() -> None:
    records = records_of([Seen(*one) for one in BAD["stale read"][0]])
    assert judge(records, users=["somebody else"]) == []
    assert problem_of([]) == "nobody has called about these players"


def test_a_file_can_be_judged_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad, folder = tmp_path / "good.jsonl", tmp_path / "bad.jsonl", tmp_path / "run" / "1"
    folder.mkdir(parents=True)
    for file, calls in ((good, GOOD["reserved and returned"]), (bad, BAD["stale read"][0])):
        file.write_text("\n".join(line_of(one) for one in records_of([Seen(*one) for one in calls])), "utf-8")
    (folder / "history.jsonl").write_text(good.read_text("utf-8") + '\n{"id": "cut sho', "utf-8")
    assert main(["check", str(good)]) == 0
    assert main(["check", str(tmp_path / "run")]) == 0
    assert "6 calls of 1 players" in capsys.readouterr().out
    picture = tmp_path / "picture.html"
    assert main(["check", str(bad), "--picture", str(picture)]) == 1
    assert "<svg" in picture.read_text("utf-8")
    assert f"not serial: player {USER}" in capsys.readouterr().out
    bad.write_text('{"id": 1}\n{}\n', "utf-8")
    assert main(["check", str(bad)]) == 2
    assert "line 1 is no record of a call" in capsys.readouterr().err
    bad.write_text("", "utf-8")
    assert main(["check", str(bad)]) == 2
    broken = line_of(Record("", "", 0, 1, USER, LEDGER, "", "", None, None, None))
    bad.write_text(f"{good.read_text('utf-8')}\n{broken}\n", "utf-8")
    assert main(["check", str(bad)]) == 2
    with pytest.raises(HistoryError, match="cannot be read"):
        read_files([tmp_path / "nowhere"])


def test_the_recorder_writes_what_it_keeps_without_secrets(tmp_path: Path) -> None:
    recorder = Recorder(lambda: str(tmp_path), lambda line: line.replace("secret", "<hidden>"))
    for one in records_of([Seen(Ask("add", ((STONE, 1),), "secret"), 0, 1, DONE)]):
        recorder.call(one)
    recorder.rows("reserve", USER, [{"item_id": STONE, "quantity": 1}], "x")
    recorder.mark("kill database", 0.0, 1.0)
    recorder.flush()
    text = (tmp_path / "history.jsonl").read_text("utf-8")
    assert "secret" not in text
    assert [json.loads(line)["method"] for line in text.splitlines()] == ["POST", "ROWS", "MARK"]
    assert [one.kind for one in read_files([tmp_path / "history.jsonl"])].count("reserve") == 1
    assert [one.method for one in recorder.about({USER})] == ["POST", "ROWS", "MARK"]
    assert [one.method for one in recorder.about({"somebody else"})] == ["MARK"]
    recorder.forget()
    assert recorder.about({USER}) == []


@pytest.mark.parametrize(
    ("query", "is_kept"),
    [
        ("", True),
        ("section=factory", True),
        ("user_id=7", True),
        ("section=main;other", False),
        ("section=main&section=trade", False),
        ("%73ection=trade", False),
        ("section", False),
    ],
)
def test_a_read_that_may_be_of_another_section_is_no_evidence(query: str, is_kept: bool) -> None:
    recorder = Recorder(lambda: None, str)
    recorder.call(Record("a", "w", 0, 1, USER, "GET", "/inventory", query, None, 200, {"items": []}))
    assert len(recorder.records) == is_kept


@pytest.mark.parametrize(("held", "code"), [({("a", "chest_reward")}, 0), (set(), 1), (None, 0)])
def test_what_the_ledger_held_tells_of_a_call_without_an_answer(
    held: set[tuple[str, str]] | None, code: int, tmp_path: Path
) -> None:
    recorder = Recorder(lambda: str(tmp_path), str)
    for one in records_of([Seen(add(5), 0, 1, None), Seen(READ, 2, 3, told(5))]):
        recorder.call(one)
    if held is not None:
        recorder.ledger(USER, held)
    recorder.flush()
    assert main(["check", str(tmp_path)]) == code


def test_a_mix_has_the_same_order_for_the_same_seed_and_most_of_an_operation_after_its_first() -> None:
    calls = [f"{operation}{n}" for n in "123" for operation in "abcdefgh"]
    mixed = in_random_order(7, calls, lambda call: call[0])
    assert mixed == in_random_order(7, calls, lambda call: call[0])
    assert mixed != in_random_order(8, calls, lambda call: call[0])
    assert sorted(mixed) == sorted(calls)
    later = [mixed.index(f"{one}1") < mixed.index(f"{one}{n}") for one in "abcdefgh" for n in "23"]
    assert len(later) / 2 < sum(later)
