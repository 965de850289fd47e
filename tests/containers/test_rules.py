"""tools/ops_rules.py: the checkout keeps the rules, and each rule finds what breaks it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
import yaml

from tests.deploy.world import ROOT
from tools import ops_check, ops_rules

Rule = Callable[[Path], Iterable[str]]
RULES: list[Rule] = [
    ops_rules.compose_rules, ops_rules.compose_settings, ops_rules.compose_paths, ops_rules.prometheus_targets,
    ops_rules.grafana_paths, ops_rules.suites_ports, ops_rules.dockerfiles, ops_rules.exposed_ports,
    ops_rules.image_pins, ops_rules.pipelines, ops_rules.jenkins, ops_rules.pushed_images, ops_rules.catalogue_files,
    ops_rules.deployment_guide,
]  # fmt: skip
COPIED = [
    "docker-compose.dev.yml", ".env.example", ".dockerignore", "docker", "services", "libraries", "resources",
    "variables", "suites", "stack", "load", "deploy", "docs", "monitoring", "requirements.txt", "Makefile",
    "Jenkinsfile", ".github", "tools", "tests",
]  # fmt: skip
COMPOSE = "docker-compose.dev.yml"
# What is changed where, and the rule that must complain, with words of the complaint.
BREAKS: list[tuple[str, str, str, Rule, str]] = [
    (COMPOSE, "postgres:17.5", "postgres:latest", ops_rules.compose_rules, "no exact tag"),
    (COMPOSE, '"127.0.0.1:5432:5432"', '"5432:5432"', ops_rules.compose_rules, "not bound to loopback"),
    (COMPOSE, "migrate: {condition: service_completed_successfully}", "migrate: {condition: service_started}",
     ops_rules.compose_rules, "waits for migrate"),
    (COMPOSE, "DB_PASSWORD: ${DB_PASSWORD:?copy .env.example to .env}", "DB_PASSWORD: password",
     ops_rules.compose_rules, "written down"),
    (COMPOSE, "REDIS_HOST: redis", "REDIS_HOSTNAME: redis", ops_rules.compose_settings, "REDIS_HOST is missing"),
    (COMPOSE, "127.0.0.1:8080:8080", "127.0.0.1:8080:8000", ops_rules.compose_settings, "its settings say"),
    (".env.example", "GRAFANA_ADMIN_PASSWORD", "GRAFANA_PASSWORD", ops_rules.compose_settings, "lacks GRAFANA"),
    (COMPOSE, "target: auth", "target: authentication", ops_rules.compose_paths, "no stage authentication"),
    (COMPOSE, "AUTH_SERVICE_URL: http://auth-service:8080", "AUTH_SERVICE_URL: http://auth:8080",
     ops_rules.compose_paths, "no service and port"),
    ("monitoring/prometheus/prometheus.yml", "inventory-service:9090", "inventory-service:9091",
     ops_rules.prometheus_targets, "9091"),
    (COMPOSE, ":/var/lib/grafana/dashboards:ro", ":/dashboards:ro", ops_rules.grafana_paths, "no mount of grafana"),
    ("variables/compose.py", "127.0.0.1:8081", "127.0.0.1:8082", ops_rules.suites_ports, "names port 8082"),
    ("docker/service.Dockerfile", "USER 10001:10001\nEXPOSE", "EXPOSE", ops_rules.dockerfiles, "runs as root"),
    (".dockerignore", "!services\n", "", ops_rules.dockerfiles, "keeps services"),
    ("docker/service.Dockerfile", "EXPOSE 8080 8090 9090", "EXPOSE 8080 9090", ops_rules.exposed_ports, "exposes"),
    ("docker/requirements-services.txt", "starlette==", "starlette==0.1.", ops_rules.image_pins, "run `make lock`"),
    ("Jenkinsfile", "make lint", "make lintt", ops_rules.pipelines, "no make target lintt"),
    ("Jenkinsfile", "make resilience", "make suites", ops_rules.pipelines, "asks for `make resilience`"),
    (".github/workflows/inventory-service.yml", "make resilience", "make suites", ops_rules.pipelines,
     "nothing asks for `make resilience`"),
    ("Jenkinsfile", "Lockable Resources and Timestamper", "Timestamper", ops_rules.jenkins, "Lockable Resources"),
    ("Jenkinsfile", "Lockable Resources and Timestamper", "Lockable Resources", ops_rules.jenkins, "Timestamper"),
    ("Jenkinsfile", "'output.xml,*/output.xml'", "'**/output.xml'", ops_rules.jenkins, "counts pabot's parts"),
    ("Jenkinsfile", "abortPrevious: env.CHANGE_ID != null", "abortPrevious: true", ops_rules.jenkins, "abortPrevious"),
    ("Jenkinsfile", "not { triggeredBy 'TimerTrigger' }\n            }\n            options { timeout(time: 1,",
     "}\n            options { timeout(time: 1,", ops_rules.jenkins, "Approve production also runs at night"),
    ("Jenkinsfile", "    agent none", "    agent { label 'linux' }", ops_rules.jenkins, "keeps an agent"),
    ("Jenkinsfile", "make monitoring-tools", "make unit", ops_rules.pipelines, "asks for `make monitoring-tools`"),
    ("deploy/ops.mk", '"$$REGISTRY_PASSWORD"', '"$$PASSWORD"', ops_rules.jenkins, "REGISTRY_PASSWORD is bound"),
    ("deploy/ops.mk", " tests:tests:tests", "", ops_rules.pushed_images, "both build tests:tests:tests"),
    (".github/workflows/nightly.yml", "make faults", "make suites", ops_rules.pipelines, "asks for `make faults`"),
    (".github/workflows/nightly.yml", "@de0fac2e4500dabe0009e67214ff5f5447ce83dd", "@v6",
     ops_rules.pipelines, "not pinned"),
    ("docs/deployment/README.md", "(default: 9090)", "(default: 9091)", ops_rules.deployment_guide, "defaults to 9090"),
    ("docs/deployment/README.md", "- `DB_HOST`", "- `DB_HOSTS`", ops_rules.deployment_guide, "no setting DB_HOSTS"),
    ("deploy/environments/staging.env.example", "CATALOGUE_FILE=\n", "CATALOGUE_FILE=variables/my_catalogue.json\n",
     ops_rules.catalogue_files, "how to make variables/my_catalogue.json"),
    ("docs/deployment/README.md", "| 13 |", "| 15 |", ops_rules.deployment_guide, "exit codes [13, 15]"),
]  # fmt: skip


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the checkout to break."""
    for name in COPIED:
        source, target = ROOT / name, tmp_path / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "*.pyc", "node_modules")
            shutil.copytree(source, target, ignore=ignored)
        else:
            shutil.copy(source, target)
    return tmp_path


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_checkout_keeps_the_rule(rule: Rule) -> None:
    assert list(rule(ROOT)) == []


def test_the_migrations_job_keeps_the_rules_of_manifests() -> None:
    job = yaml.safe_load((ROOT / "deploy/kubernetes/jobs/migrate.yaml").read_text("utf-8"))
    assert list(ops_rules.kubernetes([job])) == []


@pytest.mark.parametrize(("file", "old", "new", "rule", "words"), BREAKS, ids=[row[4] for row in BREAKS])
def test_the_rule_finds_what_breaks_it(copy: Path, file: str, old: str, new: str, rule: Rule, words: str) -> None:
    text = (copy / file).read_text("utf-8")
    assert old in text
    (copy / file).write_text(text.replace(old, new), "utf-8")
    assert any(words in problem for problem in rule(copy)), list(rule(copy))


def test_a_check_that_cannot_run_is_no_pass(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def absent(*names: str) -> str:
        raise ops_check.NotRun(f"{names[0]} is not installed")

    monkeypatch.setattr(ops_check, "program", absent)
    assert ops_check.main(["hadolint"]) == 0
    assert "not run: hadolint, because hadolint is not installed" in capsys.readouterr().out
    assert ops_check.main(["hadolint", "--strict"]) == 1


def test_a_check_that_is_not_there_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert ops_check.main(["nonsense"]) == 2
    assert capsys.readouterr().err.startswith("error: there is no check nonsense")
