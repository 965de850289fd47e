"""``python -m stack`` as a user types it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from stack import client
from stack.__main__ import main
from stack.components import status_of
from stack.places import REPO_ROOT, Places, hand_name
from stack.processes import wait_until
from stack.state import State
from tests.stack.stack_helpers import leftovers, pids_of, run_cli


@pytest.fixture
def up(where: Places, capsys: pytest.CaptureFixture[str]) -> Iterator[State]:
    assert main(["up"]) == 0
    state = client.running(where, hand_name())
    assert state is not None
    capsys.readouterr()
    yield state
    assert main(["down"]) == 0


def test_cycle_of_up_status_logs_down(where: Places) -> None:
    started = run_cli("up", "--shape", "split", "--instances", "2", "--env", "STUB_ANSWER=hi")
    assert (started.returncode, started.stderr) == (0, "")
    assert "the stack is up after" in started.stdout
    table = run_cli("status").stdout
    assert "inventory-2" in table
    assert "internal" in table
    state = json.loads(run_cli("status", "--json").stdout)
    assert (state["schema"], state["shape"], state["disposable"]) == (1, "split", True)
    one = state["inventory"][0]
    assert one["public_url"] != one["internal_url"]
    assert one["metrics_url"] == one["internal_url"] + "/metrics"
    assert status_of(one["public_url"] + "/x") == 200
    assert state["auth"]["internal_url"] != state["auth"]["url"]
    assert status_of(state["auth"]["internal_url"] + "/x") == 200
    assert "inventory is starting" in run_cli("logs", "inventory-1").stdout
    stopped = run_cli("down")
    assert (stopped.returncode, stopped.stdout) == (0, "the stack is down\n")
    assert run_cli("status").returncode == 3
    assert leftovers(where) == []


def test_state_gives_working_addresses_and_closed_secrets(up: State) -> None:
    assert up.auth.internal_url == up.auth.url
    secrets = up.load_secrets()
    session = psycopg2.connect(
        host=up.postgres.host,
        port=up.postgres.port,
        dbname=up.postgres.dbname,
        user=up.postgres.user,
        password=secrets.db_password,
    )
    with session.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM made")
        assert cursor.fetchone() == (0,)
    session.close()
    with socket.create_connection((up.redis.host, up.redis.port), timeout=2) as redis:
        redis.sendall(b"PING\r\n")
        assert redis.recv(16) == b"+PONG\r\n"
    assert Path(secrets.signing_key_file).read_text().startswith("-----BEGIN PRIVATE KEY-----")
    closed = [Path(up.secrets), Path(secrets.signing_key_file), Path(up.run_dir) / "state.json"]
    assert [path.stat().st_mode & 0o777 for path in closed] == [0o600] * 3
    assert Path(up.run_dir).stat().st_mode & 0o777 == 0o700


def test_secrets_are_not_on_command_lines_or_in_logs(up: State) -> None:
    secrets = up.load_secrets()
    hidden = [secrets.db_password, secrets.service_secret, secrets.telegram_bot_token]
    lines = "".join(Path(f"/proc/{pid}/cmdline").read_text() for pid in pids_of(up))
    logs = "".join(path.read_text() for path in (Path(up.run_dir) / "logs").iterdir())
    assert "-server" in lines
    assert "starting" in logs
    assert [secret for secret in hidden if secret in lines or secret in logs] == []


def test_password_is_asked_for(up: State) -> None:
    with pytest.raises(psycopg2.OperationalError, match="authentication failed"):
        psycopg2.connect(
            host=up.postgres.host,
            port=up.postgres.port,
            user="postgres",
            dbname="template1",
            password="guess",
        )


def test_up_twice_is_fine_with_the_same_options_only(up: State, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["up"]) == 0
    assert "already up" in capsys.readouterr().out
    assert main(["up", "--shape", "split"]) == 1
    assert capsys.readouterr().err == "a stack with other options is up already: run `python -m stack down` first\n"


def test_status_and_logs_in_process(up: State, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["supervisor_pid"] == up.supervisor_pid
    assert main(["logs"]) == 0
    assert "==> postgres <==" in capsys.readouterr().out
    assert main(["logs", "nonsense"]) == 1
    assert "there is no log of 'nonsense'; there are: auth," in capsys.readouterr().err


def test_another_checkout_has_a_stack_of_its_own(up: State, tmp_path: Path) -> None:
    other = tmp_path / 'other "$HOME checkout'
    shutil.copytree(REPO_ROOT / "stack", other / "stack", ignore=shutil.ignore_patterns("__pycache__"))
    assert run_cli("status", cwd=other).returncode == 3
    try:
        assert run_cli("up", cwd=other).returncode == 0
        state = json.loads(run_cli("status", "--json", cwd=other).stdout)
        assert state["supervisor_pid"] != up.supervisor_pid
    finally:
        assert run_cli("down", cwd=other).stdout == "the stack is down\n"
    assert up.refreshed() == up


def test_down_status_and_logs_without_a_stack(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["down"]) == 0
    assert capsys.readouterr().out == "no stack is up in this checkout\n"
    assert [main(["status"]), main(["logs"])] == [3, 3]
    assert capsys.readouterr().err.count("no stack is up in this checkout: python -m stack up\n") == 2


def test_reader_that_has_had_enough_is_no_failure() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "stack", "down"]
    done = subprocess.run(command, cwd=REPO_ROOT, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["up", "--instances", "0"], "'0' is not a number above 0"),
        (["up", "--env", "NAME"], "'NAME' is not KEY=VALUE"),
        (["up", "--ports", "web=80"], "'web=80' is not NAME=PORT"),
        (["up", "--ports", "auth=99999"], "'auth=99999' is not NAME=PORT"),
        (["up", "--ports", "auth=9000,redis=9000"], "'redis=9000' repeats a name or a port"),
    ],
)
def test_bad_arguments_are_named(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert message in capsys.readouterr().err


def test_interrupted_up_leaves_nothing_behind(where: Places) -> None:
    command = [sys.executable, "-m", "stack", "up", "--env", "STUB_HANGS=auth"]
    # Whatever runs the tests may ignore SIGINT (a shell's background job does), and children inherit that.
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        child = subprocess.Popen(command, cwd=REPO_ROOT, stderr=subprocess.PIPE, text=True)
    finally:
        signal.signal(signal.SIGINT, before)
    log = where.run_dir(hand_name()) / "logs" / "auth.log"
    assert wait_until(lambda: log.exists() and bool(log.read_text()), 20)
    child.send_signal(signal.SIGINT)
    _, error = child.communicate(timeout=20)
    assert (child.returncode, error) == (130, "interrupted: nothing was left running\n")
    assert leftovers(where) == []


def test_killed_up_leaves_nothing_behind(where: Places) -> None:
    command = [sys.executable, "-m", "stack", "up", "--env", "STUB_HANGS=auth"]
    child = subprocess.Popen(command, cwd=REPO_ROOT)
    log = where.run_dir(hand_name()) / "logs" / "auth.log"
    assert wait_until(lambda: log.exists() and bool(log.read_text()), 20)
    child.kill()
    child.wait()
    assert wait_until(lambda: leftovers(where) == [], 5)


def test_dead_component_is_recorded_and_shown(up: State, capsys: pytest.CaptureFixture[str]) -> None:
    os.kill(up.auth.pid, signal.SIGKILL)
    assert wait_until(lambda: bool(up.refreshed().dead), 5)
    dead = up.refreshed().dead[0]
    assert (dead.name, dead.exit_code) == ("auth", -signal.SIGKILL)
    assert "auth is starting" in dead.log_tail
    for command in (["status"], ["status", "--json"], ["up"]):
        assert main(command) == 1
        told = capsys.readouterr()
        assert told.err == "auth is dead: look at `python -m stack logs`, then run `python -m stack down`\n"
        assert ("exit_code" if "--json" in command else "dead, exit code -9") in told.out
    assert status_of(up.inventory[0].health_url) == 200


def test_an_unknown_fault_is_one_line_that_says_where_the_known_ones_are() -> None:
    failed = run_cli("up", "--fault", "typo")
    assert failed.returncode == 1
    assert "there is no fault 'typo': " in failed.stderr
    assert "`python -m faults list` names all" in failed.stderr
    assert "Traceback" not in failed.stderr
