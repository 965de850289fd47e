"""Turns the boards into Grafana's JSON with Grafana's own library."""

from __future__ import annotations

from pathlib import Path

from grafana_foundation_sdk.builders import common, dashboard, prometheus, stat, timeseries
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.common import GraphTresholdsStyleMode, LegendDisplayMode, LegendPlacement
from grafana_foundation_sdk.models.dashboard import (
    DashboardCursorSync,
    DataSourceRef,
    Threshold,
    ThresholdsMode,
    VariableRefresh,
)

from monitoring.dashboards.panels import BOARDS, Board, Panel

FOLDER = Path(__file__).resolve().parent.parent / "grafana" / "dashboards"
# A variable of the dashboard: Grafana's import and provisioning both take the Prometheus that is there for it.
_SOURCE_NAME = "datasource"
SOURCE = DataSourceRef(type_val="prometheus", uid=f"${{{_SOURCE_NAME}}}")
_HEIGHT = {"lines": 8, "number": 4}


def _targets(panel: Panel) -> list[prometheus.Dataquery]:
    found = []
    for number, (expr, legend) in enumerate(panel.targets):
        query = prometheus.Dataquery().expr(expr).ref_id(chr(ord("A") + number)).datasource(SOURCE)
        query = query.instant() if panel.kind == "number" else query.range()
        found.append(query.legend_format(legend) if legend else query)
    return found


def _thresholds(panel: Panel) -> dashboard.ThresholdsConfig:
    low, high = ("red", "green") if panel.red_below else ("green", "red")
    steps = [Threshold(value=None, color=low), Threshold(value=panel.red, color=high)]
    return dashboard.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(steps)


def _panel(panel: Panel) -> stat.Panel | timeseries.Panel:
    built: stat.Panel | timeseries.Panel
    if panel.kind == "number":
        built = stat.Panel()
    else:
        legend = common.VizLegendOptions().display_mode(LegendDisplayMode.LIST).placement(LegendPlacement.BOTTOM)
        built = timeseries.Panel().legend(legend.show_legend(True)).min(0)
        if panel.red is not None:
            built = built.thresholds_style(common.GraphThresholdsStyleConfig().mode(GraphTresholdsStyleMode.LINE))
    built = built.title(panel.title).unit(panel.unit).datasource(SOURCE).targets(list(_targets(panel)))
    built = built.height(_HEIGHT[panel.kind]).span(panel.width)
    if panel.description:
        built = built.description(panel.description)
    return built if panel.red is None else built.thresholds(_thresholds(panel))


def _variable(name: str, query: str, many: bool) -> dashboard.QueryVariable:
    built = dashboard.QueryVariable(name).label(name).datasource(SOURCE).query(query).refresh(VariableRefresh(2))
    return built.multi(True).include_all(True).all_value(".*") if many else built


def build(board: Board) -> dashboard.Dashboard:
    """Return a board in the library's terms."""
    built = (
        dashboard.Dashboard(board.title).uid(board.uid).description(board.description).tags(["inventory"])
        .refresh("30s").time("now-1h", "now").timezone("utc").readonly().tooltip(DashboardCursorSync.CROSSHAIR)
        .with_variable(dashboard.DatasourceVariable(_SOURCE_NAME).label("data source").type("prometheus"))
        .with_variable(_variable("job", "label_values(inventory_service_up, job)", many=False))
        .with_variable(_variable("instance", 'label_values(inventory_service_up{job="$job"}, instance)', many=True))
    )  # fmt: skip
    for group in board.groups:
        built = built.with_row(dashboard.Row(group.title))
        for panel in group.panels:
            built = built.with_panel(_panel(panel))
    return built


def rendered() -> dict[Path, str]:
    """Return the JSON of every board, by the file that it belongs in."""
    return {
        FOLDER / f"{board.uid}.json": JSONEncoder(sort_keys=True, indent=2).encode(build(board).build()) + "\n"
        for board in BOARDS
    }
