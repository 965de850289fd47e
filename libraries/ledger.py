"""The ledger as the database holds it: reading it, preparing it, and judging it by its laws."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from robot.api import logger
from robot.api.deco import keyword, library

from libraries import cache, calls, database, evidence
from libraries.catalogue import Position, Variant, catalogue, catalogue_of
from libraries.laws import Ledger, Row, Snapshot, balances, violations
from libraries.players import Player
from libraries.preparing import target
from libraries.session import client, need
from libraries.tables import table
from libraries.target import lacks

SECTIONS = ("main", "factory", "trade")
CACHE_DATABASE = 1
# The seed's CleanupTables, and the audit log.
TABLES = ("operations", "daily_balances", "item_images", "items", "classifier_items", "classifiers")
_CATALOGUE_SQL = Path(__file__).parent.parent / "services" / "migrations" / "0003_catalogue.sql"
_QUIET_SECONDS = 10.0

# Ids in the place of codes: joining the names would take several times as long as reading the rows.
_ROWS = """
SELECT id, section_id, item_id, quality_level_id, collection_id, quantity_change, operation_type_id, operation_id,
       created_at, comment, NULL::date AS day
FROM inventory.operations WHERE user_id = %(user)s::uuid
"""

_SNAPSHOTS = """
SELECT NULL::uuid AS id, section_id, item_id, quality_level_id, collection_id, quantity, NULL::uuid, NULL::uuid,
       NULL::timestamptz AS created_at, NULL::text, balance_date AS day
FROM inventory.daily_balances WHERE user_id = %(user)s::uuid
"""

# All of one player in one statement, so that it is seen at one instant; the day stands in a row of its own if need be.
_LEDGER = f"""
SELECT (now() AT TIME ZONE 'UTC')::date AS today, seen.*
FROM (SELECT 1) AS always LEFT JOIN ({_ROWS} UNION ALL {_SNAPSHOTS}) AS seen ON true
ORDER BY seen.created_at, seen.id, seen.day
"""  # noqa: S608  made of the two above

_INSERT = """
INSERT INTO inventory.operations (user_id, section_id, item_id, collection_id, quality_level_id, quantity_change,
                                  operation_type_id, operation_id, created_at)
VALUES (%s::uuid, %s::uuid, %s::uuid, %s::uuid, %s::uuid, %s, %s::uuid, %s::uuid, %s)
"""

_INSERT_MANY = """
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


def read_rows(user_id: str) -> tuple[Row, ...]:
    """Return a player's ledger rows, oldest first."""
    return read_ledger(user_id).rows


def read_snapshots(user_id: str) -> tuple[Snapshot, ...]:
    """Return a player's daily balances, oldest first."""
    return read_ledger(user_id).snapshots


def read_ledger(user_id: str) -> Ledger:
    """Return what the database holds about a player at one instant."""
    found = database.rows(_LEDGER, {"user": user_id})
    known = catalogue_of(part for row in found for part in row[2:6])
    rows, snapshots = [], []
    for _, row_id, section, item, quality, collection, quantity, kind, operation, at, comment, day in found:
        if section is None:
            continue
        variant = known.variant_by_ids(item, quality, collection)
        if row_id is None:
            snapshots.append(Snapshot(known.code_of(section), variant, day, quantity))
        else:
            where, what = known.code_of(section), known.code_of(kind)
            rows.append(Row(row_id, where, variant, quantity, what, operation, at, comment))
    return Ledger(tuple(rows), tuple(snapshots), found[0][0])


def rows_table(rows: Iterable[Row]) -> str:
    """Return ledger rows as an HTML table."""
    headings = ("at (UTC)", "operation", "type", "section", "variant", "change", "comment")
    return table(headings, (
        (r.created_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f"), r.operation_id, r.operation_type, r.section,
         r.variant, f"{r.change:+d}", r.comment or "")
        for r in rows
    ))  # fmt: skip


def answered_balances(player: Player) -> dict[str, dict[Variant, int]]:
    """Ask the API what a player has, section by section."""
    said: dict[str, dict[Variant, int]] = {}
    for section in SECTIONS:
        answer = client().send(calls.read_inventory(target().first, player.token, section))
        said[section] = {catalogue().variant_of(entry): entry["quantity"] for entry in answer.body["items"]}
    return said


def check_laws(player: Player, with_api: bool = True) -> None:
    """Raise AssertionError naming every law of 1 to 4 that a player's ledger breaks.

    While others still write for the player, waits until a reading of the ledger and of the API fit together.
    """
    deadline = time.monotonic() + _QUIET_SECONDS
    while True:
        written = evidence.journal.get(player.user_id, [])[:]
        ledger = read_ledger(player.user_id)
        # First without the API: a broken ledger may keep the service from answering at all.
        _raise_for(ledger, violations(ledger, None, written))
        if not with_api:
            return
        said = answered_balances(player)
        # Reading may just have closed yesterday, so the snapshots may be others.
        after = read_ledger(player.user_id)
        if after.rows == ledger.rows:
            _raise_for(after, violations(after, said, written))
            return
        if time.monotonic() > deadline:
            logger.warn(f"{player} was written to for {_QUIET_SECONDS:g} s on end: the API's balances are not compared")
            return


def _raise_for(ledger: Ledger, found: list[str]) -> None:
    if found:
        logger.info(rows_table(ledger.rows), html=True)
        raise AssertionError("\n".join(found))


@library(scope="GLOBAL")
class LedgerKeywords:
    """Reads and prepares the ledger straight in the database (contract, section 5; seed, section 7.6).

    Every keyword skips the test when the target has no database access.
    """

    def __init__(self) -> None:
        evidence.show_rows = _show_rows

    @keyword
    def ledger_laws_should_hold(self, *players: Player) -> None:
        """Fail when laws 1 to 4 are broken for a player; the message names law, variant and numbers.

        Law 1 is also compared with what ``GET /inventory`` says in each section, law 4 with the answers that this
        process got.
        """
        need("database")
        for player in players:
            check_laws(player)

    @keyword
    def ledger_laws_should_hold_for_this_test(self) -> None:
        """Like `Ledger Laws Should Hold`, for every player of the test. For teardowns.

        Without database access it only says so: what the test itself asked for was checked by the test.
        """
        if lacks(target(), "database"):
            logger.info("The ledger was not looked at: no database access.")
            return
        for player in evidence.current.players:
            check_laws(player, with_api=player.is_current)

    @keyword
    def ledger_balance_should_be(self, player: Player, *positions: str, section: str = "main") -> None:
        """Fail unless the ledger's rows of a section make exactly these positions (``10 stone``), zeros left out."""
        wanted = _by_variant(catalogue().positions(positions))
        found = {v: n for (s, v), n in balances(read_ledger(player.user_id)).items() if s == section and n != 0}
        if found != wanted:
            raise AssertionError(f"the ledger has {_in_words(found)} in {section}, expected {_in_words(wanted)}")

    @keyword
    def rows_of_player(self, player: Player) -> list[Row]:
        """Return a player's ledger rows, oldest first."""
        return list(read_rows(player.user_id))

    @keyword
    def rows_of_operation(self, player: Player, operation_id: str, operation_type: str | None = None) -> list[Row]:
        """Return the rows of one business operation, all or those of one type."""
        rows = read_rows(player.user_id)
        return [r for r in rows if r.operation_id == operation_id and operation_type in (None, r.operation_type)]

    @keyword
    def ledger_should_have_rows(self, player: Player, count: int) -> None:
        """Fail unless a player has exactly so many ledger rows."""
        rows = read_rows(player.user_id)
        if len(rows) != count:
            logger.info(rows_table(rows), html=True)
            raise AssertionError(f"the ledger has {len(rows)} rows of {player}, expected {count}")

    @keyword
    def operation_should_have_rows(self, player: Player, operation_id: str, operation_type: str, *rows: str) -> None:
        """Fail unless a business operation wrote exactly these rows of a type, in any order.

        A row reads ``-3 stone in main``.
        """
        wanted = sorted(_row_words(text) for text in rows)
        found = sorted(
            f"{r.change:+d} {r.variant} in {r.section}"
            for r in self.rows_of_operation(player, operation_id, operation_type)
        )
        if found != wanted:
            raise AssertionError(
                f"{operation_type} wrote {'; '.join(found) or 'no rows'}; expected {'; '.join(wanted) or 'no rows'}"
            )

    @keyword
    def add_items_to_the_ledger(
        self, player: Player, *positions: str, section: str = "main", days_ago: int = 0, at: datetime | None = None,
        operation_type: str = "system_reward",
    ) -> str:  # fmt: skip
        """Write rows straight into the ledger and return their operation id (seed, section 7.6: AddTestItems).

        ``days_ago`` dates them at noon (UTC) of that day, ``at`` at an instant; without either they are of now.
        Quantities may be negative. Cached balances of the player are dropped when Redis can be reached. Only on
        disposable targets. Fails when a row would be older than a snapshot that the player has already.
        """
        need("database")
        _require_disposable("Add Items To The Ledger")
        instant = _instant(days_ago, at)
        _require_no_later_snapshot(player, section, instant)
        operation_id = calls.new_id()
        self._write(player, positions, section, operation_type, operation_id, instant)
        return operation_id

    @staticmethod
    def _write(
        player: Player, positions: tuple[str, ...], section: str, operation_type: str, operation_id: str, at: datetime
    ) -> None:
        codes = catalogue()
        rows = [
            (player.user_id, codes.code_id("inventory_section", section), position.item_id,
             codes.code_id("collection", position.variant.collection),
             codes.code_id("quality_level", position.variant.quality), position.quantity,
             codes.code_id("operation_type", operation_type), operation_id, at)
            for position in codes.positions(positions)
        ]  # fmt: skip
        database.write_all(_INSERT, rows)
        _drop_cached(player)

    @keyword
    def write_history(self, player: Player, *events: str, section: str = "main") -> None:
        """Write a history straight into the ledger, oldest first: ``5 days ago: 10 stone``, ``today: -3 stone``."""
        day = today()
        for event in events:
            when, _, words = event.partition(":")
            self.add_items_to_the_ledger(player, words, section=section, days_ago=(day - _day(when, day)).days)

    @keyword
    def write_a_reservation(self, player: Player, *positions: str, days_ago: int = 0) -> str:
        """Write a reservation's rows straight into the ledger and return its operation id."""
        taken = [f"{-p.quantity} {p.variant}" for p in catalogue().positions(positions)]
        operation_id = calls.new_id()
        for section, moved in (("main", tuple(taken)), ("factory", positions)):
            self._write(player, moved, section, calls.RESERVATION, operation_id, _instant(days_ago, None))
        return operation_id

    @keyword
    def write_many_rows(self, player: Player, item: str, rows: int, days: int) -> None:
        """Write so many rows of 1 item each straight into section main, spread over the days before today."""
        need("database")
        _require_disposable("Write Many Rows")
        codes, position = catalogue(), catalogue().position(item)
        database.rows(
            _INSERT_MANY, player.user_id, codes.code_id("inventory_section", "main"), position.item_id,
            codes.code_id("collection", position.variant.collection),
            codes.code_id("quality_level", position.variant.quality),
            codes.code_id("operation_type", "system_reward"), days, rows,
        )  # fmt: skip
        _drop_cached(player)

    @keyword
    def write_a_snapshot(self, player: Player, snapshot: str, section: str = "main") -> None:
        """Write a daily balance straight into the database: ``5 days ago: 10 stone``."""
        need("database")
        _require_disposable("Write A Snapshot")
        codes, position = catalogue(), catalogue().position(snapshot.partition(":")[2])
        database.rows(
            _INSERT_SNAPSHOT, player.user_id, codes.code_id("inventory_section", section), position.item_id,
            codes.code_id("collection", position.variant.collection),
            codes.code_id("quality_level", position.variant.quality), _day(snapshot, today()), position.quantity,
        )  # fmt: skip
        _drop_cached(player)

    @keyword
    def snapshots_of_player(self, player: Player, section: str | None = None) -> list[Snapshot]:
        """Return a player's daily balances, oldest first, of one section or all."""
        return [s for s in read_snapshots(player.user_id) if section in (None, s.section)]

    @keyword
    def snapshots_should_be(self, player: Player, *snapshots: str, section: str = "main") -> None:
        """Fail unless a section has exactly these daily balances.

        One reads ``yesterday: 10 stone``, or ``3 days ago: 10 stone``.
        """
        day = today()
        wanted = sorted((_day(text, day), _position(text)) for text in snapshots)
        found = sorted(
            (s.day, f"{s.quantity} {s.variant}") for s in read_snapshots(player.user_id) if s.section == section
        )
        if found != wanted:
            raise AssertionError(
                f"daily balances in {section} are {_dated(found)}; expected {_dated(wanted)} "
                "(contract, section 5: exactly one row, for yesterday)"
            )

    @keyword
    def clean_up_tables(self) -> None:
        """Empty the inventory's tables (seed, section 7.6). Refuses on a target that is not marked disposable.

        Call `Seed Classifiers` afterwards; nobody else may use the target meanwhile.
        """
        need("database")
        _require_disposable("Clean Up Tables")
        database.run_script("TRUNCATE " + ", ".join(f"inventory.{name}" for name in TABLES) + " CASCADE")
        _drop_cached(None)
        catalogue.cache_clear()

    @keyword
    def seed_classifiers(self) -> None:
        """Add the classifiers and items of the migrations; what is there stays (seed, section 7.6)."""
        need("database")
        _require_disposable("Seed Classifiers")
        database.run_script(_CATALOGUE_SQL.read_text(encoding="utf-8"))
        catalogue.cache_clear()

    @keyword
    def stay_clear_of_midnight(self, seconds: int = 20) -> None:
        """Wait past 00:00 UTC when it is near, so that ``yesterday`` stays the same day during a test."""
        now = datetime.now(UTC)
        left = (end_of_day(now) - now).total_seconds()
        if left < seconds:
            logger.info(f"Waiting {left + 0.5:.1f} s for the next day to begin")
            time.sleep(left + 0.5)


def end_of_day(instant: datetime) -> datetime:
    """Return the next midnight."""
    return instant.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def _show_rows(player: Player) -> str:
    return rows_table(read_rows(player.user_id)) if not lacks(target(), "database") else "(no database access)"


def _by_variant(positions: Iterable[Position]) -> dict[Variant, int]:
    return {position.variant: position.quantity for position in positions}


def _in_words(found: dict[Variant, int]) -> str:
    return ", ".join(f"{n} {variant}" for variant, n in sorted(found.items())) or "nothing"


def _row_words(text: str) -> str:
    words, _, section = text.rpartition(" in ")
    position = catalogue().position(words)
    return f"{position.quantity:+d} {position.variant} in {section}"


def _day(text: str, day: date) -> date:
    name = text.partition(":")[0].strip()
    days = {"today": 0, "yesterday": 1}.get(name)
    return day - timedelta(days=int(name.split()[0]) if days is None else days)


def _position(text: str) -> str:
    position = catalogue().position(text.partition(":")[2])
    return f"{position.quantity} {position.variant}"


def _dated(entries: list[tuple[date, str]]) -> str:
    return "; ".join(f"{day}: {words}" for day, words in entries) or "none"


def _instant(days_ago: int, at: datetime | None) -> datetime:
    if at is not None:
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    now = datetime.now(UTC)
    return now if days_ago == 0 else now.replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=days_ago)


def _require_disposable(name: str) -> None:
    if not target().disposable:
        raise AssertionError(
            f"{name} refuses: target {target().name} is not marked disposable. Set TARGET_DISPOSABLE=True in its "
            "variable file only when its data may be lost."
        )


def _require_no_later_snapshot(player: Player, section: str, instant: datetime) -> None:
    day = instant.astimezone(UTC).date()
    for snapshot in read_snapshots(player.user_id):
        if snapshot.section == section and snapshot.day >= day:
            raise AssertionError(
                f"{player} already has a snapshot for {snapshot.day} in {section}: a row dated {day} would make it "
                "wrong. Write the history before the first read."
            )


def _drop_cached(player: Player | None) -> None:
    found = target().redis
    if found is None:
        return
    with cache.Connection(found, CACHE_DATABASE) as store:
        store.forget(f"inventory:{player.user_id if player else ''}*")
