"""The ledger as the database holds it: reading it, and writing what tests need to have happened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from history.laws import Ledger, Row, Snapshot
from libraries.ledger import database
from libraries.ledger.catalogue import Position, catalogue, catalogue_of
from libraries.target.preparing import target
from libraries.target.redis import redis

# A row to be written: its position, section, operation type, operation id and instant.
Written = tuple[Position, str, str, str, datetime]
_CACHE_DATABASE = 1
# Ids in the place of codes: joining the names would take several times as long as reading the rows.
_ROWS = """
SELECT id, section_id, item_id, quality_level_id, collection_id, quantity_change, operation_type_id, operation_id,
       created_at, comment, NULL::date AS day
FROM inventory.operations WHERE user_id = %s::uuid
"""

_SNAPSHOTS = """
SELECT NULL::uuid AS id, section_id, item_id, quality_level_id, collection_id, quantity, NULL::uuid, NULL::uuid,
       created_at, NULL::text, balance_date AS day
FROM inventory.daily_balances WHERE user_id = %s::uuid
"""

# All of one player in one statement, so that it is seen at one instant; the day stands in a row of its own if need be.
_LEDGER = f"""
SELECT (now() AT TIME ZONE 'UTC')::date AS today, seen.*
FROM (SELECT 1) AS always LEFT JOIN ({_ROWS} UNION ALL {_SNAPSHOTS}) AS seen ON true
ORDER BY seen.day, seen.created_at, seen.id
"""  # noqa: S608  made of the two above

_INSERT = """
INSERT INTO inventory.operations (user_id, section_id, item_id, collection_id, quality_level_id, quantity_change,
                                  operation_type_id, operation_id, created_at)
SELECT %s::uuid, * FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::bigint[], %s::uuid[], %s::uuid[],
                              %s::timestamptz[])
"""

# Foreign keys are not looked up, where the role may leave that out: it takes as long as all the rest.
_INSERT_MANY = """
SELECT CASE WHEN rolsuper THEN set_config('session_replication_role', 'replica', true) END
FROM pg_roles WHERE rolname = current_user;
INSERT INTO inventory.operations (user_id, section_id, item_id, collection_id, quality_level_id, quantity_change,
                                  operation_type_id, operation_id, created_at)
SELECT %s::uuid, %s::uuid, %s::uuid, %s::uuid, %s::uuid, 1, %s::uuid, gen_random_uuid(),
       date_trunc('day', now(), 'UTC') - ((n %% %s) + 1) * interval '1 day' + n * interval '1 second'
FROM generate_series(1, %s) AS n
"""

_INSERT_SNAPSHOT = """
INSERT INTO inventory.daily_balances (user_id, section_id, item_id, collection_id, quality_level_id, balance_date,
                                      quantity)
VALUES (%s::uuid, %s::uuid, %s::uuid, %s::uuid, %s::uuid, %s, %s)
"""


def today() -> date:
    """Return the current UTC day by the database's clock."""
    day: date = database.rows("SELECT (now() AT TIME ZONE 'UTC')::date")[0][0]
    return day


def read_ledger(user_id: str) -> Ledger:
    """Return what the database holds about a player at one instant."""
    found = database.rows(_LEDGER, user_id, user_id)
    known = catalogue_of(part for row in found for part in row[2:6])
    rows, snapshots = [], []
    for _, row_id, section, item, quality, collection, quantity, kind, operation, at, comment, day in found:
        if section is None:
            continue
        variant = known.variant_by_ids(item, quality, collection)
        if row_id is None:
            snapshots.append(Snapshot(known.code_of(section), variant, day, quantity, at))
        else:
            where, what = known.code_of(section), known.code_of(kind)
            rows.append(Row(row_id, where, variant, quantity, what, operation, at, comment))
    return Ledger(tuple(rows), tuple(snapshots), found[0][0])


def write_rows(user_id: str, written: Iterable[Written]) -> None:
    """Write rows, all or none, as if calls had done so."""
    code = catalogue().code_id
    lines = (
        (code("inventory_section", section), *_ids(one), one.quantity, code("operation_type", kind), by, at)
        for one, section, kind, by, at in written
    )
    database.rows(_INSERT, user_id, *map(list, zip(*lines, strict=True)))
    drop_cached(user_id)


def write_many_rows(user_id: str, position: Position, rows: int, days: int) -> None:
    """Write so many rows of 1 each into section main, spread over the days before today."""
    known = catalogue()
    where, kind = known.code_id("inventory_section", "main"), known.code_id("operation_type", "system_reward")
    database.rows(_INSERT_MANY, user_id, where, *_ids(position), kind, days, rows)
    drop_cached(user_id)


def write_snapshot(user_id: str, position: Position, section: str, day: date) -> None:
    """Write a daily balance."""
    where = catalogue().code_id("inventory_section", section)
    database.rows(_INSERT_SNAPSHOT, user_id, where, *_ids(position), day, position.quantity)
    drop_cached(user_id)


def _ids(position: Position) -> tuple[str, str, str]:
    known, variant = catalogue(), position.variant
    return (
        position.item_id,
        known.code_id("collection", variant.collection),
        known.code_id("quality_level", variant.quality),
    )


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
