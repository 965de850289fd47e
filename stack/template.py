"""The prepared data directory: initdb and migrations once a version, then a copy for each stack."""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import shutil
from pathlib import Path

from . import binaries, components, postgres
from .errors import StackError
from .places import REPO_ROOT, Places, check_room, exclusive, postgres_user, try_lock
from .ports import Ports
from .processes import log_tail, stop_all, wait_until
from .state import DATABASE, ROLES

_KEPT = 3
# Held until this process ends. What a stack was copied from stays as long as it runs: one that is started beside it
# later has to have the same catalogue, and the migrations give new ids each time.
_used: dict[Path, int] = {}
# Each database is 300 files to copy for each stack: template1 becomes the only spare one.
_ONE_DATABASE = (
    "UPDATE pg_database SET datistemplate = false WHERE datname = 'template0'",
    "DROP DATABASE template0",
    "DROP DATABASE postgres",
)
# They log in with a password that each stack makes anew; the migrations say what they may.
_LOGINS = tuple(f"CREATE ROLE {role} LOGIN" for role in ROLES.values())
_START_SECONDS = 30.0


def template_key() -> str:
    """Name of the prepared data: changes with PostgreSQL, its settings and the migrations."""
    digest = hashlib.sha256(
        f"{_ONE_DATABASE}|{_LOGINS}|{binaries.postgres_version()}|{postgres.SETTINGS}|{postgres.LATER_SETTINGS}|{postgres.ACCESS}".encode()
    )
    for path in components.migration_files():
        digest.update(f"|{path.name}|".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def copy_data(where: Places, programs: Path, target: Path) -> str:
    """Put a migrated data directory at ``target`` and return the superuser's password in it.

    Builds the template first where there is none; of several starters one does. Raises StackError
    when a step of that fails or the disk is too full, OSError when copying fails.
    """
    check_room(where.home)
    template = where.home / "templates" / template_key()
    with exclusive(_lock_file(template)):
        if not (template / "files").is_file():
            _build(template, programs)
            _prune(template)
        for _ in range(2):
            copied = _copy(template / "data", target)
            if copied == int((template / "files").read_text()):
                break
            # A cleaner of temporary folders was here.
            shutil.rmtree(target)
            _build(template, programs)
        os.utime(template / "files")
        _hold(template)
        return (template / "password").read_text()


def _hold(template: Path) -> None:
    if template not in _used:
        _used[template] = os.open(_use_file(template), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(_used[template], fcntl.LOCK_SH)


def _use_file(template: Path) -> Path:
    return template.with_name(f"{template.name}.used")


def _lock_file(template: Path) -> Path:
    return template.with_name(f"{template.name}.lock")


def _build(template: Path, programs: Path) -> None:
    shutil.rmtree(template, ignore_errors=True)
    building = template.with_name(f"{template.name}.build")
    shutil.rmtree(building, ignore_errors=True)
    data = building / "data"
    data.mkdir(parents=True)
    building.chmod(0o711)
    postgres.hand_over(data, postgres_user())
    try:
        password = secrets.token_urlsafe(24)
        postgres.init_data(programs, data, password, building / "initdb.log")
        _migrate(programs, data, password, building)
        (building / "password").write_text(password)
        (building / "password").chmod(0o600)
        (building / "files").write_text(str(sum(len(files) for _, _, files in os.walk(data))))
        building.rename(template)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _migrate(programs: Path, data: Path, password: str, building: Path) -> None:
    port = Ports().take("postgres")
    log = building / "postgres.log"
    server = postgres.start(programs, data, port, log)
    try:
        wait_until(lambda: postgres.accepts(port, password, "postgres") or server.poll() is not None, _START_SECONDS)
        reason = postgres.refusal(port, password, "postgres")
        if reason:
            raise StackError(f"PostgreSQL let nobody in to migrate it: {reason}; the end of its log:", log_tail(log))
        postgres.execute(port, password, f"CREATE DATABASE {DATABASE}", database="postgres")
        for statement in (*_ONE_DATABASE, *_LOGINS):
            postgres.execute(port, password, statement)
        env = components.base_env() | components.data_env(port, password, 1)
        migrations = components.command("migrations")
        postgres.run(migrations, cwd=REPO_ROOT, log=building / "migrations.log", env=env)
    finally:
        stop_all([(server, postgres.FAST_STOP)], grace_seconds=10.0)


def _copy(source: Path, target: Path) -> int:
    """Copy a data directory with its owner and return the number of files."""
    user = postgres_user()
    count = 0
    for folder, _, files in os.walk(source):
        into = target / Path(folder).relative_to(source)
        into.mkdir(mode=0o700, parents=True)
        if user:
            os.chown(into, user.pw_uid, user.pw_gid)
        for file in files:
            made = into / file
            shutil.copyfile(Path(folder, file), made)
            made.chmod(0o600)
            if user:
                os.chown(made, user.pw_uid, user.pw_gid)
        count += len(files)
    return count


def _prune(fresh: Path) -> None:
    """Remove all but the last used templates; one that is being copied, or whose copy runs, is left alone."""
    found = sorted(fresh.parent.glob("*/files"), key=lambda path: path.stat().st_mtime, reverse=True)
    kept = {fresh, *(path.parent for path in found[:_KEPT])}
    for template in {path.parent for path in found[_KEPT:]} - kept:
        lock = try_lock(_lock_file(template))
        if lock is not None:
            unused = try_lock(_use_file(template))
            if unused is not None:
                shutil.rmtree(template, ignore_errors=True)
                _use_file(template).unlink()
                os.close(unused)
            os.close(lock)
    for leftover in fresh.parent.glob("*.build"):
        lock = try_lock(leftover.with_suffix(".lock"))
        if lock is not None:
            shutil.rmtree(leftover, ignore_errors=True)
            os.close(lock)
