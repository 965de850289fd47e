"""Keywords that make trouble on a private stack and watch a real Prometheus and Alertmanager notice it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from robot.api import Failure, SkipExecution, logger
from robot.api.deco import keyword, library

from monitoring import rules
from monitoring.dashboards.panels import Query, queries
from monitoring.servers import TOOLS, MonitoringError, Servers, program
from monitoring.troubles import WatchedStack
from reporting.pictures import table
from stack.places import results_folder

_POLL_SECONDS = 0.1
_SETTLE_SECONDS = 60.0
_OPTIONAL_PREFIX = "inventory_ledger_"


@dataclass
class Observed:
    """One alert in one trouble; seconds from the trouble's beginning, or its end. None when it was not seen."""

    alert: str
    trouble: str
    speed: float
    fired: float | None = None
    notified: float | None = None
    resolved: float | None = None
    told_resolved: float | None = None
    note: str = ""


@dataclass
class PanelResult:
    """What the query of a panel gave."""

    dashboard: str
    group: str
    panel: str
    expr: str
    series: int
    note: str = ""


@library(scope="GLOBAL")
class live:  # noqa: N801  Robot looks for a class of the module's name
    """The live proof. One stack, one Prometheus and one Alertmanager for the whole run, all on free loopback ports."""

    def __init__(self) -> None:
        self._stack: WatchedStack | None = None
        self._servers: Servers | None = None
        self._began = 0.0
        self._ended = 0.0
        self._current: dict[str, Observed] = {}
        self._observed: list[Observed] = []
        self._panels: list[PanelResult] = []
        self._speeds = {alert.name: rules.SPEEDS[alert.file] for alert in rules.alerts()}

    @property
    def stack(self) -> WatchedStack:
        """The stack. Raises AssertionError when it was not started."""
        if self._stack is None:
            raise AssertionError("Start Monitoring first")
        return self._stack

    @property
    def servers(self) -> Servers:
        """Prometheus and Alertmanager. Raises AssertionError when they were not started."""
        if self._servers is None:
            raise AssertionError("Start Monitoring first")
        return self._servers

    @keyword
    def start_monitoring(self) -> None:
        """Start everything. Fails when Prometheus or Alertmanager is not installed: nothing would be proven."""
        try:
            for names in TOOLS:
                program(*names)
        except MonitoringError as error:
            raise Failure(str(error)) from None
        self._stack = WatchedStack()
        # In the stack's folder, which its supervisor removes even when this process is killed.
        folder = Path(self._stack.state.run_dir) / "monitoring"
        folder.mkdir()
        self._servers = Servers(folder, [self._stack.target])
        logger.info(f"Prometheus with quick rules scrapes {self._stack.target}")

    @keyword
    def stop_monitoring(self) -> None:
        """Stop and remove everything, also after a start that failed half-way."""
        if self._servers is not None:
            self._servers.stop()
        if self._stack is not None:
            self._stack.close()
        self._servers = self._stack = None

    @keyword
    def rules_should_be_loaded(self) -> None:
        """Fail unless Prometheus runs every rule of the rule files, and each is in good health."""
        wanted = {alert.name for alert in rules.alerts()} | set(rules.recorded())
        self._await(lambda: all(rule["health"] == "ok" for rule in self.servers.rules()), 15, "rules are not healthy")
        found = {rule["name"] for rule in self.servers.rules()}
        if found != wanted:
            raise Failure(f"rules that differ from the files': {', '.join(sorted(found ^ wanted))}")

    @keyword
    def no_alert_should_fire_for(self, seconds: float) -> None:
        """Fail when an alert fires within so many seconds of good service with traffic.

        Before the first scrape there is no target, so what fires then has to end first.
        """
        self._settled()
        calls = self.stack.traffic.calls
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if firing := self.servers.firing():
                raise Failure(f"fires without trouble: {', '.join(sorted(firing))}")
            time.sleep(_POLL_SECONDS)
        if self.stack.traffic.calls - calls < seconds:
            raise Failure("there was no traffic: silence proves nothing")

    @keyword
    def require_self_check(self) -> None:
        """Skip the test when the service does not look at its own ledger."""
        if "inventory_ledger_violations" not in self.stack.metrics():
            raise SkipExecution("the service has no self-check of the ledger (inventory_ledger_violations)")

    @keyword
    def begin_trouble(self, trouble: str) -> None:
        """Make a trouble; ``monitoring/troubles.py`` lists them. No alert fires before it."""
        self._settled()
        self._current = {}
        self._began = time.monotonic()
        self._ended = 0.0
        self.stack.begin(trouble)
        logger.info(f"trouble: {trouble}")

    @keyword
    def end_trouble(self) -> None:
        """End the trouble; doing so twice does no harm."""
        if not self._ended:
            self._ended = time.monotonic()
        self.stack.end()

    @keyword
    def alerts_should_fire(self, trouble: str, *names: str, within: float = 30) -> None:
        """Fail unless each alert fires within so many seconds, and its receiver hears of it or of what explains it."""
        self._current = {name: Observed(name, trouble, self._speeds[name]) for name in names}
        self._observed += self._current.values()

        def all_fired() -> bool:
            firing = self.servers.firing()
            for name, seen in self._current.items():
                if name in firing and seen.fired is None:
                    seen.fired = self._since(self._began)
            return all(seen.fired is not None for seen in self._current.values())

        self._await(all_fired, within, lambda: f"does not fire: {self._lacking('fired')}")
        self._await(lambda: self._heard("firing", "notified", self._began), 15, lambda: (
            f"nobody was told of: {self._lacking('notified')}"))  # fmt: skip

    @keyword
    def alerts_should_resolve(self, within: float = 45) -> None:
        """End the trouble; fail unless its alerts resolve within so many seconds and whoever was told is told."""
        self.end_trouble()

        def all_resolved() -> bool:
            firing = self.servers.firing()
            for name, seen in self._current.items():
                if name not in firing and seen.resolved is None:
                    seen.resolved = self._since(self._ended)
            return all(seen.resolved is not None for seen in self._current.values())

        self._await(all_resolved, within, lambda: f"does not resolve: {self._lacking('resolved')}")
        self._await(lambda: self._heard("resolved", "told_resolved", self._ended), 20, lambda: (
            f"nobody was told of the end of: {self._lacking('told_resolved')}"))  # fmt: skip

    def _heard(self, status: str, what: str, since: float) -> bool:
        severities = {alert.name: alert.labels["severity"] for alert in rules.alerts()}
        inhibited = self.servers.inhibited()
        for name, seen in self._current.items():
            receiver = "on-call" if severities[name] == "critical" else "tickets"
            times = [
                n.at for n in self.servers.receiver.notifications
                if (n.name, n.status, n.receiver) == (name, status, receiver) and n.at >= since
            ]  # fmt: skip
            if times and getattr(seen, what) is None:
                setattr(seen, what, round(times[0] - since, 1))
            if what == "notified" and seen.notified is None and name in inhibited:
                seen.note = "kept back: a graver alert explains it"
        return all(getattr(seen, what) is not None or seen.note for seen in self._current.values())

    def _lacking(self, what: str) -> str:
        missing = [name for name, seen in self._current.items() if getattr(seen, what) is None and not seen.note]
        return f"{', '.join(missing)} (firing: {', '.join(sorted(self.servers.firing())) or 'none'})"

    @staticmethod
    def _since(then: float) -> float:
        return round(time.monotonic() - then, 1)

    def _settled(self) -> None:
        self._await(
            lambda: not self.servers.firing(), _SETTLE_SECONDS,
            lambda: f"still fires from the trouble before: {', '.join(sorted(self.servers.firing()))}",
        )  # fmt: skip

    @staticmethod
    def _await(check: Callable[[], bool], seconds: float, complaint: str | Callable[[], str]) -> None:
        deadline = time.monotonic() + seconds
        while not check():
            if time.monotonic() > deadline:
                text = complaint if isinstance(complaint, str) else complaint()
                raise Failure(f"{text}, after {seconds:g} s")
            time.sleep(_POLL_SECONDS)

    # -- dashboards ------------------------------------------------------------------------------------------------

    @keyword
    def panels_should_have_data(self, dashboard: str, group: str, within: float = 30) -> None:
        """Fail unless every query of a group's panels returns data. Panels about what the service lacks are noted."""
        lacks_ledger = "inventory_ledger_violations" not in self.stack.metrics()
        chosen = [query for query in queries() if (query.dashboard, query.group) == (dashboard, group)]
        if not chosen:
            raise Failure(f"dashboard {dashboard} has no group {group}")
        deadline = time.monotonic() + within
        empty = []
        for query in chosen:
            optional = lacks_ledger and _OPTIONAL_PREFIX in query.expr
            series = self._series(query, 0 if optional else deadline)
            note = "the service has no self-check" if optional else ""
            self._panels.append(PanelResult(dashboard, group, query.panel, query.expr, series, note))
            if not series and not optional:
                empty.append(f"{query.panel}: {query.expr}")
        if empty:
            raise Failure("no data for " + "; ".join(empty))

    def _series(self, query: Query, deadline: float) -> int:
        while True:
            found = self.servers.query(query.filled(window="10s"))
            numbers = [series for series in found if series["value"][1] != "NaN"]
            if numbers or time.monotonic() > deadline:
                return len(numbers)
            time.sleep(_POLL_SECONDS)

    # -- results ---------------------------------------------------------------------------------------------------

    @keyword
    def show_alerts(self) -> None:
        """Write what was observed about alerts to the log and to ``results/monitoring.json``."""
        self._write()
        heads = ["alert", "trouble", "times quicker", "fired after s", "notified", "resolved after s", "told", "note"]
        logger.info(table(heads, (map(_shown, asdict(seen).values()) for seen in self._observed)), html=True)

    @keyword
    def show_panels(self) -> None:
        """Write which panels have data to the log and to ``results/monitoring.json``."""
        self._write()
        heads = ["dashboard", "group", "panel", "query", "series", "note"]
        logger.info(table(heads, (map(_shown, asdict(panel).values()) for panel in self._panels)), html=True)

    def _write(self) -> None:
        if not self._observed and not self._panels:
            return
        folder = results_folder()
        folder.mkdir(parents=True, exist_ok=True)
        content = {"alerts": [asdict(o) for o in self._observed], "panels": [asdict(p) for p in self._panels]}
        (folder / "monitoring.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _shown(cell: object) -> str:
    return "-" if cell is None else re.sub(r"\s+", " ", f"{cell:g}" if isinstance(cell, float) else str(cell))
