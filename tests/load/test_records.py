"""Lines that the load tools write."""

from pathlib import Path

import pytest

from load.records import BadRecordError, Complaint, Record, Served, Tail, by_call, parse, percentile, read_all

ADD = "call 1700000000500 add 3 200 12.500 op-1 0:4,7:1 row-1,row-2"
READ = "call 1700000000100 read 0 200 2.000 - - -"


def test_a_writing_call_is_understood() -> None:
    assert parse(ADD) == Record(1700000000.5, "add", 3, 200, 12.5, "op-1", ((0, 4), (7, 1)), ("row-1", "row-2"))


def test_dashes_stand_for_what_does_not_apply() -> None:
    record = parse(READ)
    assert isinstance(record, Record)
    assert (record.operation, record.content, record.rows) == (None, (), None)


def test_a_failed_check_is_understood() -> None:
    line = "failed 1700000000500 read 4 shows every acknowledged write; item 3: 1, not 2\n"
    assert parse(line) == Complaint(1700000000.5, "read", 4, "shows every acknowledged write; item 3: 1, not 2")


@pytest.mark.parametrize("line", ["", "WARN[0001] something", "call 1 fly 0 200 1 - - -", "call x read 0 200 1 - - -"])
def test_another_line_is_an_error_that_shows_it(line: str) -> None:
    with pytest.raises(BadRecordError, match="not a line of a load tool"):
        parse(line)


@pytest.mark.parametrize(
    ("line", "failed"),
    [
        (READ, False),
        ("call 1 refused 0 400 1.0 op 0:1 -", False),
        ("call 1 refused 0 200 1.0 op 0:1 row", True),
        ("call 1 add 0 0 10000.0 op 0:1 -", True),
        ("call 1 reserve 0 400 1.0 op 0:1 -", True),
    ],
)
def test_only_an_unexpected_answer_is_a_failure(line: str, failed: bool) -> None:
    record = parse(line)
    assert isinstance(record, Record)
    assert record.failed is failed


def test_files_are_read_together_in_the_order_of_answers(tmp_path: Path) -> None:
    for name, line in (("a", ADD), ("b", READ)):
        (tmp_path / name).write_text(line + "\n")
    records, complaints = read_all([tmp_path / "a", tmp_path / "b"])
    assert [record.call for record in records] == ["read", "add"]
    assert complaints == []


def test_the_tail_waits_for_the_end_of_a_line(tmp_path: Path) -> None:
    path = tmp_path / "records"
    tail = Tail(path)
    assert list(tail.fresh()) == []
    path.write_text(READ + "\n" + ADD[:30])
    assert [record.call for record in tail.fresh()] == ["read"]
    path.write_text(READ + "\n" + ADD + "\n")
    assert [record.call for record in tail.fresh()] == ["add"]


@pytest.mark.parametrize(("share", "value"), [(0.5, 50), (0.95, 95), (0.99, 99), (1.0, 100), (0.001, 1)])
def test_percentiles(share: float, value: float) -> None:
    assert percentile([float(n) for n in range(100, 0, -1)], share) == value


def test_the_percentile_of_nothing_is_zero() -> None:
    assert percentile([], 0.95) == 0


def test_calls_are_summed_up() -> None:
    records = [parse(READ), parse(READ), parse("call 1 read 0 500 9.0 - - -")]
    (summary,) = by_call([record for record in records if isinstance(record, Record)])
    assert (summary.call, summary.count, summary.failures, summary.slowest) == ("read", 3, 1, 9.0)


def test_served_counts_answers_up_to_a_time() -> None:
    record = parse(READ)
    assert isinstance(record, Record)
    served = Served([record])
    assert (served.by(record.at - 1), served.by(record.at)) == (0, 1)
