"""A stack that mutants are put into, one after the other, each as if it were the first."""

import contextlib
import dataclasses
import json
import os
import re
import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import redis

from faults.mutants import reach, zygote
from faults.mutants.collect import connect, fingerprint
from faults.mutants.mutant import Mutant, MutantError
from stack import client, components
from stack.errors import StackError
from stack.places import checkout_key, places
from stack.processes import key_of
from stack.state import ProcessKey, Shape, Spec, State, write_json

# Several stacks start at once, and each service imports everything twice.
START_SECONDS = 80.0
READY_SECONDS = 4.0
_ROWS = "TRUNCATE inventory.operations, inventory.daily_balances, inventory.audit_log"
_OTHERS = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"""
# A text that PostgreSQL refuses whenever it is run is no program, so no mutant: as what Python does not compile.
_NO_SQL = re.compile(r"ERROR:  (42601|42702|42703|42725|42803|42804|42883|42P01|42P02|42P10|42P18|42P20|42846):")
# Dropping a unique constraint makes ON CONFLICT fail in this way: there it is what a caller sees.
_NO_SUCH_KEY = "42P10"


class BrokenArenaError(Exception):
    """The stack cannot be brought back to what it was; it has to be replaced."""


class Arena:
    """One stack, the services of which start anew for each mutant. Use it as a context manager."""

    def __init__(self, number: int, folder: Path, owner: ProcessKey, shape: Shape = "single") -> None:
        self._number = number
        self.folder = folder
        self._owner = owner
        self._shape: Shape = shape
        self._lives = 0
        self._installed: Mutant | None = None

    def __enter__(self) -> "Arena":
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    @property
    def state_file(self) -> Path:
        """The stack as the suites are to see it."""
        return self.folder / "state.json"

    @property
    def environment(self) -> dict[str, str]:
        """What tells the suites, and the services that they start, of this stack."""
        return {
            "SHARD_STACK_STATE": str(self.state_file),
            "TARGET_SHAPE": self._shape,
            zygote.FOLDER: str(self.folder),
        }

    def _start(self) -> None:
        self._lives += 1
        self._installed = None
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        name = f"mutants-{checkout_key()}-{os.getpid()}-{self._number}-{self._lives}"
        env = {zygote.FOLDER: str(self.folder)}
        # Two instances: some rules can only be broken between them.
        spec = Spec(name, key_of(os.getpid()), self._owner, self._shape, instances=2, fault=zygote.FAULT, env=env,
                    ready_seconds=START_SECONDS)  # fmt: skip
        try:
            self.stack = client.start_or_join(places(), spec)
        except StackError as error:
            raise MutantError(f"a stack for mutants did not start: {error}\n{error.details}") from error
        (self.folder / zygote.READY).touch()
        self._key_file = Path(self.stack.load_secrets().signing_key_file)
        self._key = self._key_file.read_bytes()
        self.database = connect(self.stack)
        self._execute("ALTER SYSTEM SET log_error_verbosity = 'verbose'", "SELECT pg_reload_conf()",
                      "SET lock_timeout = '5s'", "SET statement_timeout = '20s'")  # fmt: skip
        self._cache = redis.Redis(host=self.stack.redis.host, port=self.stack.redis.port, db=1, socket_timeout=5)
        self.baseline = fingerprint(self.database)
        self.put(None)

    def _stop(self) -> None:
        with contextlib.suppress(psycopg2.Error):
            self.database.close()
        self._cache.close()
        client.stop(self.stack)
        shutil.rmtree(self.folder, ignore_errors=True)

    def replace(self) -> None:
        """Stop the stack and start another one."""
        self._stop()
        self._start()

    def put(self, mutant: Mutant | None, *, marking: bool = False) -> None:
        """Take back the last mutant, clear what it left, put this one in its place (None: none) and start the services.

        With ``marking`` they mark what is reached in them (see `reach`).

        Services that do not come up are left so: what the suites say about that is the answer. Raises
        BrokenArenaError when the last mutant cannot be taken back.
        """
        try:
            self._tell("stop")
            self._execute(_OTHERS)
            self._take_back()
            self._execute("SET session_replication_role = 'replica'", _ROWS, "SET session_replication_role = 'origin'")
            self._cache.flushdb()
            self._forget_logs()
            self._forget_keys()
            self._log_from = Path(self.stack.postgres.log).stat().st_size
            self._install(mutant, marking)
            self._start_services()
        except (psycopg2.Error, redis.RedisError, OSError) as error:
            raise BrokenArenaError(f"the stack is not what it was: {error}") from error

    def _take_back(self) -> None:
        last, self._installed = self._installed, None
        if last is not None and last.language == "sql":
            self._execute(last.restore)
        if fingerprint(self.database) != self.baseline:
            raise BrokenArenaError("the database is not what it was before the mutant")

    def _forget_logs(self) -> None:
        """Empty the services' logs, which the suites read: the last mutant's complaints are not this one's."""
        for log in (Path(self.stack.run_dir) / "logs").glob("*.log"):
            if log.stem == "auth" or log.stem.startswith("inventory-"):
                os.truncate(log, 0)
            elif log.stem not in ("postgres", "redis", "supervisor"):
                log.unlink()

    def _forget_keys(self) -> None:
        """Leave the signing key that the stack was started with alone in its folder, as it was."""
        for key in self._key_file.parent.iterdir():
            if key != self._key_file:
                key.unlink()
        if not self._key_file.exists() or self._key_file.read_bytes() != self._key:
            self._key_file.write_bytes(self._key)

    def _install(self, mutant: Mutant | None, marking: bool) -> None:
        active = reach.marking_modules(self.folder) if marking else {}
        if mutant is not None and mutant.language == "python":
            active[mutant.module] = (str(Path(__file__).parents[2] / mutant.file), mutant.install)
        (self.folder / zygote.ACTIVE).write_text(json.dumps(active), "utf-8")
        self._installed = mutant
        if mutant is not None and mutant.language == "sql":
            try:
                self._execute(mutant.install)
            except psycopg2.errors.QueryCanceled as error:
                raise BrokenArenaError("the database is busy") from error
            except psycopg2.Error as error:
                self._installed = None
                raise NoMutantError(str(error).splitlines()[0]) from error

    def _start_services(self) -> None:
        pids = self._tell("start")
        auth = dataclasses.replace(self.stack.auth, pid=pids[self.stack.auth.pid])
        inventory = tuple(dataclasses.replace(one, pid=pids[one.pid]) for one in self.stack.inventory)
        write_json(self.state_file, dataclasses.replace(self.stack, auth=auth, inventory=inventory))
        waiting = dict(_checks(self.stack))
        deadline = time.monotonic() + READY_SECONDS
        while waiting and time.monotonic() < deadline and all(_lives(pid) for pid in pids.values()):
            waiting = {url: ports for url, ports in waiting.items() if not components.is_ready(url, ports)}
            time.sleep(0.01 if waiting else 0)
        self._ready = not waiting

    def is_ready(self) -> bool:
        """Whether the services have come up."""
        return self._ready

    def refused_by_postgresql(self) -> str | None:
        """The complaint that shows that the mutant is no SQL at all, if it is a piece of SQL and there was one."""
        with Path(self.stack.postgres.log).open("rb") as log:
            log.seek(self._log_from)
            for line in log.read().decode(errors="replace").splitlines():
                found = _NO_SQL.search(line)
                if found and not (found.group(1) == _NO_SUCH_KEY and self._installed and self._installed.line == 0):
                    return line[found.start() :]
        return None

    def _execute(self, *statements: str) -> None:
        with self.database.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def _tell(self, what: str) -> dict[int, int]:
        """Tell each service to stop, or to start anew; return the processes' ids by those of their stems."""
        pids = {}
        for stem in (self.stack.auth.pid, *(one.pid for one in self.stack.inventory)):
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(10)
                connection.connect(str(self.folder / f"{stem}.sock"))
                connection.sendall(f"{what}\n".encode())
                pids[stem] = int(connection.recv(64))
        return pids


class NoMutantError(Exception):
    """PostgreSQL refuses the change; the message says why."""


def _checks(state: State) -> Iterator[tuple[str, list[int]]]:
    yield f"{state.auth.internal_url}/health", [int(urlsplit(state.auth.url).port or 0)]
    for one in state.inventory:
        yield one.health_url, [int(urlsplit(url).port or 0) for url in (one.public_url, one.metrics_url)]


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


__all__: list[Any] = ["Arena", "BrokenArenaError", "NoMutantError"]
