"""Pages of metrics, and judging log lines."""

from __future__ import annotations

import json

import pytest

from libraries.operations import keywords
from libraries.operations.keywords import OperationsKeywords
from libraries.target.settings import parse_target
from reporting import lines, redaction
from reporting.answers import Answer, Call

PAGE = (
    '# TYPE x_a counter\nx_a_total{m="GET"} 2\nx_a_total{m="PUT"} 3\n'
    '# TYPE x_b histogram\nx_b_bucket{le="+Inf"} 1\nx_b_sum 1\nx_b_count 1\n'
)
GOOD = {
    "timestamp": "2026-03-10T12:00:00.5Z", "level": "info", "message": "m", "service": "s", "request_id": "r",
    "method": "GET", "path": "/x", "status": 200, "duration_ms": 1.5, "user_id": None,
}  # fmt: skip


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> OperationsKeywords:
    found = parse_target({
        "TARGET_NAME": "n", "TARGET_PUBLIC_URLS": "http://h", "TARGET_METRIC_PREFIX": "x_",
        "TARGET_DATABASE_HOST": "db.example.org", "TARGET_DATABASE_PASSWORD": "correct-horse",
    })  # fmt: skip
    monkeypatch.setattr(keywords, "target", lambda: found)
    return OperationsKeywords()


def answer(text: str) -> Answer:
    return Answer(Call("GET", "http://h/x"), "r", 200, text.encode(), {}, 0, 1)


def test_samples_are_read_and_added_up(words: OperationsKeywords) -> None:
    assert lines.samples(PAGE, "x_a_total")[0] == ("x_a_total", {"m": "GET"}, 2.0)
    assert words.sum_of_samples(answer(PAGE), "a_total") == 5
    assert words.sum_of_samples(answer(PAGE), "a_total", m="PUT") == 3
    assert words.sum_of_samples(answer(PAGE), "a_total", m="HEAD") == 0
    assert words.sum_of_samples(answer('x_r NaN\nx_r{c="b"} 0.5\n'), "r") == 0.5
    assert words.labels_of(answer(PAGE)) == {"m": ["GET", "PUT"], "le": ["+Inf"]}
    assert words.labels_of(answer(PAGE), "a_total") == {"m": ["GET", "PUT"]}


def test_metrics_that_are_missing_are_named(words: OperationsKeywords) -> None:
    words.metrics_should_have(answer(PAGE), "a_total", "b")
    with pytest.raises(AssertionError, match=r"the metrics lack x_c \(6\.2\)"):
        words.metrics_should_have(answer(PAGE), "a_total", "c")


@pytest.mark.parametrize(
    "buckets",
    [{"0.1": 2, "1": 1, "+Inf": 3}, {"0.1": 1, "1": 2}, {"0.1": 1, "1": 2, "+Inf": 2}, {"+Inf": 0}],
    ids=["falls", "ends", "less than are counted", "nothing"],
)
def test_buckets_that_do_not_add_up(words: OperationsKeywords, buckets: dict[str, int]) -> None:
    page = "".join(f'x_s_bucket{{m="GET",le="{le}"}} {value}\n' for le, value in buckets.items())
    with pytest.raises(AssertionError, match=r"each holds what those below it hold"):
        words.histogram_should_add_up(answer(f'{page}x_s_count{{m="GET"}} 3\n'), "s")


def test_buckets_that_add_up_in_any_order(words: OperationsKeywords) -> None:
    page = 'x_s_bucket{le="+Inf"} 3\nx_s_bucket{le="1"} 2\nx_s_bucket{le="0.1"} 2\nx_s_count 3\n'
    words.histogram_should_add_up(answer(page), "s")


def test_what_is_no_page_of_metrics_is_named() -> None:
    with pytest.raises(AssertionError, match="Prometheus"):
        lines.samples("a{ 1\n")


@pytest.mark.parametrize("secret", ["db.example.org", "correct-horse", "10.0.0.7", "localhost", "Traceback"])
def test_answers_that_tell_too_much(words: OperationsKeywords, secret: str) -> None:
    words.answer_should_tell_no_secrets(answer("all is well"))
    with pytest.raises(AssertionError, match="nobody's business"):
        words.answer_should_tell_no_secrets(answer(f"it is {secret}!"))


def test_a_good_line_has_no_faults() -> None:
    assert lines.faults_of(lines.content_of("f", json.dumps(GOOD))) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"timestamp": "2026-03-10 12:00:00"}, "not an RFC 3339 time in UTC"),
        ({"timestamp": "2026-03-10T12:00:00+01:00"}, "not an RFC 3339 time in UTC"),
        ({"level": "chatty"}, "level is chatty, not level"),
        ({"status": "200"}, "status is 200, not a whole number"),
        ({"path": "/x?token=1"}, "not a path without a query"),
    ],
)
def test_faults_of_a_line_are_named(changes: dict[str, object], fault: str) -> None:
    assert any(fault in one for one in lines.faults_of(GOOD | changes))


@pytest.mark.parametrize("level", ["debug", "INFO", "warn", "Warning", "FATAL", "panic"])
def test_levels_have_the_names_that_libraries_give_them(level: str) -> None:
    assert lines.faults_of(GOOD | {"level": level}) == []


@pytest.mark.parametrize("name", GOOD)
def test_every_promised_field_is_missed(name: str) -> None:
    if name != "path":
        assert f"{name} is missing" in lines.faults_of({key: value for key, value in GOOD.items() if key != name})


@pytest.mark.parametrize("line", ["no JSON", "[1]", ""])
def test_what_is_no_object_is_named(line: str) -> None:
    with pytest.raises(AssertionError, match="a line that is no JSON object"):
        lines.content_of("f", line)


def test_leaks_are_named_and_blanked() -> None:
    forbidden = {"secret 1": "correct-horse"}
    token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"
    line = json.dumps(GOOD | {"message": f"{token} correct-horse"})
    assert redaction.leaks(line, forbidden) == ["secret 1", "a token"]
    assert redaction.leaks(json.dumps(GOOD), forbidden) == []
    shown = redaction.blanked(line, forbidden)
    assert "correct-horse" not in shown
    assert "eyJ" not in shown
