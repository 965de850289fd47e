"""How PostgreSQL is set up, started and reached: one superuser, by password, over loopback only."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import psycopg2
from psycopg2.extensions import connection

from . import binaries
from .errors import StackError
from .places import postgres_user
from .ports import HOST
from .processes import PG, log_tail, spawn
from .state import DATABASE, USER

# Quick because the data is thrown away with the stack; still, what was acknowledged survives
# kill -9 of any of its processes: commits reach the kernel before they are answered.
SETTINGS = f"""
listen_addresses = '{HOST}'
unix_socket_directories = ''
shared_memory_type = mmap
dynamic_shared_memory_type = mmap
huge_pages = off
shared_buffers = 64MB
max_connections = 200
max_wal_size = 512MB
fsync = off
full_page_writes = off
synchronous_commit = on
jit = off
TimeZone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %q%u@%d %a '
password_encryption = scram-sha-256
"""
# Settings by the version that first knows them.
LATER_SETTINGS = {
    # Passwords here are long and random: stretching them would only slow each connection down.
    16: "scram_iterations = 1\n",
    # Three processes less to start: all data is in memory.
    18: "io_method = sync\n",
}
ACCESS = "host all all 127.0.0.1/32 scram-sha-256\n"
FAST_STOP, IMMEDIATE_STOP = signal.SIGINT, signal.SIGQUIT


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def init_data(programs: Path, data: Path, password: str, log: Path) -> None:
    """Make an empty data directory with our settings. Raises StackError with the end of the log."""
    password_file = data.with_name("initdb-password")
    password_file.write_text(password)
    hand_over(password_file, postgres_user())
    options = ["--auth=scram-sha-256", f"--pwfile={password_file}", f"--username={USER}", "--encoding=UTF8"]
    major = binaries.postgres_major()
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if major >= 17 else ["--locale=C"]
    speed = ["--no-sync", "--wal-segsize=4", "--no-instructions", *(["--no-data-checksums"] if major >= 18 else [])]
    command = [str(programs / "initdb"), "-D", str(data), *options, *locale, *speed]
    try:
        run(command, cwd=data, log=log, env=_environment(), user=postgres_user())
    finally:
        password_file.unlink()
    with (data / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write(SETTINGS + "".join(text for since, text in LATER_SETTINGS.items() if major >= since))
    (data / "pg_hba.conf").write_text(ACCESS)


def start(
    programs: Path, data: Path, port: int, log: Path, settings: Mapping[str, str] | None = None, *,
    is_durable: bool = False,
) -> subprocess.Popen[bytes]:  # fmt: skip
    """Start the server on a data directory, with ``settings`` in its environment; it stops when the caller dies.

    One that ``is_durable`` writes to the disk before it acknowledges, as a real one does.
    """
    command = [str(programs / "postgres"), "-D", str(data), "-p", str(port)]
    command += ["-c", "fsync=on", "-c", "full_page_writes=on"] if is_durable else []
    env = _environment() | dict(settings or {})
    return spawn(command, env=env, cwd=data, log=log, death_signal=IMMEDIATE_STOP, user=postgres_user())


def forget_pg_settings() -> None:
    """Take PG* out of this process's environment, where libpq would let them steer each connection.

    There is no other way: PGHOSTADDR, PGSERVICE and PGOPTIONS cannot be overruled by empty values.
    """
    for name in [name for name in os.environ if name.startswith(PG)]:
        del os.environ[name]


def connect(port: int, password: str, database: str = DATABASE) -> connection:
    """An autocommit connection as the superuser, whatever PG* say. Raises psycopg2.Error."""
    forget_pg_settings()
    made = psycopg2.connect(host=HOST, port=port, user=USER, password=password, dbname=database, connect_timeout=5)
    made.autocommit = True
    return made


def refusal(port: int, password: str, database: str = DATABASE) -> str | None:
    """Why the server does not let us in, in one line; None when it does."""
    try:
        connect(port, password, database).close()
    except psycopg2.OperationalError as error:
        return " ".join(str(error).split())
    return None


def accepts(port: int, password: str, database: str = DATABASE) -> bool:
    """True when the server lets us in."""
    return refusal(port, password, database) is None


def execute(port: int, password: str, statement: str, values: Sequence[str] = (), database: str = DATABASE) -> None:
    """Run one statement. Raises StackError."""
    try:
        session = connect(port, password, database)
        try:
            with session.cursor() as cursor:
                cursor.execute(statement, values or None)
        finally:
            session.close()
    except psycopg2.Error as error:
        raise StackError(f"PostgreSQL refused {statement!r}: {str(error).strip()}") from error


def run(
    command: list[str], *, cwd: Path, log: Path, env: dict[str, str], user: pwd.struct_passwd | None = None
) -> None:
    """Run a program to its end. Raises StackError with its exit code and the end of its log."""
    child = spawn(command, env=env, cwd=cwd, log=log, user=user)
    code = child.wait()
    if code:
        name = command[2] if command[1] == "-m" else Path(command[0]).name
        raise StackError(f"{name} ended with exit code {code}; the end of its log:", log_tail(log))


def hand_over(path: Path, user: pwd.struct_passwd | None) -> None:
    """Make ``path`` the property of the PostgreSQL user, closed to others."""
    path.chmod(0o700 if path.is_dir() else 0o600)
    if user:
        os.chown(path, user.pw_uid, user.pw_gid)
