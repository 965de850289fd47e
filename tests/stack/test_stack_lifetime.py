"""Who ends what: a stack never outlives its run, its children never outlive it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from stack import client, supervisor
from stack.__main__ import main
from stack.errors import StackError
from stack.places import REPO_ROOT, Places, hand_name, try_lock
from stack.processes import key_of, wait_until
from stack.state import Spec, State, load_state, write_json
from tests.stack.stack_helpers import GONE_SECONDS, is_gone, leftovers, pids_of

ATTACH = """
import sys
from stack.client import attach_or_start, run_key
sys.stdout.write(f"{attach_or_start().run_dir} {run_key().pid} {run_key().start_time}\\n")
sys.stdout.flush()
sys.stdin.read()
"""
PABOT = """
import subprocess, sys
children = [subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdin=subprocess.PIPE) for _ in range(3)]
for child in children:
    child.wait()
"""


def start_user(*command: str) -> subprocess.Popen[str]:
    """A process that uses a stack until its input is closed or it is killed."""
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, *command], cwd=REPO_ROOT, stdin=pipe, stdout=pipe, text=True)


def read_line(child: subprocess.Popen[str]) -> tuple[State, tuple[int, int]]:
    assert child.stdout is not None
    run_dir, pid, start = child.stdout.readline().rsplit(maxsplit=2)
    return load_state(Path(run_dir) / "state.json"), (int(pid), int(start))


@pytest.fixture
def user() -> Iterator[subprocess.Popen[str]]:
    child = start_user("-c", ATTACH)
    yield child
    child.kill()
    child.communicate()


def test_killed_owner_takes_the_stack_along(user: subprocess.Popen[str], where: Places) -> None:
    state, key = read_line(user)
    assert key[0] == user.pid == state.owner_pid
    user.kill()
    assert is_gone(pids_of(state))
    assert wait_until(lambda: leftovers(where) == [], GONE_SECONDS)


def test_stack_ends_with_its_owner(user: subprocess.Popen[str], where: Places) -> None:
    state, _ = read_line(user)
    user.communicate("")
    assert user.returncode == 0
    assert is_gone(pids_of(state))
    assert wait_until(lambda: leftovers(where) == [], GONE_SECONDS)


def test_children_end_with_a_killed_supervisor_and_the_next_start_sweeps(
    user: subprocess.Popen[str], where: Places
) -> None:
    state, _ = read_line(user)
    os.kill(state.supervisor_pid, signal.SIGKILL)
    assert is_gone(pids_of(state))
    assert leftovers(where) != []
    where.sweep()
    assert leftovers(where) == []


def test_shared_memory_of_a_killed_database_is_given_back(user: subprocess.Popen[str], where: Places) -> None:
    state, _ = read_line(user)
    data = where.data_dir(Path(state.run_dir).name)
    identifier = (data / "postmaster.pid").read_text().splitlines()[6].split()[1]
    os.kill(state.postgres.pid, signal.SIGKILL)
    assert wait_until(lambda: bool(state.refreshed().dead), GONE_SECONDS)
    user.kill()
    assert is_gone(pids_of(state))
    segments = [line.split()[1] for line in Path("/proc/sysvipc/shm").read_text().splitlines()]
    assert identifier not in segments


def test_processes_of_one_pabot_run_share_one_stack(tmp_path: Path, where: Places) -> None:
    pabot = tmp_path / "pabot"
    pabot.write_text(PABOT)
    parent = start_user(str(pabot), ATTACH)
    try:
        lines = [read_line(parent) for _ in range(3)]
        assert {key for _, key in lines} == {tuple(key_of(parent.pid))}
        assert len({state.supervisor_pid for state, _ in lines}) == 1
        assert len(leftovers(where)) == 1
    finally:
        parent.kill()
        parent.communicate()
    assert is_gone(pids_of(lines[0][0]))


def test_two_runs_do_not_meet_and_prepare_the_data_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Path(f"{os.environ['SHARD_STACK_HOME']}-fresh")
    monkeypatch.setenv("SHARD_STACK_HOME", str(home))
    monkeypatch.setenv("STUB_MIGRATION_COUNT", str(tmp_path / "migrations"))
    users = [start_user("-c", ATTACH), start_user("-c", ATTACH)]
    try:
        states = [read_line(user)[0] for user in users]
        assert states[0].supervisor_pid != states[1].supervisor_pid
        assert states[0].postgres.port != states[1].postgres.port
        assert (tmp_path / "migrations").read_text() == "ran\n"
    finally:
        for user in users:
            user.kill()
            user.communicate()
    assert all(is_gone(pids_of(state)) for state in states)
    assert wait_until(lambda: leftovers() == [], GONE_SECONDS)
    shutil.rmtree(home)


def test_stack_by_hand_is_used_when_it_fits(where: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["up"]) == 0
    hand = client.running(where, hand_name())
    assert hand is not None
    try:
        assert client.attach_or_start() == hand
        monkeypatch.setenv("SHARD_STACK_STATE", f"{hand.run_dir}/state.json")
        assert client.attach_or_start(shape="split") == hand
        monkeypatch.delenv("SHARD_STACK_STATE")
        own = client.attach_or_start(instances=3, env={"STUB_ANSWER": "own"})
        assert own.supervisor_pid != hand.supervisor_pid
        assert client.attach_or_start(instances=3, env={"STUB_ANSWER": "own"}) == own
        with pytest.raises(StackError, match="has 3 inventory instances, 4 are wanted"):
            client.attach_or_start(instances=4, env={"STUB_ANSWER": "own"})
        client.stop(own)
        assert is_gone(pids_of(own))
        os.kill(hand.redis.pid, signal.SIGKILL)
        assert wait_until(lambda: bool(hand.refreshed().dead), GONE_SECONDS)
        with pytest.raises(StackError, match="redis of the running stack has died"):
            client.attach_or_start()
    finally:
        assert main(["down"]) == 0


def test_supervisor_in_this_process(where: Places) -> None:
    """The whole life of a stack in one process, ended by the end of its owner."""
    owner = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    spec = Spec("run-inside", key_of(os.getpid()), key_of(owner.pid), "split", 2)
    (where.run_dir(spec.name) / "logs").mkdir(parents=True)
    write_json(where.run_dir(spec.name) / "spec.json", spec)
    lock = try_lock(where.lock_file(spec.name))
    assert lock is not None
    seen: list[str] = []

    def end_owner() -> None:
        path = where.state_file(spec.name)
        if wait_until(path.exists, 20):
            seen.append(path.read_text())
            os.kill(load_state(path).auth.pid, signal.SIGKILL)
            wait_until(lambda: bool(load_state(path).dead), 5)
            seen.append(path.read_text())
        owner.communicate(b"\n")

    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    mask = os.umask(0o077)
    ender = threading.Thread(target=end_owner)
    try:
        ender.start()
        assert supervisor.supervise(spec.name, lock) == 0
    finally:
        ender.join()
        os.umask(mask)
        os.close(lock)
        for number, handler in handlers.items():
            signal.signal(number, handler)
    assert [len(json.loads(text)["dead"]) for text in seen] == [0, 1]
    assert leftovers(where) == []


def test_what_has_died_is_started_again_when_that_is_wished(where: Places) -> None:
    key = key_of(os.getpid())
    state = client.start_or_join(where, Spec("run-restart", key, key, mends=True))
    try:
        for name, pid in (("auth", state.auth.pid), ("inventory-1", state.inventory[0].pid)):
            os.kill(pid, signal.SIGKILL)

            def pid_now(name: str = name) -> int:
                now = state.refreshed()
                return now.auth.pid if name == "auth" else now.inventory[0].pid

            assert wait_until(lambda pid=pid: pid_now() != pid, GONE_SECONDS)  # type: ignore[misc]
            os.kill(pid_now(), 0)
        assert state.refreshed().dead == ()
    finally:
        client.stop(state)
    assert leftovers(where) == []
