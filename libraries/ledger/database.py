"""The target's database over DatabaseLibrary's connection. SQL is parametrised, always."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, cast

import psycopg2
import psycopg2.errors
from DatabaseLibrary import DatabaseLibrary
from psycopg2 import sql
from robot.api import SkipExecution
from robot.api.types import Secret

from libraries.target.preparing import need, target

_ALIAS = "target"
_kept: Any = None
_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
_LOG_POSITIONS = "SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn, pg_current_wal_flush_lsn() - '0/0'::pg_lsn"
_WAITING_SECONDS = 3.0
_QUIET_SECONDS = 0.2
# For how long nobody may be seen to wait: calls may be on their way yet, or what they wait for hidden from us.
_UNSEEN_SECONDS = 1.5
# What the contract promises of a database and this one does not have.
_NOT_THERE = (
    psycopg2.errors.UndefinedTable, psycopg2.errors.UndefinedColumn, psycopg2.errors.InvalidSchemaName,
)  # fmt: skip
# How a table refuses a row: by a constraint, a type, a right, a trigger, or by not being there. A statement of ours
# that is wrong is none of these.
_REFUSALS = (
    psycopg2.IntegrityError, psycopg2.DataError, psycopg2.errors.InsufficientPrivilege, psycopg2.errors.GeneratedAlways,
    psycopg2.errors.RaiseException, psycopg2.errors.UndefinedTable,
)  # fmt: skip


def _connect(alias: str) -> Any:
    need("database")
    found = target()
    where, name, user = found.database_host, found.database_name or "shard_legends", found.database_user or "postgres"
    library = DatabaseLibrary(log_query_results=False)
    try:
        library.connect_to_database(
            "psycopg2", name, user, found.database_password or Secret(""), where, found.database_port,
            alias=alias, connect_timeout=5, application_name="proving-ground",
        )  # fmt: skip
    except psycopg2.Error as error:
        raise AssertionError(
            f"database {name} at {where}:{found.database_port} does not let {user} in: {error}. "
            "Change TARGET_DATABASE_HOST, _PORT, _NAME, _USER or _PASSWORD."
        ) from None
    connection = library.connection_store.get_connection(alias).client
    with connection, connection.cursor() as cursor:
        # A column without a time zone holds UTC, whatever the server's own zone is.
        cursor.execute("SET TIME ZONE 'UTC'")
    return connection


def _connection() -> Any:
    global _kept
    # The database may have been taken away meanwhile.
    if _kept is None or _kept.closed:
        _kept = _connect(_ALIAS)
        # Each statement sees what was committed before it, and leaves no transaction behind.
        _kept.autocommit = True
    return _kept


@contextmanager
def no_row_can_be_written(
    table: str, calls: int, meanwhile: Callable[[], object] | None
) -> Iterator[Callable[[], None]]:
    """Keep rows out of a table, anybody's, until the function that this gives is called.

    It waits until so many calls wait for a lock in the database, or no more come to wait, does what is to be done
    meanwhile, and lets them go on. Reads are not kept out. Keep it short: others' writes wait too.
    """
    held = _connect("held")
    try:
        with held.cursor() as cursor:
            try:
                name = sql.Identifier(*table.split("."))
                cursor.execute(sql.SQL("LOCK TABLE {0} IN SHARE ROW EXCLUSIVE MODE").format(name))
            except (psycopg2.errors.InsufficientPrivilege, *_NOT_THERE) as error:
                reason = str(error).splitlines()[0]
                raise SkipExecution(
                    f"TARGET_DATABASE_USER {target().database_user} cannot lock {table}: {reason} (UPDATE would do)"
                ) from None

        def release() -> None:
            waiting, since = 0, time.monotonic()
            deadline = since + _WAITING_SECONDS
            while waiting < calls and time.monotonic() < deadline:
                time.sleep(0.01)
                found = rows(_WAITING)[0][0]
                if found != waiting:
                    waiting, since = found, time.monotonic()
                elif time.monotonic() > since + (_QUIET_SECONDS if waiting else _UNSEEN_SECONDS):
                    break
            try:
                if meanwhile is not None:
                    meanwhile()
            finally:
                # The database may have been taken away meanwhile.
                with suppress(psycopg2.Error):
                    held.rollback()

        yield release
    finally:
        held.close()


def rows(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """Run one statement, or several without parameters, and return the rows (an empty list for none).

    Skips the test when the target has no database access.
    """
    try:
        return _rows(sql, parameters or None)
    except (psycopg2.OperationalError, psycopg2.InterfaceError):
        if not _kept.closed:
            raise
        # The database was away meanwhile.
        return _rows(sql, parameters or None)


def _rows(sql: str, parameters: Any) -> list[tuple[Any, ...]]:
    with _connection().cursor() as cursor:
        try:
            cursor.execute(sql, parameters)
        except _NOT_THERE as error:
            what = str(error).splitlines()[0]
            raise AssertionError(
                f"the target's database is not what the contract promises: {what}. "
                "Is TARGET_DATABASE_NAME the services' own, and is it migrated?"
            ) from None
        return cast("list[tuple[Any, ...]]", cursor.fetchall()) if cursor.description else []


def need_users() -> None:
    """Skip the test when the users are in another database than the ledger, or may not be seen (section 2)."""
    try:
        rows("SELECT id, telegram_id FROM auth.users WHERE false")
    except (AssertionError, psycopg2.errors.InsufficientPrivilege) as error:
        raise SkipExecution(f"the users of target {target().name} cannot be looked at: {error}") from None


def log_positions() -> dict[str, int]:
    """Return what the keyword of the database's log does. Skips the test when the database does not tell."""
    try:
        ((written, on_disk),) = rows(_LOG_POSITIONS)
    except psycopg2.Error as error:
        raise SkipExecution(f"the database does not tell where its log is: {str(error).splitlines()[0]}") from None
    return {"written": int(written), "on_disk": int(on_disk)}


def copy(table: str, like: str, changes: str) -> None:
    """Add a copy of the row with this id, with columns changed (JSON). Skips the test when the table takes none."""
    name = sql.Identifier(*table.split("."))
    text = "INSERT INTO {0} SELECT (jsonb_populate_record(a, %s::jsonb)).* FROM {0} AS a WHERE a.id::text = %s"
    with taken_by_hand(table), _connection().cursor() as cursor:
        cursor.execute(sql.SQL(text).format(name), (changes, like))


@contextmanager
def taken_by_hand(table: str) -> Iterator[None]:
    """Skip the test when the target's tables ask for more than section 5, or take rows from its services alone."""
    try:
        yield
    except _REFUSALS as error:
        reason = str(error).splitlines()[0]
        raise SkipExecution(f"target {target().name} takes no row of {table} by hand: {reason}") from None


def would_take(table: str, changes: str) -> bool:
    """Say whether a table takes a copy of one of its rows with columns changed (JSON). Nothing stays written."""
    name = sql.Identifier(*table.split("."))
    copy = sql.SQL(
        "INSERT INTO {0} OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(a, %s::jsonb)).* FROM {0} AS a LIMIT 1"
    )
    connection = _connection()
    connection.autocommit = False
    try:
        with connection.cursor() as cursor:
            cursor.execute(copy.format(name), (changes,))
            return bool(cursor.rowcount)
    except _REFUSALS:
        return False
    finally:
        connection.rollback()
        connection.autocommit = True
