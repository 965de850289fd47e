"""The ledger as the database holds it: reading it, and writing what tests need to have happened."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import uuid4

from robot.api import SkipExecution

from history.laws import Ledger, Row, Snapshot
from libraries.ledger import database
from libraries.ledger.catalogue import Position, catalogue, catalogue_of
from libraries.target.preparing import target
from libraries.target.redis import redis

# A row to be written: its position, section, operation type, operation id and instant.
Written = tuple[Position, str, str, str, datetime]
_CACHE_DATABASE = 1
_A_MOMENT = timedelta(seconds=1)
# Ids in the place of codes: joining the names would take several times as long as reading the rows. As text, whatever
# their types: section 5 promises none.
_ROWS = """
SELECT id::text, section_id::text, item_id::text, quality_level_id::text, collection_id::text, quantity_change,
       operation_type_id::text, operation_id::text, created_at, comment, NULL::date AS day
FROM inventory.operations WHERE user_id = %s
"""

_SNAPSHOTS = """
SELECT NULL, section_id::text, item_id::text, quality_level_id::text, collection_id::text, quantity, NULL, NULL,
       created_at, NULL, balance_date AS day
FROM inventory.daily_balances WHERE user_id = %s
"""

# All of one player in one statement, so that it is seen at one instant; the day stands in a row of its own if need be.
_LEDGER = f"""
SELECT (now() AT TIME ZONE 'UTC')::date AS today, seen.*
FROM (SELECT 1) AS always LEFT JOIN ({_ROWS} UNION ALL {_SNAPSHOTS}) AS seen ON true
ORDER BY seen.day, seen.created_at, seen.id
"""  # noqa: S608  made of the two above

# Where the database numbers the rows itself, ids are left to it.
_INSERT = """
INSERT INTO inventory.{table} ({columns})
SELECT {columns} FROM jsonb_populate_recordset(NULL::inventory.{table}, %s::jsonb) RETURNING created_at
"""
_TYPE_OF_ID = """
SELECT data_type FROM information_schema.columns
WHERE (table_schema, table_name, column_name) = ('inventory', 'operations', 'id')
"""

# Foreign keys are not looked up, where the role may leave that out and nothing else happens to new rows there: it takes
# as long as all the rest. Statistics come
# with the rows, as they would have come with the days; a role that does not own the table is warned, no more.
_INSERT_MANY = """
SELECT CASE WHEN rolsuper THEN set_config('session_replication_role', 'replica', true) END
FROM pg_roles WHERE rolname = current_user AND NOT EXISTS (
    SELECT FROM pg_trigger WHERE tgrelid = 'inventory.operations'::regclass AND NOT tgisinternal AND tgtype & 4 <> 0);
INSERT INTO inventory.operations ({0} user_id, section_id, item_id, collection_id, quality_level_id, quantity_change,
                                  operation_type_id, operation_id, created_at)
SELECT {1} one.user_id, one.section_id, one.item_id, one.collection_id, one.quality_level_id, 1, one.operation_type_id,
       gen_random_uuid(), date_trunc('day', now(), 'UTC') - ((n %% %s) + 1) * interval '1 day' + n * interval '1 second'
FROM jsonb_populate_record(NULL::inventory.operations, %s::jsonb) AS one, generate_series(1, %s) AS n;
ANALYZE inventory.operations
"""
_INSERT_DAYS = """
INSERT INTO inventory.daily_balances (user_id, section_id, item_id, collection_id, quality_level_id, quantity,
                                      balance_date, created_at)
SELECT one.user_id, one.section_id, one.item_id, one.collection_id, one.quality_level_id, one.quantity,
       (now() AT TIME ZONE 'UTC')::date - n, now()
FROM jsonb_populate_record(NULL::inventory.daily_balances, %s::jsonb) AS one, generate_series(1, %s) AS n;
ANALYZE inventory.daily_balances
"""


def today() -> date:
    """Return the current UTC day by the database's clock."""
    day: date = database.rows("SELECT (now() AT TIME ZONE 'UTC')::date")[0][0]
    return day


def is_just_past_midnight() -> bool:
    """Say whether the UTC day is younger than a minute by the database's clock."""
    ((just_begun,),) = database.rows("SELECT (now() AT TIME ZONE 'UTC')::time < '00:01'")
    return bool(just_begun)


def read_ledger(user_id: str) -> Ledger:
    """Return what the database holds about a player at one instant."""
    found = database.rows(_LEDGER, user_id, user_id)
    known = catalogue_of(part for row in found for part in row[2:6])
    rows, snapshots = [], []
    for _, row_id, section, item, quality, collection, quantity, kind, operation, at, comment, day in found:
        if section is None:
            continue
        made_at = at if at.tzinfo else at.replace(tzinfo=UTC)
        variant = known.variant_by_ids(item, quality, collection)
        if row_id is None:
            snapshots.append(Snapshot(known.code_of(section), variant, day, quantity, made_at))
        else:
            where, what = known.code_of(section), known.code_of(kind)
            rows.append(Row(row_id, where, variant, quantity, what, operation, made_at, comment))
    return Ledger(tuple(rows), tuple(snapshots), found[0][0])


def write_rows(user_id: str, written: Sequence[Written]) -> None:
    """Write rows, all or none, as if calls had done so. Skips the test when the target dates them otherwise."""
    kind_id = catalogue().code_id
    kept = _insert("operations", user_id, [
        _place(user_id, one, section) | ({"id": str(uuid4())} if _has_uuids() else {}) | {
            "quantity_change": one.quantity, "operation_type_id": kind_id("operation_type", kind), "operation_id": by,
            "created_at": at.astimezone(UTC).isoformat(),
        } for one, section, kind, by, at in written
    ])  # fmt: skip
    dated = sorted(at if at.tzinfo else at.replace(tzinfo=UTC) for (at,) in kept)
    wished = sorted(line[4].astimezone(UTC) for line in written)
    # To the second is near enough, but on another day is not.
    if any(
        abs(at - one) > _A_MOMENT or at.astimezone(UTC).date() != one.date()
        for at, one in zip(dated, wished, strict=True)
    ):
        raise SkipExecution(f"target {target().name} dates rows that are written by hand itself")


@cache
def _has_uuids() -> bool:
    return bool(database.rows(_TYPE_OF_ID)[0][0] == "uuid")


def _insert(table: str, user_id: str, lines: Sequence[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return _write(user_id, _INSERT.format(table=table, columns=", ".join(lines[0])), json.dumps(lines))


def _write(user_id: str, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with database.taken_by_hand("the ledger"):
        kept = database.rows(sql, *parameters)
    drop_cached(user_id)
    return kept


def write_many_rows(user_id: str, position: Position, rows: int, days: int) -> None:
    """Write so many rows of 1 each into section main, spread over the days before today."""
    kind = {"operation_type_id": catalogue().code_id("operation_type", "system_reward")}
    sql = _INSERT_MANY.format(*("id,", "gen_random_uuid(),") if _has_uuids() else ("", ""))
    _write(user_id, sql, days, json.dumps(_place(user_id, position, "main") | kind), rows)


def write_snapshots(user_id: str, position: Position, days: int) -> None:
    """Write a daily balance in main for each of so many days before today."""
    made = _place(user_id, position, "main") | {"quantity": position.quantity}
    _write(user_id, _INSERT_DAYS, json.dumps(made), days)


def write_snapshot(user_id: str, position: Position, section: str, day: date) -> None:
    """Write a daily balance."""
    made = {"balance_date": day.isoformat(), "created_at": datetime.now(UTC).isoformat()}
    _insert("daily_balances", user_id, [_place(user_id, position, section) | {"quantity": position.quantity} | made])


def _place(user_id: str, position: Position, section: str) -> dict[str, Any]:
    code_id, item, variant = catalogue().code_id, position.item, position.variant
    return {
        "user_id": user_id, "section_id": code_id("inventory_section", section), "item_id": item.item_id,
        "collection_id": code_id(item.collections, variant.collection),
        "quality_level_id": code_id(item.quality_levels, variant.quality),
    }  # fmt: skip


def drop_cached(user_id: str) -> None:
    """Drop a player's cached balances (everybody's for an empty id), where Redis can be reached."""
    if target().redis_host is None:
        return
    with redis(_CACHE_DATABASE) as ask:
        place: bytes | int = 0
        while True:
            place, keys = ask("SCAN", place, "MATCH", f"inventory:{user_id}*", "COUNT", 20000)
            if keys:
                ask("DEL", *keys)
            if int(place) == 0:
                return
