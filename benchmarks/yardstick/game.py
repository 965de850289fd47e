"""What the ten scenarios stand on: httpx for the calls, psycopg2 for the ledger."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psycopg2

Stock = dict[str, int]
SECTIONS = ("main", "factory", "trade")

_CATALOGUE = """
SELECT i.id::text, class.code || '/' || type.code FROM inventory.items i
JOIN inventory.classifier_items class ON class.id = i.item_class_id
JOIN inventory.classifier_items type ON type.id = i.item_type_id
"""
_CODES = """
SELECT c.code, ci.code, ci.id::text FROM inventory.classifier_items ci
JOIN inventory.classifiers c ON c.id = ci.classifier_id
"""
_ROWS = """
SELECT s.code, o.item_id::text, q.code, co.code, o.quantity_change, t.code, o.operation_id::text, o.created_at
FROM inventory.operations o
JOIN inventory.classifier_items s ON s.id = o.section_id
JOIN inventory.classifier_items q ON q.id = o.quality_level_id
JOIN inventory.classifier_items co ON co.id = o.collection_id
JOIN inventory.classifier_items t ON t.id = o.operation_type_id
WHERE o.user_id = %s ORDER BY o.created_at, o.id
"""
_SNAPSHOTS = """
SELECT s.code, b.item_id::text, q.code, co.code, b.balance_date, b.quantity FROM inventory.daily_balances b
JOIN inventory.classifier_items s ON s.id = b.section_id
JOIN inventory.classifier_items q ON q.id = b.quality_level_id
JOIN inventory.classifier_items co ON co.id = b.collection_id
WHERE b.user_id = %s
"""
_INSERT = """
INSERT INTO inventory.operations (user_id, section_id, item_id, collection_id, quality_level_id, quantity_change,
                                  operation_type_id, operation_id, created_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


@dataclass(frozen=True)
class Row:
    """A row of the ledger; a variant is ``quality class/type of collection`` with standard words left out."""

    section: str
    variant: str
    change: int
    kind: str
    operation_id: str
    at: datetime


@dataclass(frozen=True)
class Player:
    """A player who is logged in."""

    user_id: str
    telegram_id: int
    token: str = field(repr=False)


class Game:
    """The running stack that SHARD_STACK_STATE names."""

    def __init__(self) -> None:
        state = json.loads(Path(os.environ["SHARD_STACK_STATE"]).read_text(encoding="utf-8"))
        secrets = json.loads(Path(state["secrets"]).read_text(encoding="utf-8"))
        self._http = httpx.Client(timeout=10, trust_env=False)
        self._inventory, self._auth = state["inventory"][0]["public_url"], state["auth"]["url"]
        where = state["postgres"]
        self._database = psycopg2.connect(
            host=where["host"], port=where["port"], dbname=where["dbname"], user=where["user"],
            password=secrets["db_password"],
        )  # fmt: skip
        self._database.autocommit = True
        body = {"service": secrets["service_name"], "secret": secrets["service_secret"]}
        self._service = (
            self._http.post(f"{self._auth}/auth/service-token", json=body).raise_for_status().json()["token"]
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()
        self._database.close()

    def query(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run a statement and return its rows."""
        with self._database.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    @cached_property
    def _items(self) -> dict[str, str]:
        return {name: item_id for item_id, name in self.query(_CATALOGUE)}

    @cached_property
    def _names(self) -> dict[str, str]:
        return {item_id: name for name, item_id in self._items.items()}

    @cached_property
    def _codes(self) -> dict[tuple[str, str], str]:
        return {(classifier, code): value for classifier, code, value in self.query(_CODES)}

    # Variants in words

    def _words(self, item_id: str, quality: str, collection: str) -> str:
        before = "" if quality == "base" else f"{quality} "
        after = "" if collection == "base" else f" of {collection}"
        return f"{before}{self._names[item_id]}{after}"

    def _parts(self, variant: str) -> dict[str, str]:
        name, _, collection = variant.partition(" of ")
        quality, _, item = name.rpartition(" ")
        parts = {"item_id": self._items[item]}
        return (
            parts | ({"collection": collection} if collection else {}) | ({"quality_level": quality} if quality else {})
        )

    def _lines(self, stock: Stock | list[tuple[str, int]]) -> list[dict[str, Any]]:
        pairs = stock.items() if isinstance(stock, dict) else stock
        return [{**self._parts(variant), "quantity": quantity} for variant, quantity in pairs]

    def in_words(self, items: list[dict[str, Any]], quantity: str = "quantity") -> Stock:
        """Return the items of an answer by their variants' words."""
        return {
            self._words(one["item_id"], one.get("quality_level", "base"), one.get("collection", "base")): one[quantity]
            for one in items
        }

    # Players and calls

    def log_in(self, telegram_id: int | None = None) -> Player:
        """Log a player in, a new one unless told."""
        number = telegram_id or uuid4().int % 2**52 + 1
        body = {"telegram_id": number, "username": f"player {number}"}
        answer = self._http.post(f"{self._auth}/auth/login", json=body).raise_for_status().json()
        return Player(answer["user"]["id"], number, answer["token"])

    def administrator(self) -> Player:
        """Return a new administrator."""
        player = self.log_in()
        self.query("UPDATE auth.users SET role = 'admin' WHERE id = %s", player.user_id)
        return self.log_in(player.telegram_id)

    def call(
        self, method: str, path: str, token: str, body: dict[str, Any] | None = None, expect: str = "200"
    ) -> dict[str, Any]:
        """Make a call and return the answer's body; fails unless status and error code are the expected ones."""
        answer = self._http.request(
            method, f"{self._inventory}{path}", json=body, headers={"Authorization": f"Bearer {token}"}
        )
        content: dict[str, Any] = answer.json()
        found = f"{answer.status_code} {content.get('error', '')}".strip()
        assert found == expect, f"{method} {path} answered {found}, expected {expect}: {content}"
        return content

    def read(self, player: Player, section: str = "main") -> Stock:
        """Return what a player has in a section."""
        return self.in_words(self.call("GET", f"/inventory?section={section}", player.token)["items"])

    def add(self, player: Player, stock: Stock, expect: str = "200", section: str = "main", operation: str = "") -> str:
        """Add items and return the operation id."""
        operation = operation or str(uuid4())
        body = {"user_id": player.user_id, "section": section, "operation_type": "chest_reward",
                "operation_id": operation, "items": self._lines(stock)}  # fmt: skip
        self.call("POST", "/inventory/add-items", self._service, body, expect)
        return operation

    def reserve(
        self, player: Player, stock: Stock | list[tuple[str, int]], operation: str = "", expect: str = "200"
    ) -> str:
        """Reserve items and return the operation id."""
        operation = operation or str(uuid4())
        body = {"user_id": player.user_id, "operation_id": operation, "items": self._lines(stock)}
        self.call("POST", "/inventory/reserve", self._service, body, expect)
        return operation

    def missing(self, player: Player, stock: Stock | list[tuple[str, int]]) -> dict[str, tuple[int, int]]:
        """Reserve too much and return what the refusal says is required and available."""
        body = {"user_id": player.user_id, "operation_id": str(uuid4()), "items": self._lines(stock)}
        items = self.call("POST", "/inventory/reserve", self._service, body, "400 insufficient_items")["missing_items"]
        required, available = self.in_words(items, "required"), self.in_words(items, "available")
        return {variant: (required[variant], available[variant]) for variant in required}

    def end(self, how: str, player: Player, operation: str, expect: str = "200") -> None:
        """Return or consume a reservation."""
        body = {"user_id": player.user_id, "operation_id": operation}
        self.call("POST", f"/inventory/{how}-reserve", self._service, body, expect)

    def reservation(self, operation: str) -> tuple[str, Stock]:
        """Return a reservation's status and what it holds."""
        body = self.call("GET", f"/inventory/reservation/{operation}", self._service)
        return body["status"], self.in_words(body["reserved_items"])

    def adjust(self, admin: Player, player: Player, changes: Stock, reason: str) -> Stock:
        """Change balances by hand and return the final ones."""
        items = [{**self._parts(variant), "quantity_change": change} for variant, change in changes.items()]
        body = {"user_id": player.user_id, "section": "main", "items": items, "reason": reason}
        return self.in_words(self.call("POST", "/admin/inventory/adjust", admin.token, body)["final_balances"])

    # The ledger

    def write_history(self, player: Player, days_ago: int, variant: str, change: int) -> None:
        """Write a ledger row as of some days ago."""
        at = datetime.now(UTC) - timedelta(days=days_ago)
        codes, parts = self._codes, self._parts(variant)
        self.query(
            _INSERT, player.user_id, codes["inventory_section", "main"], parts["item_id"],
            codes["collection", parts.get("collection", "base")],
            codes["quality_level", parts.get("quality_level", "base")], change,
            codes["operation_type", "system_reward"], str(uuid4()), at,
        )  # fmt: skip

    def rows(self, player: Player) -> list[Row]:
        """Return a player's ledger rows, oldest first."""
        return [
            Row(section, self._words(item, quality, collection), change, kind, operation, at)
            for section, item, quality, collection, change, kind, operation, at in self.query(_ROWS, player.user_id)
        ]

    def snapshots(self, player: Player) -> dict[tuple[str, str, date], int]:
        """Return a player's snapshots by section, variant and day."""
        return {
            (section, self._words(item, quality, collection), day): quantity
            for section, item, quality, collection, day, quantity in self.query(_SNAPSHOTS, player.user_id)
        }

    def check_laws(self, player: Player) -> None:
        """Fail when the ledger breaks laws 1 to 3 for a player, or the API says other balances."""
        rows, snapshots = self.rows(player), self.snapshots(player)
        said = {section: self.read(player, section) for section in SECTIONS}
        if self.rows(player) == rows:
            snapshots = self.snapshots(player)
        sums: dict[str, Stock] = {section: defaultdict(int) for section in SECTIONS}
        held: dict[tuple[str, str], int] = defaultdict(int)
        for row in rows:
            sums[row.section][row.variant] += row.change
            assert sums[row.section][row.variant] >= 0 or row.change > 0, f"law 2: {row}"
            if row.kind.startswith("factory_"):
                held[row.operation_id, row.variant] += row.change
        assert said == {section: {v: n for v, n in one.items() if n} for section, one in sums.items()}, "law 1"
        consumed = {row.operation_id for row in rows if row.kind == "factory_consumption"}
        assert not any(change for (operation, _), change in held.items() if operation not in consumed), "law 3"
        for (section, variant, day), quantity in snapshots.items():
            end = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
            then = sum(r.change for r in rows if (r.section, r.variant) == (section, variant) and r.at < end)
            assert quantity == then, f"law 1: the snapshot of {variant} for {day}"
