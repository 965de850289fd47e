"""Finds the gallery's faults and puts one into effect."""

import importlib
import os
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass

import psycopg2

from faults import gallery


class FaultError(Exception):
    """A fault cannot be put into effect; the message says why."""


@dataclass(frozen=True)
class SqlChange:
    """A change to one SQL function: every occurrence of a text becomes another."""

    function: str
    text: str
    becomes: str


@dataclass(frozen=True)
class Fault:
    """One known way to be wrong."""

    name: str
    summary: str
    rule: str
    sql: tuple[SqlChange, ...]
    patch: Callable[[], None] | None
    proven_by: str


def names() -> list[str]:
    """Return the names of all faults."""
    return sorted(module.name for module in pkgutil.iter_modules(gallery.__path__))


def find(name: str) -> Fault:
    """Return a fault by its name. Raises FaultError when there is none."""
    if name not in names():
        raise FaultError(f"there is no fault {name!r}: choose one of {', '.join(names())}")
    module = importlib.import_module(f"{gallery.__name__}.{name}")
    return Fault(
        name=name,
        summary=(module.__doc__ or "").strip().splitlines()[0],
        rule=module.RULE,
        sql=tuple(SqlChange(*change) for change in getattr(module, "SQL", ())),
        patch=getattr(module, "patch", None),
        proven_by=getattr(module, "PROVEN_BY", "suites"),
    )


def install(fault: Fault) -> None:
    """Put the fault into effect in this process and in the database that DB_* names. Raises FaultError.

    A change that finds nothing to change is an error: a fault that is not there proves nothing.
    """
    if fault.sql:
        _change_functions(fault)
    if fault.patch is not None:
        fault.patch()


def _change_functions(fault: Fault) -> None:
    environment = os.environ
    connection = psycopg2.connect(
        host=environment["DB_HOST"],
        port=environment["DB_PORT"],
        dbname=environment["DB_NAME"],
        user=environment["DB_USER"],
        password=environment["DB_PASSWORD"],
    )
    try:
        with connection, connection.cursor() as cursor:
            # Several instances start at once; the first one changes, the others find it done.
            cursor.execute("SELECT pg_advisory_xact_lock(7251130028)")
            for change in fault.sql:
                cursor.execute("SELECT pg_get_functiondef(%s::regproc)", (f"inventory.{change.function}",))
                (definition,) = cursor.fetchone() or ("",)
                marker = f"-- fault {fault.name}\n"
                if marker in definition:
                    continue
                if change.text not in definition:
                    raise FaultError(f"fault {fault.name}: inventory.{change.function} has no text {change.text!r}")
                body = definition.replace(change.text, change.becomes)
                cursor.execute(body.replace("$function$", f"$function$\n{marker}", 1))
    finally:
        connection.close()
