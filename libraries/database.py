"""The target's database over DatabaseLibrary's connection. SQL is parametrised, always."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, cast

import psycopg2
from DatabaseLibrary import DatabaseLibrary
from robot.api.types import Secret

from libraries.preparing import target
from libraries.session import need
from libraries.target import given

_ALIAS = "target"


@cache
def _connection() -> Any:
    need("database")
    found = given(target().database)
    library = DatabaseLibrary(log_query_results=False)
    try:
        library.connect_to_database(
            "psycopg2", found.name, found.user, Secret(found.password.value), found.host, found.port,
            alias=_ALIAS, connect_timeout=5, application_name="proving-ground",
        )  # fmt: skip
    except psycopg2.Error as error:
        raise AssertionError(
            f"database {found.name} at {found.host}:{found.port} does not let {found.user} in: {error}. "
            "Change TARGET_DATABASE_HOST, _PORT, _NAME, _USER or _PASSWORD."
        ) from None
    connection = library.connection_store.get_connection(_ALIAS).client
    # Each statement sees what was committed before it, and leaves no transaction behind.
    connection.autocommit = True
    return connection


def rows(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """Run one statement and return its rows (an empty list when it gives none).

    Parameters stand in their order, or are one mapping by their names. Skips the test when the target has no database
    access.
    """
    named = len(parameters) == 1 and isinstance(parameters[0], dict)
    with _connection().cursor() as cursor:
        cursor.execute(sql, parameters[0] if named else parameters or None)
        return cast("list[tuple[Any, ...]]", cursor.fetchall()) if cursor.description else []


def write_all(statement: str, parameters: Sequence[Sequence[Any]]) -> None:
    """Run one statement for each set of parameters, all or none."""
    connection = _connection()
    connection.autocommit = False
    try:
        with connection, connection.cursor() as cursor:
            cursor.executemany(statement, parameters)
    finally:
        connection.autocommit = True


def run_script(script: str) -> None:
    """Run several statements without parameters, all or none."""
    connection = _connection()
    connection.autocommit = False
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(script)
    finally:
        connection.autocommit = True
