"""Keywords about items in words, and about the ledger in the database."""

from __future__ import annotations

import itertools
import json
import re
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeVar

from robot.api import SkipExecution, logger
from robot.api.deco import keyword, library
from robot.libraries.BuiltIn import BuiltIn

from history.laws import BASE, RESERVATION, RETURN, Row, Snapshot, Variant, end_of, is_a_lack_of_a_snapshot, violations
from history.picture import of_ledger
from libraries.calls import evidence, together
from libraries.calls.keywords import CallKeywords
from libraries.calls.sending import client
from libraries.ledger import database, rows
from libraries.ledger.catalogue import OF_A_TEST, catalogue
from libraries.target.preparing import need, target
from libraries.target.settings import Instance, lacks
from libraries.tokens.forging import value_of
from libraries.tokens.token import Player, Token, token_of
from reporting.answers import Answer, Call
from reporting.forms import is_uuid

_Seen = TypeVar("_Seen")
# The seed's CleanupTables.
TABLES = ("operations", "daily_balances", "item_images", "items", "classifier_items", "classifiers")
_REWARD = "system_reward"
_WATCHED_SECONDS = 0.4
_NEAR_MIDNIGHT_SECONDS = 20
# No rule says that a snapshot is made before the answer for which it was needed.
_SNAPSHOT_SECONDS = 2.0
_NOBODY = "00000000-0000-0000-0000-000000000000"
_CATALOGUE_SQL = Path(__file__).parents[2] / "services" / "migrations" / "0003_catalogue.sql"
_AUDIT_ROWS = (
    "SELECT to_jsonb(one) FROM inventory.audit_log AS one WHERE strpos(to_jsonb(one)::text, %s) > 0 ORDER BY id DESC"
)
_PARTS_OF_AN_ITEM = """
SELECT i.quality_levels_classifier_id::text, level.id::text, i.collections_classifier_id::text, season.id::text,
       i.item_type_id::text
FROM inventory.items i
JOIN inventory.classifier_items level ON level.classifier_id = i.quality_levels_classifier_id AND level.code = 'base'
JOIN inventory.classifier_items season ON season.classifier_id = i.collections_classifier_id AND season.code = 'base'
WHERE i.id::text = %s
"""
_RIGHTS = r"""
SELECT concat_ws(', ',
        CASE WHEN r.rolsuper THEN 'it is a superuser' END,
        CASE WHEN pg_has_role(r.oid, c.relowner, 'MEMBER') THEN 'it owns the table' END,
        (SELECT string_agg(p, ', ') FROM unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) AS p
         WHERE has_table_privilege(r.oid, c.oid, p)
            OR p = 'UPDATE' AND has_any_column_privilege(r.oid, c.oid, 'UPDATE')),
        (SELECT string_agg(f.oid::regprocedure || ' that does so as its owner', ', ') FROM pg_proc f
         WHERE has_function_privilege(r.oid, f.oid, 'EXECUTE') AND has_schema_privilege(r.oid, f.pronamespace, 'USAGE')
           AND f.prorettype <> 'trigger'::regtype
           AND CASE WHEN f.prosecdef THEN regexp_replace(pg_get_functiondef(f.oid), '--[^\n]*', '', 'g') END ~* (
               '\m(delete\s+from|update|truncate(\s+table)?)\s+(only\s+)?("?inventory"?\.)?"?' || c.relname || '\M')))
FROM pg_roles r CROSS JOIN pg_class c WHERE r.rolname = %s AND c.oid = %s::regclass
"""
_CHANGES = {
    "administrator": "UPDATE auth.users SET role = 'admin' WHERE id = %s::uuid",
    "player": "UPDATE auth.users SET role = 'player' WHERE id = %s::uuid",
    "inactive": "UPDATE auth.users SET is_active = false WHERE id = %s::uuid",
    "gone": "DELETE FROM auth.users WHERE id = %s::uuid",
}


@library(scope="GLOBAL")
class LedgerKeywords:
    """Items in words, and the ledger in the database: read, prepared, judged by its laws (contract, section 5).

    Items are told as ``10 stone`` or ``2 wooden tools/axe of winter_2025``: quantity, quality, type or class/type,
    collection. Keywords that look into the database skip the test when the target gives no access to it; those that
    write there refuse on a target that is not marked disposable.
    """

    def __init__(self) -> None:
        evidence.show_ledger, evidence.body_of = _show, self.body

    # -- items in words --------------------------------------------------------------------------------------------

    @keyword
    def body(self, items: Any = None, quantity: Any = "quantity", **members: Any) -> dict[str, Any]:
        """Return the body of a call: items told in words become lines, members that are None are left out.

        ``operation_id=${NONE}`` becomes a new id. ``quantity`` is the name of a line's quantity. Serves section 4.
        """
        if members.get("operation_id", "") is None:
            members["operation_id"] = together.new_id()
        result = {name: value for name, value in members.items() if value is not None}
        if items is not None:
            result["items"] = [one.body(quantity) for one in catalogue().positions(items)]
        return result

    @keyword
    def items_should_be(self, answer: Any, member: Any, *items: Any, among: Any = False) -> None:
        """Fail unless a member of an answer lists exactly these items, in any order (4.3, 4.8, 4.9).

        ``among`` others: these are listed, except those of which there are 0, and what else is listed does not count;
        of a variant that is listed twice the last entry does.
        """
        wanted = {position.variant: position.quantity for position in catalogue().positions(items)}
        found = quantities_told(answer, member, twice=bool(among))
        if among:
            found = {variant: found.get(variant, 0) for variant in wanted}
        if found != wanted:
            raise AssertionError(f"{answer.call} told {_in_words(found)} in {member}, expected {_in_words(wanted)}")

    @keyword
    def what_is_read_should_be(self, path: Any, player: Any, *items: Any, at: Any = None) -> None:
        """Fail unless a read, as a player, answers exactly these items, in any order (4.3)."""
        self.items_should_be(_read(path, player, at), "items", *items)

    @keyword
    def item_words_should_be_right(self, answer: Answer, member: str) -> None:
        """Fail unless each item in an answer has the class and type that the catalogue gives it (4.3)."""
        for entry in answer.member(member):
            variant = catalogue().variant_of(entry)
            if (entry.get("item_class"), entry.get("item_type")) != (variant.item_class, variant.item_type):
                raise AssertionError(
                    f"{answer.call} calls {variant} {entry.get('item_class')}/{entry.get('item_type')} (4.3)"
                )

    @keyword
    def entries_should_tell(self, entries: list[Any], names: str, *items: str) -> None:
        """Fail unless a list is of exactly these items, with these two numbers: ``stone from 10 to 7`` (4.5, 4.10).

        ``names`` are what the numbers are called there: ``before after``.
        """
        told = [(catalogue().variant_of(one), *(repr(one.get(name)) for name in names.split())) for one in entries]
        found, wanted = sorted(told), sorted(map(_numbered, items))
        if found != wanted:
            raise AssertionError(f"the numbers ({names}) are {_listed(found)}; expected are {_listed(wanted)}")

    @keyword
    def quantities_told(self, answers: list[Answer], item: str) -> list[int]:
        """Return what those of the answers that list items tell of one of them (4.3)."""
        variant = catalogue().position(item).variant
        lists = [a for a in answers if a.status == 200 and isinstance(a.body, dict) and "items" in a.body]
        return [quantities_told(a, "items").get(variant, 0) for a in lists]

    @keyword
    def variants_of_every_kind(self, most: int) -> list[str]:
        """Return the words of as many variants as are wanted, or as there are: the standard ones first (4.3, 5.2)."""
        known = catalogue()
        kinds = [
            [
                Variant(one.item_class, one.item_type, quality, collection)
                for quality in sorted(known.codes_of(one.quality_levels), key=lambda code: code != BASE)
                for collection in sorted(known.codes_of(one.collections), key=lambda code: code != BASE)
            ]
            for one in known.items
        ]  # fmt: skip
        every = (variant for turn in itertools.zip_longest(*kinds) for variant in turn if variant)
        return [str(variant) for variant in itertools.islice(every, most)]

    @keyword
    def class_of(self, item: str) -> str:
        """Return the class of an item, or of what stands for it in the target's catalogue (section 5)."""
        return catalogue().position(item).variant.item_class

    @keyword
    def codes_of(self, classifier: str) -> list[str]:
        """Return the codes of a classifier (section 5)."""
        need("database")
        return sorted(catalogue().codes_of(classifier))

    @keyword
    def id_of_code(self, classifier: str, code: str) -> str:
        """Return the id of a classifier's code, which is no code (4.1). Skips the test when there is no such code."""
        need("database")
        if (classifier, code) not in catalogue().codes:
            raise SkipExecution(f"target {target().name} has no {code} in its classifier {classifier}")
        return catalogue().code_id(classifier, code)

    # -- laws ------------------------------------------------------------------------------------------------------

    @keyword
    def ledgers_should_be_lawful(self, reads: dict[str, str], *players: Player) -> None:
        """Fail when laws 1 to 5 are broken for a player; the message names law, variant and numbers.

        ``reads`` are the paths, by section, at which the player reads what law 1 is compared with; a player whose
        token was ended is not asked. Laws 4 and 5 are compared with what this process was answered. Without database
        access it only says so.
        """
        if lacks(target(), "database"):
            logger.info("The ledger was not looked at: no database access.")
            return
        for player in players:
            found = _broken_laws(player, reads)
            if _only_lacks(found) and rows.is_just_past_midnight():
                # What it was asked before midnight closed no day that has ended since.
                found = _broken_laws(player, reads)
            if found:
                evidence.current.players.setdefault(player.user_id, player)
                raise AssertionError("\n".join(found))

    @keyword
    def ledgers_of_this_test_should_be_lawful(self, reads: dict[str, str]) -> None:
        """Like `Ledgers Should Be Lawful`, for every player of the test (laws 1 to 5).

        The service is asked about the first four only; a table of many players looks at their balances itself.
        """
        players = list(evidence.current.players.values())
        self.ledgers_should_be_lawful(reads, *players[:4])
        self.ledgers_should_be_lawful({}, *players[4:])

    # -- rows ------------------------------------------------------------------------------------------------------

    @keyword
    def rows_of_player(self, player: Player | str) -> list[Row]:
        """Return a player's (or a user id's) ledger rows, oldest first (section 5)."""
        return list(rows.read_ledger(player if isinstance(player, str) else player.user_id).rows)

    @keyword
    def operation_should_have_rows(self, player: Player, operation_id: str, operation_type: str, *wanted: str) -> None:
        """Fail unless a business operation wrote exactly these rows of a type: ``-3 stone in main`` (4.4 to 4.7)."""
        told = sorted(_row_words(text) for text in wanted)
        found = sorted(
            f"{row.change:+d} {row.variant} in {row.section}"
            for row in rows.read_ledger(player.user_id).rows
            if (row.operation_id, row.operation_type) == (operation_id, operation_type)
        )
        if found != told:
            raise AssertionError(
                f"{operation_type} wrote {'; '.join(found) or 'no rows'}; expected {'; '.join(told) or 'no rows'}"
            )

    @keyword
    def add_items_to_the_ledger(
        self, player: Player, *items: str, section: str = "main", days_ago: int = 0, at: datetime | None = None
    ) -> str:
        """Write rows straight into the ledger and return their operation id (seed 7.6, AddTestItems).

        ``days_ago`` dates them at noon (UTC) of that day, ``at`` at an instant; without either they are of now.
        Quantities may be negative. Cached balances of the player are dropped when Redis can be reached. Fails when a
        row would be older than a snapshot that the player has already.
        """
        _require_disposable("Add Items To The Ledger")
        operation_id, at = together.new_id(), at or _instant(days_ago)
        _write(player, [(one, section, _REWARD, operation_id, at) for one in catalogue().positions(items)])
        return operation_id

    @keyword
    def write_history(self, player: Player, *events: str, section: str = "main") -> None:
        """Write a history straight into the ledger, oldest first: ``5 days ago: 10 stone``, ``today: -3 stone``."""
        _require_disposable("Write History")
        told = (event.partition(":") for event in events)
        _write(player, [
            (catalogue().position(words), section, _REWARD, together.new_id(), _instant(_days_ago(when)))
            for when, _, words in told
        ])  # fmt: skip

    @keyword
    def drop_cached_balances(self, player: Player) -> None:
        """Drop what Redis has cached of a player's balances (5.3). Skips the test when Redis cannot be reached."""
        need("redis")
        rows.drop_cached(player.user_id)

    @keyword
    def write_rows_of_a_reservation(
        self, player: Player, *items: str, days_ago: int = 0, returned: int | None = None
    ) -> str:  # fmt: skip
        """Write a reservation's rows straight into the ledger and return their operation id (4.5).

        ``returned`` so many days ago, its end is written too (4.6).
        """
        _require_disposable("Write Rows Of A Reservation")
        put, operation_id, at = catalogue().positions(items), together.new_id(), _instant(days_ago)
        taken = [replace(one, quantity=-one.quantity) for one in put]
        moves = [("factory", put, RESERVATION, at), ("main", taken, RESERVATION, at)]
        if returned is not None:
            then = _instant(returned)
            moves += [("main", put, RETURN, then), ("factory", taken, RETURN, then)]
            # The judge of histories knows no such rows.
            evidence.histories.leave_out({player.user_id})
        _write(player, [(one, section, kind, operation_id, on) for section, lines, kind, on in moves for one in lines])
        return operation_id

    @keyword
    def write_many_rows(self, player: Player, item: str, count: int, days: int) -> None:
        """Write so many rows of 1 item each straight into section main, spread over the days before today (5.2)."""
        _require_disposable("Write Many Rows")
        position = catalogue().position(item)
        rows.write_many_rows(player.user_id, position, count, days)
        evidence.history.rows("add", player.user_id, [replace(position, quantity=count).body()], together.new_id())

    # -- daily balances --------------------------------------------------------------------------------------------

    @keyword
    def write_a_snapshot(self, player: Player, snapshot: str, section: str = "main") -> None:
        """Write a daily balance straight into the database: ``5 days ago: 10 stone`` (5.1)."""
        _require_disposable("Write A Snapshot")
        when, _, words = snapshot.partition(":")
        day = rows.today() - timedelta(days=_days_ago(when))
        rows.write_snapshot(player.user_id, catalogue().position(words), section, day)

    @keyword
    def write_a_snapshot_of_each_day(self, player: Player, days: int, *items: str) -> None:
        """Write what a new player owns for so many days, with its snapshot of each day up to yesterday (5.2)."""
        _require_disposable("Write A Snapshot Of Each Day")
        owned = catalogue().positions(items)
        self.write_history(player, *(f"{days + 1} days ago: {one}" for one in items))
        for position in owned:
            rows.write_snapshots(player.user_id, position, days)

    @keyword
    def snapshots_of_player(self, player: Player, section: str) -> list[Snapshot]:
        """Return a player's daily balances in a section, oldest first, each with when it was made (5.1)."""
        return [one for one in rows.read_ledger(player.user_id).snapshots if one.section == section]

    @keyword
    def snapshots_should_be(self, player: Player, *snapshots: str, section: str = "main") -> None:
        """Fail unless a section has exactly these daily balances: ``yesterday: 10 stone``, ``3 days ago: 10 stone``.

        Serves 5.1.
        """

        def look() -> tuple[list[tuple[date, str]], list[tuple[date, str]]]:
            ledger = rows.read_ledger(player.user_id)
            told = (text.partition(":") for text in snapshots)
            wanted = [(ledger.today - timedelta(days=_days_ago(w)), str(catalogue().position(s))) for w, _, s in told]
            found = [(one.day, f"{one.quantity} {one.variant}") for one in ledger.snapshots if one.section == section]
            return sorted(found), sorted(wanted)

        found, wanted = _once_closed(look, lambda both: set(both[0]) < set(both[1]))
        if found != wanted:
            raise AssertionError(f"daily balances in {section} are {_listed(found)}; expected {_listed(wanted)} (5.1)")

    @keyword
    def midnight(self, microseconds: int = 0, days_ago: int = 0) -> datetime:
        """Return when a day began in UTC by the database's clock, or so many microseconds from that (5.1)."""
        return end_of(rows.today() - timedelta(days=days_ago + 1)) + timedelta(microseconds=microseconds)

    @keyword
    def stay_clear_of_midnight(self) -> None:
        """Wait past 00:00 UTC when it is near, so that ``yesterday`` stays the same day during a test (5.1)."""
        now = datetime.now(UTC)
        left = (end_of(now.date()) - now).total_seconds()
        if left < _NEAR_MIDNIGHT_SECONDS:
            logger.info(f"Waiting {left + 0.5:.1f} s for the next day to begin")
            time.sleep(left + 0.5)

    @keyword
    def log_of_the_database(self) -> dict[str, int]:
        """Return up to where the database's log is ``written``, and up to where it is ``on_disk``, in bytes (law 5).

        What is committed is on the disk before that is acknowledged, unless somebody has asked not to wait for it.
        """
        return database.log_positions()

    @keyword
    def database_should_be_the_services_own(self) -> None:
        """Fail unless the database, where it can be reached, has the tables and columns of section 5."""
        if not lacks(target(), "database"):
            rows.read_ledger(_NOBODY)

    # -- users, audit log, whole tables ----------------------------------------------------------------------------

    @keyword
    def audit_rows_of(self, player: Player) -> list[dict[str, Any]]:
        """Return a player's rows of the audit log from the database, newest first (4.10)."""
        return [entry for (entry,) in database.rows(_AUDIT_ROWS, player.user_id)]

    @keyword
    def time_of_user(self, player: Player, which: Literal["created_at", "last_login_at"]) -> datetime | None:
        """Return when a user was created or last logged in, None when the database does not say (2.1, 2.2)."""
        database.need_users()
        ((at,),) = database.rows(f"SELECT {which} FROM auth.users WHERE id::text = %s", player.user_id.lower())  # noqa: S608
        return at if isinstance(at, datetime) else None

    @keyword
    def row_of_user(self, telegram_id: int) -> dict[str, Any]:
        """Return what auth.users holds of a user of Telegram, by its columns (2.2)."""
        database.need_users()
        ((row,),) = database.rows("SELECT to_jsonb(u) FROM auth.users AS u WHERE telegram_id = %s", telegram_id)
        return dict(row)

    @keyword
    def change_user(self, player: Player, to: Literal["administrator", "player", "inactive", "gone"]) -> None:
        """Change a user behind the back of their token; the next login has a new role (2.12, 2.13)."""
        need("database")
        database.need_users()
        database.rows(_CHANGES[to], player.user_id)

    @keyword
    def row_should_be_refused(self, table: str, fresh: str, wrong: str) -> None:
        """Fail when a table takes a copy of one of its rows with this wrong: ``quantity=-1``, ``code=same``.

        ``fresh`` is what makes the copy another row: ``id=(new)``. Skips the test when even a good copy is refused,
        for then this target's table is filled otherwise. Serves section 5.
        """
        _require_disposable("Row Should Be Refused")
        name, _, words = wrong.partition("=")
        # Of ids the contract says no type: a UUID, or else a number.
        for new in (together.new_id(), secrets.randbelow(10**8) + 2 * 10**9):
            told = (one.partition("=") for one in fresh.split())
            good = {one: new if text == "(new)" else value_of(text) for one, _, text in told}
            if database.would_take(table, json.dumps(good)):
                break
        else:
            raise SkipExecution(f"target {target().name} takes no copy of a row of {table} with {fresh}")
        bad = {one: good[one] for one in good if one != name} | ({} if words == "same" else {name: value_of(words)})
        if database.would_take(table, json.dumps(bad)):
            raise AssertionError(f"{table} takes a row with {wrong} (section 5)")

    @keyword
    def services_should_only_add_to(self, table: Literal["operations", "audit_log"]) -> None:
        """Fail when a role of the services may change or remove rows of the ledger, or make itself able to (5.4)."""
        need("services' database users")
        for role in target().services_database_users:
            found = database.rows(_RIGHTS, role, f"inventory.{table}")
            if not found:
                raise AssertionError(f"the database has no role {role}: change TARGET_SERVICES_DATABASE_USERS")
            if found[0][0]:
                raise AssertionError(
                    f"role {role} of the services may do more to {table} than add: {found[0][0]} (5.4)"
                )

    @keyword
    def clean_up_tables(self) -> None:
        """Empty the inventory's tables (seed 7.6).

        Call `Seed Classifiers` afterwards; nobody else may use the target meanwhile.
        """
        _require_disposable("Clean Up Tables")
        database.rows("TRUNCATE " + ", ".join(f"inventory.{name}" for name in TABLES) + " CASCADE")
        rows.drop_cached("")
        catalogue.cache_clear()
        # What was acknowledged before is gone on purpose.
        evidence.journal.clear()
        evidence.history.forget()

    @keyword
    def put_an_item_into_the_catalogue(self, quality_level: str, collection: str | None = None) -> str:
        """Add an item that comes in this quality level alone, by a list of its own; return its id (section 5).

        Of a ``collection`` likewise. Skips the test when the target's classifiers are kept otherwise than by UUIDs.
        """
        _require_disposable("Put An Item Into The Catalogue")
        # Of an item that comes in both, if there is one.
        model = min(
            catalogue().items, key=lambda one: (one.quality_levels[:3] == "no ") + (one.collections[:3] == "no ")
        )
        known = database.rows(_PARTS_OF_AN_ITEM, model.item_id)
        if not known or not all(map(is_uuid, known[0])):
            raise SkipExecution(f"target {target().name} keeps its classifiers by other ids than UUIDs")
        levels, level, seasons, season, old_kind = known[0]
        kind, item, empty = (together.new_id() for _ in range(3))
        changes = {"id": item, "item_type_id": kind}
        # One that has no codes yet, as between two lines of a deployment's script.
        written = [("classifiers", levels, {"id": empty, "code": f"{OF_A_TEST}{empty}"})]
        for column, like, base, code in (
            ("quality_levels_classifier_id", levels, level, quality_level),
            ("collections_classifier_id", seasons, season, collection),
        ):
            if code is not None:
                own = changes[column] = together.new_id()
                written.append(("classifiers", like, {"id": own, "code": f"{OF_A_TEST}{own}"}))
                for changed in ({}, {"code": code}):
                    one = {"id": together.new_id(), "classifier_id": own, **changed}
                    written.append(("classifier_items", base, one))
        written.append(("classifier_items", old_kind, {"id": kind, "code": f"{OF_A_TEST}{kind}"}))
        for table, like, wanted in [*written, ("items", model.item_id, changes)]:
            database.copy(f"inventory.{table}", like, json.dumps(wanted))
        catalogue.cache_clear()
        return item

    @keyword
    def put_a_code_into_the_catalogue(self, classifier: str) -> str:
        """Add a code to a classifier that is in use, and return it (section 5). No other test takes it for a part."""
        _require_disposable("Put A Code Into The Catalogue")
        code, base = f"{OF_A_TEST}{secrets.token_hex(4)}", catalogue().code_id(classifier, "base")
        database.copy("inventory.classifier_items", base, json.dumps({"id": together.new_id(), "code": code}))
        catalogue.cache_clear()
        return code

    @keyword
    def give_an_item_another_id(self, item: str, other: str | None = None) -> str:
        """Give an item of the live catalogue another id, so that the old one names nothing; return it (4.1)."""
        _require_disposable("Give An Item Another Id")
        other = other or together.new_id()
        with database.taken_by_hand("inventory.items"):
            database.rows("UPDATE inventory.items SET id = %s WHERE id::text = %s", other, item)
        catalogue.cache_clear()
        return other

    @keyword
    def seed_classifiers(self) -> None:
        """Add the classifiers and items of the migrations; what is there stays (seed 7.6)."""
        _require_disposable("Seed Classifiers")
        database.rows(_CATALOGUE_SQL.read_text(encoding="utf-8"))
        catalogue.cache_clear()

    @keyword
    def send_together_before_any_row_is_written(
        self, *groups: list[Call], meanwhile: str | None = None, table: str = "inventory.operations",
        fail_on_5xx: bool = True,
    ) -> list[Answer]:  # fmt: skip
        """Like `Send Together`, but no row gets into a table before all calls are under way (2.1, laws 2 and 7).

        So every call has looked at what is there before any other has changed it, unless something makes them wait for
        one another: a race that is lost for sure, not by chance. For a moment, everybody's writes wait. Keyword
        ``meanwhile``, if there is one, is run while they do (6.5). ``fail_on_5xx`` is what `Send Together` has.
        """
        _require_disposable("Send Together Before Any Row Is Written")
        prepared = together.in_turns(groups)
        run = partial(BuiltIn().run_keyword, meanwhile) if meanwhile else None
        with database.no_row_can_be_written(table, len(prepared), run) as release:
            answers = together.send_all(prepared, release)
        return CallKeywords.judged(answers) if fail_on_5xx else answers

    @keyword
    def send_together_while_the_total_is_watched(
        self, player: Player, *groups: list[Call], by: int = 0
    ) -> list[Answer]:
        """Like `Send Together`; fail when the rows of main and factory together ever made another total meanwhile.

        For calls that only move a player's items, or one that changes their number ``by`` so many: readers see the
        rows of a call together or not at all (laws 3 and 4).
        """
        need("database")
        before = _total(player)
        seen: set[int] = set()

        def watch() -> None:
            deadline = time.monotonic() + _WATCHED_SECONDS
            while not seen or time.monotonic() < deadline:
                seen.add(_total(player))

        answers = together.send_all(together.in_turns(groups), watch)
        if not seen <= {before, before + by}:
            raise AssertionError(f"Law 4 (all or none): main and factory made {sorted(seen)} in all, not {before}")
        return CallKeywords.judged(answers)


def _once_closed(look: Callable[[], _Seen], lacks_some: Callable[[_Seen], object]) -> _Seen:
    """Return what is seen, or what is seen a moment later, while nothing is wrong but that snapshots are lacking."""
    deadline = time.monotonic() + _SNAPSHOT_SECONDS
    while lacks_some(seen := look()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return seen


def _broken_laws(player: Player, reads: dict[str, str]) -> list[str]:
    can_call = player.token.value not in evidence.ended_tokens
    said = {section: quantities_told(_read(p, player), "items") for section, p in reads.items() if can_call}

    def look() -> list[str]:
        return violations(rows.read_ledger(player.user_id), said, evidence.journal.get(player.user_id, []))

    return _once_closed(look, _only_lacks)


def _only_lacks(broken: list[str]) -> bool:
    return bool(broken) and all(map(is_a_lack_of_a_snapshot, broken))


def _total(player: Player) -> int:
    ledger = rows.read_ledger(player.user_id)
    return sum(row.change for row in ledger.rows if row.section in ("main", "factory"))


def _show(player: Player) -> str:
    return "(no database access)" if lacks(target(), "database") else of_ledger(rows.read_ledger(player.user_id))


def _read(path: str, who: Player | Token, at: Instance | None = None) -> Answer:
    return client().send(Call("GET", (at or target().first).public + path, token_of(who)))


def quantities_told(answer: Answer, member: str, *, twice: bool = False) -> dict[Variant, int]:
    """Return the quantities that an answer tells. Raises AssertionError for a variant named twice, unless it may be."""
    found: dict[Variant, int] = {}
    for entry in answer.member(member):
        variant = catalogue().variant_of(entry)
        if variant in found and not twice:
            raise AssertionError(f"{answer.call} names {variant} twice in {member}")
        found[variant] = entry.get("quantity")
    return found


def _in_words(found: dict[Variant, int]) -> str:
    return ", ".join(f"{n} {variant}" for variant, n in sorted(found.items())) or "nothing"


def _numbered(text: str) -> tuple[Variant, str, str]:
    match = re.fullmatch(r"(.+?) \w+[ =](\d+) \w+[ =](\d+)", text)
    if match is None:
        raise ValueError(f"{text!r} does not read like 'stone from 10 to 7'")
    return catalogue().position(match[1]).variant, match[2], match[3]


def _listed(some: Sequence[tuple[object, ...]]) -> str:
    return "; ".join(" ".join(map(str, one)) for one in some) or "none"


def _row_words(text: str) -> str:
    words, _, section = text.rpartition(" in ")
    position = catalogue().position(words)
    return f"{position.quantity:+d} {position.variant} in {section}"


def _days_ago(words: str) -> int:
    days = {"today": 0, "yesterday": 1}.get(words.strip())
    return int(words.split()[0]) if days is None else days


def _instant(days_ago: int) -> datetime:
    now = datetime.now(UTC)
    return now if days_ago == 0 else now.replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=days_ago)


def _require_disposable(name: str) -> None:
    need("database")
    if not target().disposable:
        raise AssertionError(
            f"{name} refuses: target {target().name} is not marked disposable. Set TARGET_DISPOSABLE=True in its "
            "variable file only when its data may be lost."
        )


def _write(player: Player, written: list[rows.Written]) -> None:
    """Write rows, unless one is older than a snapshot that the player has already: that would make it wrong.

    Who has closed yesterday for one variant may have done so for all of them.
    """
    snapshots = rows.read_ledger(player.user_id).snapshots
    yesterday = rows.today() - timedelta(days=1)
    for position, section, _, _, at in written:
        day = at.astimezone(UTC).date()
        for one in snapshots:
            if one.day >= (day if (one.section, one.variant) == (section, position.variant) else max(day, yesterday)):
                raise AssertionError(
                    f"{player} already has a snapshot for {one.day} in {one.section}: a row dated {day} in {section} "
                    "would make it wrong. Write the history before the first read."
                )
    rows.write_rows(player.user_id, written)
    for (operation_id, kind, section), lines in itertools.groupby(written, key=lambda one: (one[3], one[2], one[1])):
        bodies = [position.body() for position, *_ in lines]
        if kind == _REWARD:
            evidence.history.rows("add", player.user_id, bodies, operation_id, section=section, operation_type=kind)
        elif (kind, section) == (RESERVATION, "factory"):
            evidence.history.rows("reserve", player.user_id, bodies, operation_id)
