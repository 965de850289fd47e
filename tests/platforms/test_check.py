"""The check of a target before the first run, and what only a target with settings of its own can do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from robot import running
from robot.api import ExecutionResult

from libraries.target.settings import parse_target
from stack.client import attach_or_start, start_or_join, stop
from stack.places import places
from stack.processes import key_of
from stack.state import Spec, State
from tools.check.skips import skipped

ROOT = Path(__file__).parents[2]


def described(state: State) -> dict[str, object]:
    """Return the settings of the embedded stack as if it were somebody else's."""
    secrets, inventory = state.load_secrets(), state.inventory[0]
    return {
        "TARGET_NAME": "elsewhere", "TARGET_STACK": "none", "TARGET_PUBLIC_URLS": [inventory.public_url],
        "TARGET_INTERNAL_URLS": [inventory.internal_url], "TARGET_HEALTH_URLS": [inventory.health_url],
        "TARGET_ADMIN_URLS": [f"{inventory.internal_url}/admin/inventory"], "TARGET_AUTH_URL": state.auth.url,
        "TARGET_METRICS_URLS": [inventory.metrics_url], "TARGET_SERVICE_NAME": secrets.service_name,
        "TARGET_SERVICE_SECRET": secrets.service_secret, "TARGET_SIGNING_KEY_FILE": secrets.signing_key_file,
        "TARGET_DATABASE_HOST": state.postgres.host, "TARGET_DATABASE_PORT": state.postgres.port,
        "TARGET_DATABASE_PASSWORD": secrets.db_password, "TARGET_REDIS_HOST": state.redis.host,
        "TARGET_REDIS_PORT": state.redis.port, "TARGET_CAN_MAKE_ADMIN": True,
        "TARGET_LOG_FILES": [f"{state.run_dir}/logs/inventory-*.log", f"{state.run_dir}/logs/auth.log"],
    }  # fmt: skip


def run(*words: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("TARGET_")}
    command = [sys.executable, "-m", *words]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False)


def check(folder: Path, settings: dict[str, object]) -> subprocess.CompletedProcess[str]:
    file = folder / "target.py"
    file.write_text("".join(f"{name} = {value!r}\n" for name, value in settings.items()))
    done = run("libraries.target", "check", str(file))
    assert "Traceback" not in done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def state() -> State:
    return attach_or_start()


def test_a_target_without_mistakes(state: State, tmp_path: Path) -> None:
    done = check(tmp_path, described(state))
    assert (done.returncode, done.stderr) == (0, "")
    assert "No mistake was found." in done.stdout
    for words in (
        "a new user is logged in", "a service is let in", "the signing key belongs to it", "22 items",
        "auth, inventory", "its tables are there, the new user is in them", "services of its own (needs",
    ):  # fmt: skip
        assert words in done.stdout
    assert len(done.stdout.splitlines()) < 50
    for name in ("TARGET_DATABASE_PASSWORD", "TARGET_SERVICE_SECRET"):
        assert str(described(state)[name]) not in done.stdout


def test_all_mistakes_are_told_each_in_one_line_with_its_setting(state: State, tmp_path: Path) -> None:
    wrong = {
        "TARGET_PUBLIC_URL": "http://127.0.0.1:1", "TARGET_READ_BUDGET_MS": "fast",
        "TARGET_METRICS_URLS": ["http://127.0.0.1:9/metrics"], "TARGET_SERVICE_SECRET": "not-the-secret-of-anybody",
        "TARGET_DATABASE_PASSWORD": "not-the-password-of-anybody", "TARGET_LOG_FILES": [f"{tmp_path}/*.log"],
    }  # fmt: skip
    done = check(tmp_path, described(state) | wrong)
    assert done.returncode == 1
    told = done.stdout.partition("6 mistakes:\n")[2].partition("\n\n")[0].splitlines()
    assert len(told) == 6
    named = (
        "TARGET_PUBLIC_URL ",
        "READ_BUDGET_MS",
        "METRICS_URLS",
        "SERVICE_NAME",
        "DATABASE_HOST",
        "TARGET_LOG_FILES",
    )
    assert all(name in line for name, line in zip(named, told, strict=False) if name != "DATABASE_HOST")
    for name in named:
        assert any(name in line for line in told), name
    assert "of-anybody" not in done.stdout


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("TARGET_NAME = 'x\n", "cannot be read in line 1: SyntaxError"),
        ("raise SystemError('s')", "cannot be read: SystemError: s"),
        ("TARGET_NAME = 'x'", "setting TARGET_PUBLIC_URLS is missing"),
    ],
)
def test_a_file_that_says_too_little(text: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / "target.py"
    file.write_text(text)
    done = run("libraries.target", "check", str(file))
    assert (done.returncode, done.stderr) == (1, "")
    assert words in done.stdout


def test_the_skips_are_those_of_a_run(state: State, tmp_path: Path) -> None:
    settings = described(state)
    for name in ("TARGET_DATABASE_HOST", "TARGET_SIGNING_KEY_FILE", "TARGET_LOG_FILES"):
        del settings[name]
    count, reasons = skipped(parse_target(settings))
    assert count == running.TestSuite.from_file_system(ROOT / "suites").test_count
    file = tmp_path / "target.py"
    file.write_text("".join(f"{name} = {value!r}\n" for name, value in settings.items()))
    run("robot", "-V", str(file), "--outputdir", str(tmp_path), "--console", "none", "suites/auth", "suites/operations")
    for test in ExecutionResult(tmp_path / "output.xml").suite.all_tests:
        if test.status == "SKIP" and "iterations" not in test.message:
            reason = test.message.splitlines()[-1].partition(";")[0]
            assert reason in reasons, test.longname


def test_outages_of_a_target_are_proven_by_its_own_commands(tmp_path: Path) -> None:
    # A stack of its own: others of this process may share one with a single instance.
    owner = key_of(os.getpid())
    state = start_or_join(places(), Spec(f"run-outages-{os.getpid()}", owner, owner, instances=2))
    try:
        _prove_outages(state, tmp_path)
    finally:
        stop(state)


def _prove_outages(state: State, tmp_path: Path) -> None:
    last = state.inventory[-1]
    settings = described(state) | {
        "TARGET_PUBLIC_URLS": [one.public_url for one in state.inventory],
        "TARGET_INTERNAL_URLS": [one.internal_url for one in state.inventory],
        "TARGET_HEALTH_URLS": [one.health_url for one in state.inventory],
        "TARGET_ADMIN_URLS": [f"{one.internal_url}/admin/inventory" for one in state.inventory],
        "TARGET_METRICS_URLS": [one.metrics_url for one in state.inventory], "TARGET_AUTH_INTERNAL_URL": state.auth.url,
        "TARGET_STOP_REDIS": f"kill -STOP {state.redis.pid}", "TARGET_START_REDIS": f"kill -CONT {state.redis.pid}",
        "TARGET_STOP_INSTANCE": f"kill -STOP {last.pid}", "TARGET_START_INSTANCE": f"kill -CONT {last.pid}",
    }  # fmt: skip
    file = tmp_path / "target.py"
    file.write_text("".join(f"{name} = {value!r}\n" for name, value in settings.items()))
    done = run("robot", "-V", str(file), "--outputdir", str(tmp_path), "suites/operations/outages.robot")
    tests = list(ExecutionResult(tmp_path / "output.xml").suite.all_tests)
    # PostgreSQL and the auth service have no command here.
    skipped = [test.name for test in tests if test.status == "SKIP"]
    assert [test.name for test in tests if test.status == "FAIL"] == [], done.stdout + done.stderr
    assert len(tests) == 23, skipped
    # Nor is the instance ended by its commands.
    assert all("PostgreSQL" in name or "Auth Service" in name or "Was Started" in name for name in skipped), skipped
    assert len(skipped) == 13, skipped
    _prove_troubles(file, tmp_path)


def _prove_troubles(file: Path, folder: Path) -> None:
    """Balances stay serial while commands of the target take a part away; trouble that needs more is skipped."""
    file.write_text(file.read_text() + "TARGET_DISPOSABLE = True\n")
    chosen = ("Redis Is Away", "An Instance Is Away", "The Auth Service Is Away", "Redis Is Killed", "Midnight Passes")
    tests = [word for name in chosen for word in ("--test", f"Balances Stay Serial While {name}")]
    options = ("--outputdir", str(folder), "--variable", "SECONDS:2", *tests)
    done = run("robot", "-V", str(file), *options, "resilience")
    tests_run = ExecutionResult(folder / "output.xml").suite.all_tests
    found = {test.name.rpartition("While ")[2]: test for test in tests_run}
    assert [found[name].status for name in chosen] == ["PASS", "PASS", "SKIP", "SKIP", "SKIP"], (
        done.stdout + done.stderr
    )
    assert "TARGET_STOP_AUTH and TARGET_START_AUTH" in found["The Auth Service Is Away"].message
    assert "SHARD_STACK_MENDS=1" in found["Midnight Passes"].message


def test_parts_are_taken_away_and_given_back_by_the_targets_own_commands(state: State, tmp_path: Path) -> None:
    log = f"cat {state.run_dir}/logs/auth.log"
    settings = described(state) | {
        "TARGET_STOP_REDIS": f"kill -STOP {state.redis.pid}", "TARGET_START_REDIS": f"kill -CONT {state.redis.pid}",
        "TARGET_LOG_FILES": [], "TARGET_LOG_COMMAND": log,
    }  # fmt: skip
    file = tmp_path / "target.py"
    file.write_text("".join(f"{name} = {value!r}\n" for name, value in settings.items()))
    suite = str(Path(__file__).with_name("outage.robot"))
    done = run("robot", "-V", str(file), "--outputdir", str(tmp_path), "--console", "quiet", suite)
    statuses = [test.status for test in ExecutionResult(tmp_path / "output.xml").suite.all_tests]
    assert statuses == ["PASS", "PASS", "SKIP", "PASS"], done.stdout + done.stderr
    assert "kill -" not in (tmp_path / "output.xml").read_text()
