"""What the shell, the user and the machine bring along does not steer or stop the stack."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from stack import binaries, client, postgres
from stack.__main__ import main
from stack.errors import StackError
from stack.places import Places, hand_name, places
from stack.state import State
from tests.stack.conftest import HERE

PG_SETTINGS = {
    "PGSSLMODE": "verify-full",
    "PGHOSTADDR": "192.0.2.1",
    "PGSERVICE": "no_such_service",
    "PGOPTIONS": "-c default_transaction_read_only=on",
    "PGTARGETSESSIONATTRS": "standby",
}
NAMELESS = 1_234_567


@pytest.fixture
def fresh_home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home without prepared data."""
    home = Path(tempfile.mkdtemp(prefix="stack home ", dir="/var/tmp"))
    home.chmod(0o711)
    monkeypatch.setenv("SHARD_STACK_HOME", str(home))
    yield home
    shutil.rmtree(home)


def state_of(where: Places) -> State:
    state = client.running(where, hand_name())
    assert state is not None
    return state


def test_settings_of_postgresql_clients_do_not_steer_ours(fresh_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in PG_SETTINGS.items():
        monkeypatch.setenv(name, value)
    assert main(["up"]) == 0
    try:
        state = state_of(places())
        password = state.load_secrets().db_password
        # In this process they still are, and would break the connection.
        assert os.environ["PGSERVICE"] == "no_such_service"
        with postgres.connect(state.postgres.port, password) as session, session.cursor() as cursor:
            cursor.execute("SHOW default_transaction_read_only")
            assert cursor.fetchone() == ("off",)
        session.close()
    finally:
        assert main(["down"]) == 0


def test_processes_of_the_stack_are_those_of_this_checkout(
    where: Places, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for package in ("stack", "services", "faults"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text("raise SystemExit('somebody else')")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(HERE)]))
    monkeypatch.setenv("PYTHONSAFEPATH", "1")
    assert main(["up"]) == 0
    extra = client.spawn_extra_inventory(state_of(where), {})
    client.stop_extra(extra)
    assert main(["down"]) == 0


def test_a_server_that_refuses_says_why(where: Places) -> None:
    assert main(["up", "--instances", "1"]) == 0
    try:
        port = state_of(where).postgres.port
        assert "password authentication failed" in (postgres.refusal(port, "guess") or "")
        assert "\n" not in (postgres.refusal(port, "guess") or "")
    finally:
        assert main(["down"]) == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can start a program as another user")
def test_a_user_without_a_name_can_have_a_database(where: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = binaries.postgres_programs(where)
    monkeypatch.setattr(binaries, "postgres_user", lambda: None)
    monkeypatch.setattr(binaries, "_has_name", lambda _user: False)
    programs = binaries.postgres_programs(where)
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        os.chown(folder, NAMELESS, NAMELESS)

        def init(programs: Path, name: str) -> subprocess.CompletedProcess[str]:
            command = [str(programs / "initdb"), "-D", f"{folder}/{name}", "--username=postgres", "--no-sync"]
            return subprocess.run(
                command,
                cwd=folder,
                user=NAMELESS,
                group=NAMELESS,
                extra_groups=[],
                capture_output=True,
                text=True,
                check=False,
            )

        assert f"could not look up effective user ID {NAMELESS}" in init(plain, "plain").stderr
        done = init(programs, "taught")
        assert done.returncode == 0, done.stderr
        assert Path(folder, "taught", "PG_VERSION").exists()


def test_programs_are_copied_where_their_path_would_break_initdb(
    where: Places, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ours = binaries._package_folder(binaries._POSTGRES_WHEEL)
    assert ours is not None
    odd = tmp_path / 'odd "$HOME'
    odd.symlink_to(ours)
    # A link shows the path only: programs find what is theirs beside where they really are.
    monkeypatch.setattr(binaries, "_package_folder", lambda _name: odd)
    monkeypatch.setattr(binaries, "postgres_user", lambda: None)
    assert where.home in binaries.postgres_programs(where).parents


def test_a_home_that_would_break_initdb_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SHARD_STACK_HOME", str(tmp_path / "$HOME"))
    with pytest.raises(StackError, match="initdb cannot work in"):
        places()
    assert not (tmp_path / "$HOME").exists()


def test_programs_that_look_names_up_otherwise_are_refused(tmp_path: Path) -> None:
    (tmp_path / "initdb").write_bytes(b"\0getpwuid_r\0")
    with pytest.raises(StackError, match="has no name, which PostgreSQL wants: run as a user of /etc/passwd"):
        binaries._do_without_name(tmp_path / "initdb")
    assert binaries._has_name(os.geteuid())
    assert not binaries._has_name(NAMELESS)


def test_pg_settings_would_break_a_connection(where: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeps the tests above honest: each setting alone is enough where nobody takes it away."""
    assert main(["up", "--instances", "1"]) == 0
    try:
        state = state_of(where)
        told: dict[str, Any] = {
            "host": state.postgres.host,
            "port": state.postgres.port,
            "user": state.postgres.user,
            "dbname": state.postgres.dbname,
            "password": state.load_secrets().db_password,
        }
        for name, value in PG_SETTINGS.items():
            with monkeypatch.context() as context:
                context.setenv(name, value)
                if name == "PGHOSTADDR":
                    context.setenv("PGCONNECT_TIMEOUT", "2")
                with pytest.raises(psycopg2.Error), psycopg2.connect(**told) as session, session.cursor() as cursor:
                    cursor.execute("CREATE TABLE steered (x int)")
    finally:
        assert main(["down"]) == 0
