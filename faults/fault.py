"""Finds the gallery's faults and puts changes to the services into effect."""

import difflib
import importlib
import os
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any, Literal

import psycopg2

from faults import gallery


class FaultError(Exception):
    """A fault cannot be put into effect; the message says why."""


@dataclass(frozen=True)
class SqlChange:
    """A change to one SQL function: every occurrence of a text becomes another.

    The changes of one function stand together.
    """

    function: str
    text: str
    becomes: str


@dataclass(frozen=True)
class Fault:
    """One known way to be different.

    ``statements`` are run once in a database, after the changes to its functions; ``shape`` is the deployment in which
    the suites can see it.
    """

    name: str
    summary: str
    rule: str
    sql: tuple[SqlChange, ...]
    patch: Callable[[], None] | None
    proven_by: str
    statements: tuple[str, ...] = ()
    shape: Literal["single", "split"] = "single"


@cache
def names() -> tuple[str, ...]:
    """Return the names of all faults."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(gallery.__path__)))


def find(name: str) -> Fault:
    """Return a fault by its name. Raises FaultError when there is none."""
    if name not in names():
        near = difflib.get_close_matches(name, names(), 3)
        meant = f"did you mean {' or '.join(near)}? " if near else ""
        raise FaultError(f"there is no fault {name!r}: {meant}`python -m faults list` names all {len(names())}")
    module = importlib.import_module(f"{gallery.__name__}.{name}")
    return Fault(
        name=name,
        summary=(module.__doc__ or "").strip().splitlines()[0],
        rule=module.RULE,
        statements=tuple(getattr(module, "STATEMENTS", ())),
        sql=tuple(SqlChange(*change) for change in getattr(module, "SQL", ())),
        patch=getattr(module, "patch", None),
        proven_by=getattr(module, "PROVEN_BY", "suites"),
        shape=getattr(module, "SHAPE", "single"),
    )


def install(changes: Sequence[Fault]) -> None:
    """Put changes into effect in this process and in the database that DB_* names. Raises FaultError.

    The database is changed as FAULTS_DB_USER with FAULTS_DB_PASSWORD, where the service's own role may not.

    A change that finds nothing to change is an error: a fault that is not there proves nothing.
    """
    if any(change.sql or change.statements for change in changes) and _names_a_database(os.environ):
        _change_database(changes)
    for change in changes:
        if change.patch is not None:
            change.patch()


def _names_a_database(environment: Mapping[str, str]) -> bool:
    """Say whether a service could reach a database with these settings. One that could not has to say so itself."""
    named = all(environment.get(f"DB_{name}") for name in ("HOST", "NAME", "USER", "PASSWORD"))
    port = environment.get("DB_PORT", "")
    return named and port.isdecimal() and 0 < int(port) < 2**16


def _change_database(changes: Sequence[Fault]) -> None:
    environment = os.environ
    connection = psycopg2.connect(
        host=environment["DB_HOST"],
        port=environment["DB_PORT"],
        dbname=environment["DB_NAME"],
        user=environment.get("FAULTS_DB_USER") or environment["DB_USER"],
        password=environment.get("FAULTS_DB_PASSWORD") or environment["DB_PASSWORD"],
    )
    try:
        with connection, connection.cursor() as cursor:
            # Several services start at once; the first one changes, the others find it done.
            cursor.execute("SELECT pg_advisory_xact_lock(7251130028)")
            for change in changes:
                _change_functions(cursor, change)
                _run_once(cursor, change)
    finally:
        connection.close()


def _change_functions(cursor: Any, change: Fault) -> None:
    for function, parts in groupby(change.sql, lambda part: part.function):
        cursor.execute("SELECT pg_get_functiondef(%s::regproc)", (f"inventory.{function}",))
        (definition,) = cursor.fetchone() or ("",)
        marker = f"-- fault {change.name}\n"
        if marker in definition:
            continue
        for part in parts:
            if part.text not in definition:
                raise FaultError(f"fault {change.name}: inventory.{function} has no text {part.text!r}")
            definition = definition.replace(part.text, part.becomes)
        cursor.execute(definition.replace("$function$", f"$function$\n{marker}", 1))


def _run_once(cursor: Any, change: Fault) -> None:
    if not change.statements:
        return
    cursor.execute(
        "INSERT INTO migrations.applied (name, checksum) VALUES (%s, '') ON CONFLICT DO NOTHING",
        (f"fault {change.name}",),
    )
    if cursor.rowcount:
        for statement in change.statements:
            cursor.execute(statement)
