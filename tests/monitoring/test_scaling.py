"""Quick rules must be the same rules: only durations differ, all by the same factor."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from monitoring import rules
from monitoring.servers import SCRAPE, alertmanager_config, prometheus_config

DURATION = re.compile(r"(?:\d+(?:ms|[smhdwy]))+")


@pytest.mark.parametrize(
    ("duration", "expected"), [("5m", 300_000), ("1h30m", 5_400_000), ("250ms", 250), ("3d", 259_200_000), ("0s", 0)]
)
def test_durations_are_read(duration: str, expected: int) -> None:
    assert rules.milliseconds(duration) == expected


@pytest.mark.parametrize("wrong", ["", "5", "m", "5 m", "1.5h", "-5m"])
def test_what_is_no_duration_is_refused(wrong: str) -> None:
    with pytest.raises(rules.RuleError, match="is no duration"):
        rules.milliseconds(wrong)


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        ("rate(x[5m])", "rate(x[5000ms])"),
        ('rate(x{path="[5m]"}[5m])', 'rate(x{path="[5m]"}[5000ms])'),
        ("max_over_time(x[1h:5m])", "max_over_time(x[60000ms:5000ms])"),
        ("max_over_time(x[1h:])", "max_over_time(x[60000ms:])"),
        ("x offset 1h > 5", "x offset 60000ms > 5"),
        ("x > 0.5 and y < 14.4 * 0.001", "x > 0.5 and y < 14.4 * 0.001"),
        ("x[1s]", "x[17ms]"),
    ],
)
def test_windows_are_divided_and_nothing_else(expr: str, expected: str) -> None:
    assert rules.scale_expr(expr, 60) == expected


def test_a_duration_never_becomes_nothing() -> None:
    assert rules.scaled("1s", 1e9) == "1ms"
    assert rules.scaled("0s", 60) == "0s"


def _without_durations(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: "<hold>" if k == "for" else _without_durations(v) for k, v in value.items() if k != "interval"}
    if isinstance(value, list):
        return [_without_durations(entry) for entry in value]
    return re.sub(r"\[[^\]\"]*\]", "[]", value) if isinstance(value, str) else value


@pytest.mark.parametrize("path", rules.rule_files(), ids=lambda path: path.name)
def test_quick_rules_are_the_same_but_for_durations(path: Path) -> None:
    original = rules.load(path)
    speed = rules.SPEEDS[path.name]
    quick = rules.scale_rules(original, speed, "250ms")
    assert _without_durations(quick) == _without_durations(original)
    for slow_group, quick_group in zip(original["groups"], quick["groups"], strict=True):
        for slow, fast in zip(slow_group["rules"], quick_group["rules"], strict=True):
            _divided(slow["expr"], fast["expr"], speed)
            _divided(str(slow.get("for", "")), str(fast.get("for", "")), speed)


def _divided(slow: str, fast: str, speed: float) -> None:
    windows = [re.findall(r"\[(\w+)\]", text) or DURATION.findall(text[:10]) for text in (slow, fast)]
    assert len(windows[0]) == len(windows[1])
    for before, after in zip(*windows, strict=True):
        assert rules.milliseconds(after) == pytest.approx(rules.milliseconds(before) / speed, abs=1)


def test_scaling_leaves_its_input_alone() -> None:
    original = rules.load(rules.rule_files()[0])
    before = yaml.safe_dump(original)
    rules.scale_rules(original, 60, "1s")
    assert yaml.safe_dump(original) == before


def test_every_window_holds_a_few_quick_scrapes() -> None:
    for path in rules.rule_files():
        for window in re.findall(r"\[(\w+)\]", path.read_text(encoding="utf-8")):
            assert rules.milliseconds(rules.scaled(window, rules.SPEEDS[path.name])) >= 4 * rules.milliseconds(
                SCRAPE
            ), f"{path.name} {window}"


def test_a_file_that_is_no_yaml_is_named(tmp_path: Path) -> None:
    for name, text in (("broken.yml", "a: ["), ("list.yml", "- 1")):
        (tmp_path / name).write_text(text)
        with pytest.raises(rules.RuleError, match=name):
            rules.load(tmp_path / name)
    with pytest.raises(rules.RuleError, match="absent"):
        rules.load(tmp_path / "absent.yml")


def test_quick_alertmanager_keeps_routes_and_talks_to_loopback_only() -> None:
    original = rules.load(rules.HERE / "alertmanager" / "alertmanager.yml")
    quick = alertmanager_config(1234)
    assert [r["matchers"] for r in quick["route"]["routes"]] == [r["matchers"] for r in original["route"]["routes"]]
    assert quick["inhibit_rules"] == original["inhibit_rules"]
    urls = [hook["url"] for receiver in quick["receivers"] for hook in receiver["webhook_configs"]]
    assert urls == ["http://127.0.0.1:1234/on-call", "http://127.0.0.1:1234/tickets"]


def test_quick_prometheus_keeps_jobs_and_rules() -> None:
    quick = prometheus_config(["127.0.0.1:1"], "127.0.0.1:2", "127.0.0.1:3")
    assert quick["rule_files"] == ["rules/*.yml"]
    targets = {job["job_name"]: job["static_configs"][0]["targets"] for job in quick["scrape_configs"]}
    assert targets == {"inventory-service": ["127.0.0.1:1"], "prometheus": ["127.0.0.1:2"]}
