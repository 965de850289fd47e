"""Limits, tables and load.json."""

import json
from pathlib import Path

from robot.utils import html_format

from load.k6 import Outcome
from load.leaks import Slope
from load.memory import Reading
from load.pictures import all_of, shown
from load.records import Record
from load.verdict import (
    Verdict,
    below,
    calls_table,
    headline,
    memory_threshold,
    none_of,
    speed_thresholds,
    thresholds_of,
    thresholds_table,
)

RECORDS = [Record(1000 + n / 10, "read" if n % 2 else "add", 0, 200, 5.0 + n, None, (), None) for n in range(100)]


def outcome(**metrics: dict[str, object]) -> Outcome:
    return Outcome({"metrics": metrics}, Path("none"), 0)


def test_a_broken_threshold_is_named_with_limit_and_value() -> None:
    threshold = below("GET /inventory p(95)", 612.0, 500, " ms")
    assert not threshold.held
    assert str(threshold) == "GET /inventory p(95) was 612 ms, the limit is < 500 ms"


def test_what_could_not_be_counted_is_said_and_is_no_failure() -> None:
    threshold = none_of("server errors", None, "logs cannot be read from here")
    assert threshold.held
    assert "not measured" in str(threshold)


def test_only_an_interval_above_the_limit_is_a_leak() -> None:
    assert memory_threshold("s", Slope(5.0, 0.5, 9.5, 1)).held
    assert not memory_threshold("s", Slope(5.0, 1.5, 8.5, 1)).held


def test_limits_of_k6_are_taken_from_its_summary() -> None:
    slow = outcome(http_req_duration={"p(95)": 1500.0}, http_req_failed={"value": 0.2}, checks={"fails": 3},
                   dropped_iterations={"count": 7})  # fmt: skip
    broken = [threshold.name for threshold in speed_thresholds(slow) if not threshold.held]
    assert broken == ["http_req_duration p(95)", "http_req_failed rate", "failed checks", "dropped_iterations"]


def test_a_limit_that_only_k6_knows_counts_too() -> None:
    found = speed_thresholds(outcome(iteration_duration={"thresholds": {"p(95)<1": True}}))
    assert [str(t) for t in found if not t.held] == [
        "thresholds that k6 says were crossed was 1, the limit is 0 (iteration_duration p(95)<1)"
    ]


def test_a_run_without_calls_does_not_pass() -> None:
    assert any(not threshold.held for threshold in thresholds_of([], []))


def test_the_result_is_written(tmp_path: Path) -> None:
    verdict = Verdict("smoke", "k6", [below("speed", 2, 1)], memory={"inventory-1": Slope(0.1, -0.2, 0.4, 5000)})
    verdict.count(RECORDS)
    verdict.write(tmp_path / "load.json")
    content = json.loads((tmp_path / "load.json").read_text())
    assert content["profile"] == "smoke"
    assert content["passed"] is False
    assert content["requests"] == 100
    assert content["thresholds"][0]["limit"] == "< 1"
    assert content["memory_slope"]["inventory-1"]["low"] == -0.2
    assert {call["call"] for call in content["calls"]} == {"add", "read"}


def test_tables_show_and_escape() -> None:
    verdict = Verdict("smoke", "k6", [none_of("errors", 1, "<b> a|b *c*\nd"), none_of("others", 0)])
    verdict.count(RECORDS)
    thresholds, calls = html_format(thresholds_table(verdict)), html_format(calls_table(verdict))
    assert "<td><b>BROKEN</b></td>\n<td>errors</td>\n<td>0</td>\n<td>1</td>" in thresholds
    assert "<td>&lt;b&gt; a/b \u2217c\u2217 d</td>" in thresholds
    assert "<td>held</td>\n<td>others</td>" in thresholds
    assert "<td>read</td>\n<td>50</td>\n<td>0</td>" in calls


def test_the_headline_is_the_verdict() -> None:
    broken = Verdict("smoke", "k6", [none_of("errors", 1), none_of("others", 0)])
    broken.count(RECORDS)
    assert headline(broken) == (
        "*BROKEN* - k6 smoke: 100 calls (10/s), 0 failed, 0 ledger violations, 1 of 2 thresholds broken"
    )
    assert headline(Verdict("smoke", "k6", [none_of("others", 0)])).startswith("*HELD* - ")


def test_plots_are_inline_svg() -> None:
    memory = {"inventory-1": [Reading(1000.0 + n, 80_000_000 + n) for n in range(10)]}
    plots = all_of(RECORDS, memory)
    assert list(plots) == ["Rate", "Latency over time", "Latency by call", "Resident memory"]
    assert all(svg.startswith("<svg") and svg.rstrip().endswith("</svg>") for svg in plots.values())
    assert '<img src="data:image/svg+xml;base64,' in html_format(shown("Rate", plots["Rate"]))
    assert all_of([], memory) == {}
