"""The scripts with the drivers whose targets are elsewhere: dry runs, and the order of calls with stand-ins."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.world import ROOT

STEPS = ["preflight", "backup", "migrate", "start", "ready", "smoke", "switch", "verify", "drain", "keep"]
KUBECTL = r"""#!/usr/bin/env bash
shift 4  # --context … --namespace …
echo "kubectl $*" >> "$CALLS"
case "$*" in
    *annotations*current*) echo 1.0.0 ;;
    *annotations*previous*) echo 0.9.0 ;;
    *spec.selector*) echo blue ;;
    *deployment/inventory-blue*image*) echo registry.example/inventory-service:1.0.0 ;;
    *deployment/inventory-green*image*) echo registry.example/inventory-service:0.9.0 ;;
    port-forward*) exec "$PYTHON" -m http.server --bind 127.0.0.1 "$FORWARD_PORT" >/dev/null 2>&1 ;;
    "$FAIL"*) [[ -z $FAIL ]] || { echo "refused: $*" >&2; exit 1; } ;;
esac
"""
SSH = r"""#!/usr/bin/env bash
command="${*: -1}"
echo "ssh $command" >> "$CALLS"
case "$command" in
    *flock*) echo held; cat >/dev/null ;;
    *"cat current"*) echo 1.0.0 ;;
    *"cat previous"*) echo 0.9.0 ;;
    *"cat serving-slot"*) echo BLUE ;;
    *"sed -n"*TAG=1.0.0*) echo BLUE ;;
    *"cat > "*) cat >/dev/null ;;
    *psql*) [[ -z $FAIL ]] && cat ;;
esac
"""


def run(script: str, *words: str, tmp: Path, **extra: str) -> subprocess.CompletedProcess[str]:
    """Run a script with the settings of the checked-in examples."""
    example = ROOT / "deploy" / "environments" / f"{words[0]}.env.example"
    text = example.read_text().replace("variables/production_catalogue.json", str(tmp / "catalogue.json"))
    (tmp / f"{words[0]}.env").write_text(text)
    settings = {"DEPLOY_ENVIRONMENTS_DIR": str(tmp), "STATE_DIR": str(tmp / "state"), "PYTHON": sys.executable}
    return subprocess.run(
        [str(ROOT / "deploy" / f"{script}.sh"), *words],
        env=os.environ | settings | extra,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        stdin=subprocess.DEVNULL,
    )


def stand_in(tmp: Path, name: str, text: str) -> dict[str, str]:
    """Put a stand-in for a program on PATH; its calls go to the file CALLS."""
    folder = tmp / "bin"
    folder.mkdir()
    (folder / name).write_text(text)
    (folder / name).chmod(0o755)
    (tmp / "catalogue.json").write_text("{}")
    suite = tmp / "quick.robot"
    suite.write_text("*** Test Cases ***\nNothing\n    No Operation\n")
    return {
        "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
        "CALLS": str(tmp / "calls"),
        "SMOKE_SUITE": str(suite),
        "BACKUP_COMMAND": 'echo "backup before $1" >> "$CALLS"',
        "FORWARD_PORT": "18997",
        "SETTLE_SECONDS": "0",
        "FAIL": "",
    }


def places(calls: str, *patterns: str) -> list[int]:
    """Where each pattern is first found among the calls, in their order."""
    found = [re.search(pattern, calls) for pattern in patterns]
    assert all(found), [pattern for pattern, match in zip(patterns, found, strict=True) if match is None]
    return [match.start() for match in found if match]


@pytest.mark.parametrize("environment", ["local", "staging", "production"])
def test_a_dry_run_prints_every_step_and_runs_nothing(environment: str, tmp_path: Path) -> None:
    # Nothing of these programs may be called.
    forbidden = '#!/bin/sh\ntouch "$(dirname "$0")/called"\n'
    (tmp_path / "bin").mkdir()
    for name in ("ssh", "kubectl", "docker"):
        (tmp_path / "bin" / name).write_text(forbidden)
        (tmp_path / "bin" / name).chmod(0o755)
    path = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
    extra = {"PATH": path, "BACKUP_COMMAND": "true", "LOCAL_ROUTER_PORT": "1"}
    done = run("deploy", environment, "1.2.0", "--dry-run", tmp=tmp_path, **extra)
    assert done.returncode == 0, done.stderr
    assert re.findall(r"step \d+/10 ([a-z]+):", done.stdout) == STEPS
    assert done.stdout.count("would run") >= len(STEPS) - 1
    assert "dry run: nothing was done" in done.stdout
    assert not (tmp_path / "bin" / "called").exists()
    assert not (tmp_path / "state" / "deploy.log").exists()


def test_a_dry_run_of_a_rollback_prints_every_step(tmp_path: Path) -> None:
    done = run("rollback", "local", "--dry-run", tmp=tmp_path)
    assert done.returncode == 0, done.stderr
    assert re.findall(r"step \d+/8 ([a-z]+):", done.stdout) == [step for step in STEPS if step not in STEPS[1:3]]


def test_kubernetes_is_called_in_order(tmp_path: Path) -> None:
    extra = stand_in(tmp_path, "kubectl", KUBECTL)
    done = run("deploy", "production", "1.1.0", tmp=tmp_path, **extra)
    log = tmp_path / "state" / "deploy.log"
    assert done.returncode == 0, done.stderr + (log.read_text() if log.exists() else "")
    found = places(
        (tmp_path / "calls").read_text(),
        "create configmap deploy-lock",
        "auth can-i",
        "backup before 1.1.0",
        "wait --for=condition=complete .*job/migrate-1-1-0",
        "set image deployment/inventory-green inventory=.*:1.1.0",
        "rollout status deployment/inventory-green",
        "port-forward .*service/inventory-slot-green",
        "patch service inventory-service .*green",
        "port-forward .*service/inventory-service ",
        "annotate service .*current=1.1.0 .*previous=1.0.0",
        "delete configmap deploy-lock",
    )
    assert found == sorted(found)


def test_kubernetes_new_version_that_is_not_ready_is_scaled_away(tmp_path: Path) -> None:
    extra = stand_in(tmp_path, "kubectl", KUBECTL) | {"FAIL": "rollout status"}
    done = run("deploy", "production", "1.1.0", tmp=tmp_path, **extra)
    assert done.returncode == 8
    calls = (tmp_path / "calls").read_text()
    assert "kubectl patch service" not in calls
    assert "scale deployment/inventory-green --replicas=0" in calls
    assert "delete configmap deploy-lock" in calls


def test_kubernetes_lock_of_another_pipeline_is_told(tmp_path: Path) -> None:
    extra = stand_in(tmp_path, "kubectl", KUBECTL) | {"FAIL": "create configmap"}
    done = run("deploy", "production", "1.1.0", tmp=tmp_path, **extra)
    assert done.returncode == 3
    assert "another deployment holds configmap/deploy-lock" in done.stderr
    assert "set image" not in (tmp_path / "calls").read_text()


def test_a_docker_host_is_called_in_order(tmp_path: Path) -> None:
    extra = stand_in(tmp_path, "ssh", SSH)
    done = run("deploy", "staging", "1.1.0", tmp=tmp_path, **extra)
    log = tmp_path / "state" / "deploy.log"
    assert done.returncode == 0, done.stderr + (log.read_text() if log.exists() else "")
    found = places(
        (tmp_path / "calls").read_text(),
        "flock -n deploy.lock",
        "docker compose version",
        "docker pull .*inventory-service:1.1.0",
        "pg_dump --format=custom",
        "pg_restore --list",
        "MIGRATIONS_TAG='1.1.0' docker compose .* run --rm migrate",
        "GREEN_TAG=1.1.0.* >> slots.env",
        "up -d --no-deps inventory-green",
        "http://127.0.0.1:28080/health/ready",
        "exec -T postgres psql",
        "server inventory-green:8080",
        "nginx -s reload",
        "shutting down",
        "echo '1.1.0' > current && echo '1.0.0' > previous",
    )
    assert found == sorted(found)


def test_a_docker_host_is_rolled_back_to_the_noted_version(tmp_path: Path) -> None:
    extra = stand_in(tmp_path, "ssh", SSH)
    done = run("rollback", "staging", tmp=tmp_path, **extra)
    assert done.returncode == 0, done.stderr
    assert "0.9.0 is serving staging again" in done.stdout
    assert "echo '0.9.0' > current && echo '' > previous" in (tmp_path / "calls").read_text()


def test_a_deployment_without_a_catalogue_ends_before_it_begins(tmp_path: Path) -> None:
    extra = stand_in(tmp_path, "kubectl", KUBECTL)
    (tmp_path / "catalogue.json").unlink()
    done = run("deploy", "production", "1.1.0", tmp=tmp_path, **extra)
    assert done.returncode == 4
    told = [line for line in done.stderr.splitlines() if "catalogue" in line]
    assert len(told) == 1
    assert "catalogue.json', which is not there or empty: docs/deployment/README.md says how to make it" in told[0]
    assert "backup" not in (tmp_path / "calls").read_text()


def test_a_smoke_suite_without_a_catalogue_is_red(tmp_path: Path) -> None:
    extra = stand_in(tmp_path, "kubectl", KUBECTL) | {"PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    (tmp_path / "state").mkdir()
    assert run("smoke", "production", tmp=tmp_path, **extra).returncode == 0
    (tmp_path / "catalogue.json").unlink()
    done = run("smoke", "production", tmp=tmp_path, **extra)
    assert done.returncode == 9
    assert "which is not there or empty" in done.stderr


def test_a_docker_host_whose_database_tells_no_catalogue_is_red(tmp_path: Path) -> None:
    extra = stand_in(tmp_path, "ssh", SSH) | {"FAIL": "psql"}
    done = run("deploy", "staging", "1.1.0", tmp=tmp_path, **extra)
    assert done.returncode == 9
    assert "nginx -s reload" not in (tmp_path / "calls").read_text()
    assert (tmp_path / "state" / "catalogue.json").read_text() == ""
