"""Rules, dashboards, runbooks and the services' metrics must speak of the same things."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from prometheus_client import REGISTRY

import services.inventory.metrics  # noqa: F401  fills the registry
from monitoring import rules
from monitoring.dashboards.panels import queries
from services.common.metrics import SECONDS

TESTS = rules.HERE / "prometheus" / "tests"
DASHBOARD_PROOF = rules.HERE / "01__dashboards.robot"
ROOT = rules.HERE.parent
# The contract's six: name, severity, how long.
CONTRACT = {
    "InventoryServiceDown": "1m",
    "InventoryHighErrorRate": "5m",
    "InventoryHighLatency": "5m",
    "InventoryDatabaseIssues": "2m",
    "InventoryCacheProblems": "10m",
    "InventoryBalanceCalculationSlow": "5m",
}
# A deployment may lack these; the alerts about them are silent then.
OPTIONAL = {"inventory_ledger_violations", "inventory_ledger_checks_total"}
# Known to Prometheus itself, or to the process and platform collectors.
OTHERS = re.compile(r"up|process_\w+|python_\w+")
ALERTS = rules.alerts()
needs_promtool = pytest.mark.skipif(shutil.which("promtool") is None, reason="no promtool: make monitoring-tools")


def _exported() -> set[str]:
    found: set[str] = set()
    for family in REGISTRY.collect():
        suffixes = {"counter": ["_total"], "histogram": ["_bucket", "_count", "_sum"]}.get(family.type, [""])
        found |= {family.name + suffix for suffix in suffixes}
    return found


def test_the_contracts_alerts_are_there_with_their_durations() -> None:
    holds = {alert.name: alert.hold for alert in ALERTS}
    assert {name: holds.get(name) for name in CONTRACT} == CONTRACT


def test_names_are_unique() -> None:
    names = [alert.name for alert in ALERTS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert.name)
def test_every_alert_says_what_it_must_and_has_its_runbook(alert: rules.Alert) -> None:
    assert alert.labels["severity"] in ("critical", "warning")
    assert {"summary", "description", "runbook_url"} <= alert.annotations.keys()
    assert alert.annotations["runbook_url"].endswith(f"/docs/runbooks/{alert.name}.md")
    page = (rules.RUNBOOKS / f"{alert.name}.md").read_text(encoding="utf-8")
    assert f"Severity: {alert.labels['severity']}." in page
    for heading in ("What it means", "First look", "Likely causes", "What to do"):
        assert f"\n## {heading}\n" in page


def test_every_runbook_has_its_alert_and_stands_in_the_list() -> None:
    pages = {path.stem for path in rules.RUNBOOKS.glob("*.md")} - {"README"}
    assert pages == {alert.name for alert in ALERTS}
    contents = (rules.RUNBOOKS / "README.md").read_text(encoding="utf-8")
    assert all(f"({name}.md)" in contents for name in pages)


def test_links_of_runbooks_lead_somewhere() -> None:
    for path in rules.RUNBOOKS.glob("*.md"):
        for link in re.findall(r"\]\((\w+\.md)\)", path.read_text(encoding="utf-8")):
            assert (rules.RUNBOOKS / link).exists(), f"{path.name} → {link}"


def test_runbooks_name_panels_that_exist() -> None:
    panels = {query.panel for query in queries()} | {query.group for query in queries()}
    panels |= {query.dashboard for query in queries()} | {alert.name for alert in ALERTS}
    for path in rules.RUNBOOKS.glob("Inventory*.md"):
        for name in re.findall(r"(?<!\*)\*([A-Z][^*\n]+)\*(?!\*)", path.read_text(encoding="utf-8")):
            assert name in panels, f"{path.name}: {name}"


def _expressions() -> list[tuple[str, str]]:
    return [
        *((alert.name, alert.expr) for alert in ALERTS),
        *rules.recorded().items(),
        *((f"{query.dashboard}/{query.panel}", query.expr) for query in queries()),
    ]


@pytest.mark.parametrize(("where", "expr"), _expressions())
def test_every_metric_named_is_exported_recorded_or_optional(where: str, expr: str) -> None:
    known = _exported() | set(rules.recorded()) | OPTIONAL
    named = rules.metrics_in(expr)
    assert named, where
    assert not {name for name in named if name not in known and not OTHERS.fullmatch(name)}, where


def test_the_objective_of_reads_is_a_bucket_of_its_own() -> None:
    assert {0.5, 1.0, 2.0, 5.0} <= set(SECONDS)


def test_recorded_names_tell_their_window() -> None:
    for name, expr in rules.recorded().items():
        windows = set(re.findall(r"\[(\w+)\]", expr))
        assert len(windows) <= 1, name
        assert all(name.endswith(f"rate{window}") for window in windows), name


def test_every_rule_is_in_a_test() -> None:
    tested = "\n".join(path.read_text(encoding="utf-8") for path in TESTS.glob("*.yml"))
    missing = [alert.name for alert in ALERTS if f'alertname="{alert.name}"' not in tested]
    assert not missing
    assert not [name for name in rules.recorded() if not re.search(rf"\b{name}\b", tested)]


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert.name)
def test_every_alert_is_tested_firing_and_silent(alert: rules.Alert) -> None:
    expectations = [
        check["exp_samples"]
        for path in TESTS.glob("*.yml")
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))["tests"]
        for check in case["promql_expr_test"]
        if f'"{alert.name}"' in check["expr"]
    ]
    states = {sample["labels"] for samples in expectations for sample in samples}
    assert '{alertstate="firing"}' in states
    assert [] in expectations
    assert alert.hold == "0s" or '{alertstate="pending"}' in states


def test_every_alert_is_provoked_live() -> None:
    proof = (rules.HERE / "02__alerts.robot").read_text(encoding="utf-8")
    assert not [alert.name for alert in ALERTS if not re.search(rf"\b{alert.name}\b", proof)]


def test_every_group_of_panels_is_queried_live() -> None:
    rows = re.findall(r"^\S.*?\s{2,}(\S.*?)\s{2,}(\S+)$", DASHBOARD_PROOF.read_text(encoding="utf-8"), re.MULTILINE)
    assert not {(query.dashboard, query.group) for query in queries()} - set(rows)


@needs_promtool
@pytest.mark.parametrize("path", sorted(TESTS.glob("*.yml")), ids=lambda path: path.name)
def test_promtool_agrees(path: Path) -> None:
    command = ["promtool", "test", "rules", path.name]
    done = subprocess.run(command, cwd=TESTS, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@needs_promtool
def test_promtool_can_read_the_configuration() -> None:
    config = rules.HERE / "prometheus" / "prometheus.yml"
    done = subprocess.run(["promtool", "check", "config", str(config)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(shutil.which("amtool") is None, reason="amtool is missing: make monitoring-tools")
@pytest.mark.parametrize(("severity", "receiver"), [("critical", "on-call"), ("warning", "tickets")])
def test_alertmanager_sends_each_severity_to_its_receiver(severity: str, receiver: str) -> None:
    config = rules.HERE / "alertmanager" / "alertmanager.yml"
    command = ["amtool", "config", "routes", "test", f"--config.file={config}", f"severity={severity}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == receiver, done.stdout + done.stderr


def test_example_addresses_are_nobodys() -> None:
    for path in (ROOT / "monitoring").rglob("*.yml"):
        for host in re.findall(r"https?://([^/\s:]+)", path.read_text(encoding="utf-8")):
            assert host.endswith("example.org") or host in ("prometheus", "127.0.0.1"), f"{path}: {host}"
