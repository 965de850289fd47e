"""Extra instances, owners and ports."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import requests

from stack import binaries, client, places, ports, template
from stack.components import status_of
from stack.errors import StackError
from stack.places import Places, try_lock
from stack.postgres import connect
from stack.processes import children_of, command_line, is_alive, is_pabot, key_of, owner_of_run, wait_until
from stack.state import DATABASE, State
from tests.stack.stack_helpers import extra_inventory, is_gone


@pytest.fixture(scope="module")
def stack_up(stack_home: Path) -> Iterator[State]:
    with pytest.MonkeyPatch.context() as patch:
        here = str(Path(__file__).parent)
        patch.setenv("SHARD_STACK_HOME", str(stack_home))
        patch.setenv("SHARD_SERVICE_MODULE_PREFIX", "stub_services")
        patch.setenv("PYTHONPATH", here)
        state = client.attach_or_start(env={"STUB_ANSWER": "stack"})
        yield state
        client.stop(state)


def test_extra_instance_lives_for_a_block(stack_up: State) -> None:
    with extra_inventory(stack_up, {"REDIS_PORT": "1"}) as extra:
        assert status_of(extra.health_url) == 200
        settings = requests.get(extra.health_url, timeout=5).json()
        assert settings["REDIS_PORT"] == "1"
        assert settings["STUB_ANSWER"] == "stack"
        assert settings["DB_PORT"] == str(stack_up.postgres.port)
        assert os.getsid(extra.pid) == extra.pid
    assert is_gone([extra.pid])


def test_extra_instance_that_dies_is_reported(stack_up: State) -> None:
    with pytest.raises(StackError) as raised:
        client.spawn_extra_inventory(stack_up, {"STUB_BROKEN": "inventory"})
    assert raised.value.message.endswith("(inventory-service) ended with exit code 1; the end of its log:")
    assert "setting STUB_BROKEN is bad" in raised.value.details


def test_extra_instances_end_with_who_has_started_them(stack_up: State) -> None:
    code = (
        "import sys, time; from stack import client, places\n"
        f"state = client.running(places.places(), {Path(stack_up.run_dir).name!r})\n"
        "print(client.spawn_extra_inventory(state, {}).info.pid, flush=True); time.sleep(60)"
    )
    starter = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=places.REPO_ROOT)
    assert starter.stdout is not None
    pid = int(starter.stdout.readline())
    (server,) = children_of(starter.pid)[:1]
    starter.kill()
    starter.communicate()
    assert is_gone([server, pid])


def test_extra_instances_start_also_when_the_fork_server_is_gone(stack_up: State) -> None:
    with extra_inventory(stack_up, {}) as first:
        (server,) = [pid for pid in children_of(os.getpid()) if first.pid in children_of(pid)]
        os.kill(server, signal.SIGKILL)
        assert is_gone([server, first.pid])
        with extra_inventory(stack_up, {}) as second:
            assert status_of(second.health_url) == 200


def test_acknowledged_rows_survive_a_killed_database_process(stack_up: State) -> None:
    def ask(statement: str) -> list[tuple[int, ...]]:
        session = connect(stack_up.postgres.port, stack_up.load_secrets().db_password, DATABASE)
        with contextlib.closing(session), session.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def answers() -> bool:
        try:
            return ask("SELECT count(*) FROM kept") == [(1,)]
        except psycopg2.Error:
            return False

    ask("CREATE TABLE kept (number int)")
    session = connect(stack_up.postgres.port, stack_up.load_secrets().db_password, DATABASE)
    with contextlib.closing(session), session.cursor() as cursor:
        cursor.execute("INSERT INTO kept VALUES (1)")
        os.kill(session.info.backend_pid, signal.SIGKILL)
        with pytest.raises(psycopg2.Error):
            cursor.execute("SELECT pg_sleep(5)")
    assert wait_until(answers, 10)
    assert stack_up.refreshed().dead == ()


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        ("/x/pabot --processes 2", True),
        ("python3 /x/pabot suites", True),
        ("python -m pabot.pabot", True),
        ("/x/python3.11 -u -m pabot", True),
        ("python -m robot pabot", False),
        ("python /x/robot /x/pabot", False),
        ("python -c pabot", False),
        ("python", False),
        ("make pabot", False),
        ("", False),
    ],
)
def test_command_line_of_pabot_is_recognized(line: str, counts: bool) -> None:
    assert is_pabot(line.split()) == counts


def test_owner_of_a_run_without_pabot_is_the_process_itself() -> None:
    assert owner_of_run() == client.run_key() == key_of(os.getpid())
    assert command_line(2**22 + 1) == []


def test_identity_of_a_process_is_not_only_its_id() -> None:
    own = key_of(os.getpid())
    assert is_alive(own)
    assert not is_alive(own._replace(start_time=own.start_time + 1))
    with pytest.raises(StackError, match="there is no process"):
        key_of(2**22 + 1)


def test_ports_are_free_distinct_and_outside_the_ephemeral_range() -> None:
    chosen = ports.Ports()
    taken = [chosen.take("auth") for _ in range(50)]
    low, high = (int(word) for word in Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split())
    assert len(set(taken)) == 50
    assert not [port for port in taken if low <= port <= high]


def test_a_port_is_handed_out_once_to_all_processes_of_a_user(monkeypatch: pytest.MonkeyPatch) -> None:
    port = ports.Ports().take("auth")
    monkeypatch.setattr(ports, "_candidates", lambda: [range(port, port + 1)])
    with pytest.raises(StackError, match="no free port found"):
        ports.Ports().take("auth")
    code = (
        f"from stack import ports; ports._candidates = lambda: [range({port}, {port + 1})]; ports.Ports().take('auth')"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "no free port found" in other.stderr


def test_ports_without_room_outside_the_ephemeral_range(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ("1024 65535", "nonsense"):
        (tmp_path / "range").write_text(text)
        monkeypatch.setattr(ports, "_RANGE_FILE", tmp_path / "range")
        assert ports.Ports().take("auth") > 1024
    monkeypatch.setattr(ports, "is_free", lambda _port: False)
    with pytest.raises(StackError, match="no free port found for auth"):
        ports.Ports().take("auth")


def test_data_is_in_memory_only_where_there_is_plenty(where: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    on_disk = where.home / "data" / "name"
    usage = shutil.disk_usage("/")
    for free, in_memory in [(2**40, os.access(places._MEMORY, os.W_OK)), (2**20, False)]:
        with monkeypatch.context() as patch:
            patch.setattr(shutil, "disk_usage", lambda _path, free=free: usage._replace(free=free))
            assert (where.data_dir("name") != on_disk) == in_memory
    monkeypatch.setattr(places, "_MEMORY", Path("/nonexistent"))
    assert where.data_dir("name") == on_disk


def test_template_that_lost_files_is_made_again(where: Places) -> None:
    programs = binaries.postgres_programs(where)
    template.copy_data(where, programs, where.data_dir("first"))
    prepared = where.home / "templates" / template.template_key()
    (prepared / "data" / "PG_VERSION").unlink()
    template.copy_data(where, programs, where.data_dir("second"))
    assert (where.data_dir("second") / "PG_VERSION").exists()
    where.remove("first")
    where.remove("second")


def test_a_template_stays_while_a_copy_of_it_runs(tmp_path: Path) -> None:
    for age in range(5):
        (prepared := tmp_path / f"prepared{age}").mkdir()
        (prepared / "files").write_text("0")
        os.utime(prepared / "files", (1000 - age, 1000 - age))
    template._hold(prepared)
    template._prune(tmp_path / "prepared0")
    assert sorted(path.name for path in tmp_path.glob("*/")) == ["prepared0", "prepared1", "prepared2", "prepared4"]
    os.close(template._used.pop(prepared))
    template._prune(tmp_path / "prepared0")
    assert not prepared.exists()
    assert list(tmp_path.glob("*.used")) == []


def test_lock_is_held_once_and_survives_removal_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    first = try_lock(path)
    assert first is not None
    assert try_lock(path) is None
    path.unlink()
    second = try_lock(path)
    assert second is not None
    os.close(first)
    os.close(second)


def test_only_the_last_used_templates_are_kept(where: Places) -> None:
    folder = where.home / "templates"
    for age in range(5):
        old = folder / f"old{age}"
        old.mkdir()
        (old / "files").write_text("0")
        os.utime(old / "files", (1000 - age, 1000 - age))
    (folder / "old9.build").mkdir()
    fresh = folder / "fresh"
    fresh.mkdir()
    (fresh / "files").write_text("0")
    template._prune(fresh)
    assert not (folder / "old9.build").exists()
    assert not (folder / "old4").exists()
    assert fresh.exists()
