"""The live proof's own words: what it says without its programs, and where its results go."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from robot.api import Failure

from monitoring.live import Observed, live


def test_without_prometheus_nothing_is_green(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(Failure, match="prometheus is not on PATH: run `make monitoring-tools`"):
        live().start_monitoring()


def test_the_results_go_where_out_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUT", str(tmp_path / "out"))
    proof = live()
    proof._observed.append(Observed("Down", "service killed", 60.0, fired=1.5))
    proof.show_alerts()
    (alert,) = json.loads((tmp_path / "out" / "monitoring.json").read_text("utf-8"))["alerts"]
    assert (alert["alert"], alert["fired"]) == ("Down", 1.5)
