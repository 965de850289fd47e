"""The dashboards' JSON is what the code renders, and Grafana can make sense of it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from monitoring.dashboards import __main__ as command
from monitoring.dashboards import panels, render

GROUPS = ["Overview", "HTTP", "Business", "Cache", "Database", "Dependencies", "Admin"]


def _board(uid: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((render.FOLDER / f"{uid}.json").read_text(encoding="utf-8"))
    return content


def test_files_are_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--check"]) == 0, capsys.readouterr().err


def test_a_stale_file_is_named_and_then_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(render, "FOLDER", tmp_path)
    monkeypatch.setattr(command, "FOLDER", tmp_path)
    (tmp_path / "leftover.json").write_text("{}")
    assert command.main(["--check"]) == 1
    assert "inventory-load.json is not what the code renders: run `make dashboards`" in capsys.readouterr().err
    assert command.main([]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["inventory-load.json", "inventory-service.json"]
    assert command.main(["--check"]) == 0


def test_rendering_is_the_same_each_time() -> None:
    assert render.rendered() == render.rendered()


def test_the_service_overview_has_its_seven_groups() -> None:
    rows = [panel["title"] for panel in _board("inventory-service")["panels"] if panel["type"] == "row"]
    assert rows == GROUPS


@pytest.mark.parametrize("board", panels.BOARDS, ids=lambda board: board.uid)
def test_json_holds_every_query_once(board: panels.Board) -> None:
    shown = [panel for panel in _board(board.uid)["panels"] if panel["type"] != "row"]
    rendered = [target["expr"] for panel in shown for target in panel["targets"]]
    assert rendered == [query.expr for query in panels.queries() if query.dashboard == board.title]


def _sources(part: Any) -> Iterator[Any]:
    """Yield what each ``datasource`` below a part of a dashboard is."""
    if isinstance(part, dict):
        yield from (value for name, value in part.items() if name == "datasource")
        for value in part.values():
            yield from _sources(value)
    elif isinstance(part, list):
        for value in part:
            yield from _sources(value)


@pytest.mark.parametrize("board", panels.BOARDS, ids=lambda board: board.uid)
def test_any_prometheus_will_do(board: panels.Board) -> None:
    content = _board(board.uid)
    first = content["templating"]["list"][0]
    # Grafana replaces variables in their order: what asks the source comes after it.
    assert (first["type"], first["query"], first["name"]) == ("datasource", "prometheus", "datasource")
    found = list(_sources(content))
    assert len(found) > len(content["panels"])
    assert [source for source in found if source != {"type": "prometheus", "uid": "${datasource}"}] == []


@pytest.mark.parametrize("board", panels.BOARDS, ids=lambda board: board.uid)
def test_panels_do_not_overlap(board: panels.Board) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in _board(board.uid)["panels"]:
        grid = panel["gridPos"]
        assert grid["x"] + grid["w"] <= 24
        cells = {(grid["x"] + dx, grid["y"] + dy) for dx in range(grid["w"]) for dy in range(grid["h"])}
        assert not cells & taken, panel["title"]
        taken |= cells


def test_filled_queries_have_no_variables_left() -> None:
    assert not [query.expr for query in panels.queries() if "$" in query.filled("10s")]
