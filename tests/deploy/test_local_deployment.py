"""The real deploy.sh and rollback.sh against the embedded stack, under load: order, lock, rollback, nothing lost."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stack import client
from stack.places import results_folder
from tests.deploy.world import ROOT, Load, World

DEPLOY_STEPS = ["preflight", "backup", "migrate", "start", "ready", "smoke", "switch", "verify", "drain", "keep"]
ROLLBACK_STEPS = ["preflight", "start", "ready", "smoke", "switch", "verify", "drain", "keep"]
# A fault of the process alone: one that changes SQL would change it for the old version too.
# Version, what its launcher does instead of starting the service as it should, exit code of deploy.sh, step that fails.
BAD_VERSIONS = [
    ("wont-start", '[ "$1" = inventory ] && { echo "error: setting X is missing" >&2; exit 2; }', 7, "start"),
    ("not-ready", '[ "$1" = inventory ] && export REDIS_PORT=1', 8, "ready"),
    ("smoke-red", '[ "$1" = inventory ] && exec "$PYTHON" -m faults run internal_open inventory', 9, "smoke"),
]
_rows: list[dict[str, Any]] = []


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An environment in which version 1.0.0 serves."""
    made = World(client.attach_or_start(), tmp_path_factory.mktemp("deploy"))
    for version in ("1.0.0", "1.1.0", "1.2.0"):
        made.add_version(version)
    for version, body, _, _ in BAD_VERSIONS:
        made.add_version(version, body)
    try:
        yield made
    finally:
        made.down()
        folder = results_folder()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "deploy.json").write_text(json.dumps(_rows, indent=1) + "\n")


@pytest.fixture
def first(world: World) -> World:
    """The environment, once something serves in it."""
    if not _has_log(world) or "is serving" not in world.log:
        done = world.script("deploy", "local", "1.0.0")
        assert done.returncode == 0, done.stdout + done.stderr
    return world


@pytest.fixture
def quick_smoke(tmp_path: Path) -> dict[str, str]:
    """For tests of other things than the smoke suite: one that takes no time."""
    suite = tmp_path / "quick.robot"
    suite.write_text("*** Test Cases ***\nNothing\n    No Operation\n")
    return {"SMOKE_SUITE": str(suite)}


def _has_log(world: World) -> bool:
    return (world.folder / "state" / "deploy.log").exists()


def steps_in(text: str) -> list[str]:
    """The names of the steps that were begun, in their order."""
    return re.findall(r"step \d+/\d+ ([a-z]+):", text)


def record(case: str, done: subprocess.CompletedProcess[str], world: World, load: Load | None = None) -> None:
    """Add a row to the table of outcomes."""
    row: dict[str, Any] = {"case": case, "exit_code": done.returncode, "serving": world.serving()}
    if load is not None:
        row |= {"requests": load.requests, "failed": load.failed, "outcomes": dict(load.outcomes)}
        row |= {"acknowledged_writes": len(load.acknowledged), "lost": len(load.lost())}
    _rows.append(row)


def test_a_first_deployment_runs_all_steps_in_order(world: World) -> None:
    done = world.script("deploy", "local", "1.0.0")
    assert done.returncode == 0, done.stdout + done.stderr
    assert steps_in(done.stdout) == DEPLOY_STEPS
    assert world.serving() == "1.0.0"
    assert re.search(r"^\d{4}-\d\d-\d\dT[\d:.]+Z local 1\.0\.0 step 1/10 preflight", world.log, re.MULTILINE)
    record("first deployment", done, world)


def test_the_dump_of_the_backup_can_be_read(first: World) -> None:
    dumps = sorted((first.folder / "state" / "backups").glob("*-before-*.dump"))
    assert dumps
    assert dumps[0].read_bytes().startswith(b"PGDMP")
    assert dumps[0].stat().st_mode & 0o077 == 0


def test_the_same_version_again_does_nothing(first: World) -> None:
    serving = first.serving()
    done = first.script("deploy", "local", serving)
    assert done.returncode == 0
    assert "already serving" in done.stdout
    assert steps_in(done.stdout) == []
    record("same version again", done, first)


def test_a_good_version_is_switched_to_without_a_failed_request(first: World) -> None:
    with first.load() as load:
        done = first.script("deploy", "local", "1.1.0")
    assert done.returncode == 0, done.stdout + done.stderr
    record("new version good", done, first, load)
    assert first.serving() == "1.1.0"
    assert load.failed == 0, load.outcomes
    assert len(load.acknowledged) > 20
    assert load.lost() == []


@pytest.mark.parametrize(("version", "body", "code", "step"), BAD_VERSIONS, ids=[bad[0] for bad in BAD_VERSIONS])
def test_a_bad_version_leaves_the_old_one_serving(first: World, version: str, body: str, code: int, step: str) -> None:
    before = first.serving()
    with first.load() as load:
        done = first.script("deploy", "local", version)
    record(f"new version bad: {version}", done, first, load)
    assert done.returncode == code, done.stdout + done.stderr
    assert steps_in(done.stdout)[-1] == step
    assert "error: step " in done.stderr
    assert first.serving() == before
    assert load.failed == 0, load.outcomes
    assert load.lost() == []
    assert not (first.folder / "state" / "versions" / f"{version}.json").exists()


def test_red_after_the_switch_goes_back_by_itself(first: World, tmp_path: Path) -> None:
    before = first.serving()
    suite = tmp_path / "only_public.robot"
    suite.write_text(
        "*** Test Cases ***\nRefuse The Public Address\n    Should Not Contain    %{TARGET_NAME}    public\n"
    )
    with first.load() as load:
        done = first.script("deploy", "local", "1.2.0", extra={"SMOKE_SUITE": str(suite)})
    record("red after the switch", done, first, load)
    assert done.returncode == 11
    assert first.serving() == before
    assert load.failed == 0, load.outcomes
    assert load.lost() == []


def test_rollback_brings_the_version_before_back(first: World) -> None:
    if not first.previous():
        assert first.script("deploy", "local", "1.2.0").returncode == 0
    before, back_to = first.serving(), first.previous()
    with first.load() as load:
        done = first.script("rollback", "local")
    record("rollback", done, first, load)
    assert done.returncode == 0, done.stdout + done.stderr
    assert steps_in(done.stdout) == ROLLBACK_STEPS
    assert first.serving() == back_to != before
    assert load.failed == 0, load.outcomes
    again = first.script("rollback", "local")
    record("rollback with nothing to go back to", again, first)
    assert again.returncode == 12
    assert "no previous version" in again.stderr


def test_a_second_deployment_is_locked_out_and_told_by_whom(first: World, quick_smoke: dict[str, str]) -> None:
    gate, seen = first.folder / "gate", first.folder / "seen"
    first.add_version("slow", f'touch "{seen}"; while [ ! -e "{gate}" ]; do sleep 0.05; done')
    holder = subprocess.Popen(
        [str(ROOT / "deploy" / "deploy.sh"), "local", "slow"],
        env=first.environment | quick_smoke,
        stdout=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 20
    while not seen.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    try:
        done = first.script("deploy", "local", "1.2.0")
        record("a deployment while another runs", done, first)
        assert done.returncode == 3
        assert "another deployment holds the lock of local: deploy.sh slow, pid" in done.stderr
    finally:
        gate.touch()
        assert holder.wait(60) == 0
    assert first.serving() == "slow"


def test_a_killed_deployment_leaves_no_lock_and_the_next_one_sweeps(first: World, quick_smoke: dict[str, str]) -> None:
    before = first.serving()
    hang = first.folder / "hang"
    first.add_version("hangs", f'[ "$1" = inventory ] && {{ touch "{hang}"; sleep 60; }}')
    holder = subprocess.Popen(
        [str(ROOT / "deploy" / "deploy.sh"), "local", "hangs"],
        env=first.environment,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 20
    while not hang.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(holder.pid, signal.SIGKILL)
    holder.wait()
    assert first.serving() == before
    done = first.script("deploy", "local", "1.1.0" if before != "1.1.0" else "1.2.0", extra=quick_smoke)
    record("after a deployment was killed", done, first)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (first.folder / "state" / "versions" / "hangs.json").exists()


def test_secrets_are_in_no_log(first: World) -> None:
    secrets = first.state.load_secrets()
    for secret in (secrets.db_password, secrets.service_secret):
        holding = [
            str(path)
            for path in (first.folder / "state").rglob("*")
            if path.is_file()
            and path.suffix in (".log", ".xml", ".html", ".json")
            and secret in path.read_text("utf-8")
        ]
        assert holding == []


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ([], "usage: deploy.sh ENV VERSION"),
        (["local"], "usage: deploy.sh ENV VERSION"),
        (["local", "a b"], "is no version"),
        (["mars", "1.0.0"], "there is no"),
        (["local", "1.0.0", "--force"], "there is no option --force"),
    ],
)
def test_a_bad_call_is_one_line_and_exit_code_2(world: World, words: list[str], complaint: str) -> None:
    done = world.script("deploy", *words)
    assert done.returncode == 2
    assert complaint in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_version_that_is_not_there_fails_before_anything_is_done(first: World) -> None:
    done = first.script("deploy", "local", "9.9.9")
    assert done.returncode == 4
    assert "there is no version 9.9.9" in done.stderr
    assert steps_in(done.stdout) == ["preflight"]
