"""Keywords of the small suite: one HTTP request, one SQL question."""

import json
import os
import urllib.error
import urllib.request
from pathlib import Path

import psycopg2

from stack.state import load_state


def refusal_should_be(path: str, status: int, code: str) -> None:
    """Ask the first instance and compare the refusal. Raises AssertionError."""
    state = load_state(Path(os.environ["SHARD_STACK_STATE"]))
    try:
        urllib.request.urlopen(f"{state.inventory[0].public_url}{path}", timeout=5).close()  # noqa: S310
    except urllib.error.HTTPError as answer:
        found = (answer.code, json.loads(answer.read())["error"])
        if found != (status, code):
            raise AssertionError(f"answered {found}, expected {(status, code)}") from None
        return
    raise AssertionError("let in")


def day_should_start(instant: str, start: str) -> None:
    """Ask the ledger when a day starts. Raises AssertionError."""
    state = load_state(Path(os.environ["SHARD_STACK_STATE"]))
    where = state.postgres
    connection = psycopg2.connect(
        host=where.host,
        port=where.port,
        dbname=where.dbname,
        user=where.user,
        password=state.load_secrets().db_password,
    )
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("SET timezone = 'UTC'")
            cursor.execute("SELECT inventory.day_start(%s)", (instant,))
            found = str(cursor.fetchone()[0])  # type: ignore[index]
    finally:
        connection.close()
    if found != start:
        raise AssertionError(f"the day starts at {found}, expected {start}")
