"""Applies the numbered SQL files once each, in order, also when two starters come at once."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg

FOLDER = Path(__file__).parent
# What the services log in as, made by 0009_roles.sql.
SERVICE_ROLES = ("auth_service", "inventory_service")
# Any constant will do; every starter takes the same one.
_LOCK = 7_251_130_027

_HISTORY = """
CREATE SCHEMA IF NOT EXISTS migrations;
CREATE TABLE IF NOT EXISTS migrations.applied (
    name       text PRIMARY KEY,
    checksum   text        NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);
"""


class MigrationError(Exception):
    """A migration cannot be applied; the message says which and why."""


@dataclass(frozen=True)
class Migration:
    """One SQL file: its name, its text and the text's SHA-256."""

    name: str
    sql: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def read_migrations(folder: Path = FOLDER) -> list[Migration]:
    """Return the folder's ``NNNN_name.sql`` files in order of their numbers."""
    return [Migration(path.name, path.read_text("utf-8")) for path in sorted(folder.glob("[0-9][0-9][0-9][0-9]_*.sql"))]


async def apply(connection: "asyncpg.Connection[asyncpg.Record]", migrations: Sequence[Migration]) -> list[str]:
    """Apply what the database does not have yet and return the names applied.

    Each file runs in a transaction of its own together with its record. Raises MigrationError when a file that
    was applied earlier has changed since, or when its SQL fails; the failed file leaves nothing behind.
    """
    await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
    try:
        await connection.execute(_HISTORY)
        rows = await connection.fetch("SELECT name, checksum FROM migrations.applied")
        known = {row["name"]: row["checksum"] for row in rows}
        applied = []
        for migration in migrations:
            if migration.name not in known:
                await _apply_one(connection, migration)
                applied.append(migration.name)
            elif known[migration.name] != migration.checksum:
                raise MigrationError(f"{migration.name} was changed after it was applied: add a new file instead")
        return applied
    finally:
        await connection.execute("SELECT pg_advisory_unlock($1)", _LOCK)


async def _apply_one(connection: "asyncpg.Connection[asyncpg.Record]", migration: Migration) -> None:
    try:
        async with connection.transaction():
            await connection.execute(migration.sql)
            await connection.execute(
                "INSERT INTO migrations.applied (name, checksum) VALUES ($1, $2)", migration.name, migration.checksum
            )
    except asyncpg.PostgresError as error:
        raise MigrationError(f"{migration.name} failed: {error}") from error


async def let_services_in(connection: "asyncpg.Connection[asyncpg.Record]", password: str) -> None:
    """Let the services' roles log in by a password; told again it is changed (contract 5.4)."""
    for role in SERVICE_ROLES:
        # A role's password is no parameter of ALTER ROLE.
        text = "SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', $1::text, $2::text)"
        change = await connection.fetchval(text, role, password)
        await connection.execute(change)


async def migrate(
    host: str, port: int, database: str, user: str, password: str, services_password: str | None = None
) -> list[str]:
    """Connect, apply all migrations of this folder and return the names applied; with a password for them, the
    services' roles may log in afterwards. Raises MigrationError.
    """
    try:
        connection = await asyncpg.connect(
            host=host, port=port, database=database, user=user, password=password, timeout=10
        )
    except (OSError, asyncpg.PostgresError, TimeoutError) as error:
        raise MigrationError(f"cannot connect to PostgreSQL at {host}:{port}/{database} as {user}: {error}") from error
    try:
        applied = await apply(connection, read_migrations())
        if services_password is not None:
            await let_services_in(connection, services_password)
    except asyncpg.InsufficientPrivilegeError as error:
        raise MigrationError(f"{user} may not do what migrations do; let the owner run them: {error}") from error
    finally:
        await connection.close()
    return applied


def run(
    host: str, port: int, database: str, user: str, password: str, services_password: str | None = None
) -> list[str]:
    """Do as `migrate` does, from code that is not asynchronous."""
    return asyncio.run(migrate(host, port, database, user, password, services_password))
