"""What measurements of the services need: players with tokens, stock, history, and prepared requests."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import jwt
import redis
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from benchmarks import wire
from benchmarks.errors import BenchError
from stack import postgres
from stack.state import State

_DAY = 24 * 3600
_MANY = 5000
# Redis database of the caches (contract, section 5).
_CACHE = 1
# The catalogue has 22 items; each comes in 8 quality levels and 5 collections.
_VARIANTS_OF_AN_ITEM = 40

_CODES = """
SELECT c.code, ci.code, ci.id::text FROM inventory.classifier_items ci
JOIN inventory.classifiers c ON c.id = ci.classifier_id
"""
_MORE_ITEMS = """
INSERT INTO inventory.items (item_class_id, item_type_id, quality_levels_classifier_id, collections_classifier_id)
SELECT i.item_class_id, i.item_type_id, i.quality_levels_classifier_id, i.collections_classifier_id
FROM inventory.items i ORDER BY i.id LIMIT greatest(0, %s - (SELECT count(*) FROM inventory.items))
"""
_VARIANTS = """
SELECT i.id::text, co.code, q.code FROM inventory.items i
JOIN inventory.classifier_items co ON co.classifier_id = i.collections_classifier_id
JOIN inventory.classifier_items q ON q.classifier_id = i.quality_levels_classifier_id
ORDER BY co.code <> 'base', q.code <> 'base', i.id, co.code, q.code LIMIT %s
"""
# Rows spread evenly over the days before today. Checking 5 references a row would take most of the time.
_ROWS = """
INSERT INTO inventory.operations (user_id, section_id, item_id, collection_id, quality_level_id, quantity_change,
                                  operation_type_id, operation_id, created_at)
SELECT u.id, %(section)s::uuid, v.item, v.collection, v.quality, %(quantity)s, %(kind)s::uuid, gen_random_uuid(),
       date_trunc('day', clock_timestamp(), 'UTC') + CASE WHEN %(days)s = 0 THEN '1 microsecond'::interval * n
            ELSE '-1 second'::interval - (n %% %(days)s) * '1 day'::interval - '1 microsecond'::interval * n END
FROM unnest(%(users)s::uuid[]) AS u (id)
CROSS JOIN generate_series(0, %(rows)s - 1) AS n
JOIN unnest(%(items)s::uuid[], %(collections)s::uuid[], %(qualities)s::uuid[])
     WITH ORDINALITY AS v (item, collection, quality, position) ON v.position = n %% %(variants)s + 1
"""


@dataclass(frozen=True)
class Variant:
    """A variant by its codes."""

    item_id: str
    collection: str
    quality_level: str

    def line(self, quantity: int) -> dict[str, Any]:
        """Return the item of a request's body."""
        return {
            "item_id": self.item_id,
            "collection": self.collection,
            "quality_level": self.quality_level,
            "quantity": quantity,
        }


@dataclass(frozen=True)
class Player:
    """A player and a good token."""

    user_id: str
    token: str


class World:
    """A running stack of shape ``single`` and everything that calls on it need. Close it afterwards."""

    def __init__(self, state: State) -> None:
        if state.shape != "single":
            raise BenchError("measurements need a stack of shape single: python -m stack down, then try again")
        self.state = state
        self._secrets = state.load_secrets()
        self.url = state.inventory[0].public_url
        self.inventory = wire.Wire(self.url)
        self.auth = wire.Wire(state.auth.url)
        self.database = postgres.connect(state.postgres.port, self._secrets.db_password)
        self.cache = redis.Redis(host=state.redis.host, port=state.redis.port, db=_CACHE)
        self.codes = {(classifier, code): uuid for classifier, code, uuid in self.query(_CODES)}

    def close(self) -> None:
        """Close all connections."""
        for one in (self.inventory, self.auth, self.database, self.cache):
            one.close()

    def query(self, sql: str, values: Any = None) -> list[tuple[Any, ...]]:
        """Run a statement and return its rows, none where it gives none."""
        with self.database.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    # Tokens and players

    @cached_property
    def _key(self) -> tuple[RSAPrivateKey, str]:
        """The stack's signing key and its kid: file names are ``<seconds>-<kid>.pem``."""
        path = Path(self._secrets.signing_key_file)
        newest = max(path.parent.glob("*.pem"), key=lambda one: int(one.name.partition("-")[0]), default=path)
        key = load_pem_private_key(newest.read_bytes(), password=None)
        if not isinstance(key, RSAPrivateKey):
            raise BenchError(f"{newest} holds no RSA key")
        return key, newest.stem.partition("-")[2]

    def sign(self, user_id: str, roles: Sequence[str] = ()) -> str:
        """Return a new good token, as the auth service would write it."""
        at = int(time.time())
        claims = {
            "iss": "shard-legends-auth", "sub": user_id, "telegram_id": 1, "iat": at, "exp": at + _DAY,
            "jti": str(uuid4()), "roles": list(roles),
        }  # fmt: skip
        key, kid = self._key
        return jwt.encode(claims, key, algorithm="RS256", headers={"kid": kid})

    @cached_property
    def service_token(self) -> str:
        """A token of a service, from the auth service."""
        body = {"service": self._secrets.service_name, "secret": self._secrets.service_secret}
        return str(json.loads(self.auth.exchange(wire.request("POST", "/auth/service-token", body=body)))["token"])

    def player(self, user_id: str | None = None) -> Player:
        """Return a new player who has nothing yet."""
        name = user_id or str(uuid4())
        return Player(name, self.sign(name))

    # Stock and history

    def variants(self, count: int) -> list[Variant]:
        """Return so many variants, standard ones first; the catalogue is made longer when it has too few."""
        self.query(_MORE_ITEMS, (-(-count // _VARIANTS_OF_AN_ITEM),))
        return [Variant(*row) for row in self.query(_VARIANTS, (count,))]

    def rows(
        self, users: Sequence[str], rows: int, variants: Sequence[Variant], quantity: int = 1, days: int = 0
    ) -> None:
        """Write ledger rows for each user, spread over variants and over the ``days`` before today; 0 means today."""
        values = {
            "users": list(users), "rows": rows, "quantity": quantity, "days": days, "variants": len(variants),
            "section": self.section("main"), "kind": self.codes["operation_type", "system_reward"],
            "items": [one.item_id for one in variants],
            "collections": [self.codes["collection", one.collection] for one in variants],
            "qualities": [self.codes["quality_level", one.quality_level] for one in variants],
        }  # fmt: skip
        with self.unchecked():
            self.query(_ROWS, values)
        # Autovacuum would come by within a minute; without it, index-only scans look into the heap for each row.
        self.query("VACUUM (ANALYZE) inventory.operations" if rows > _MANY else "ANALYZE inventory.operations")

    @contextmanager
    def unchecked(self) -> Iterator[None]:
        """Within the block, our connection writes without triggers and foreign keys."""
        self.query("SET session_replication_role = replica")
        try:
            yield
        finally:
            self.query("SET session_replication_role = origin")

    def section(self, code: str) -> str:
        """Return a section's id."""
        return str(self.codes["inventory_section", code])

    def forget_cached_day(self, user_id: str) -> None:
        """Make the next read of a player ask the ledger for the closed day."""
        self.cache.delete(f"inventory:{user_id}:closed:main:{datetime.now(UTC).date().isoformat()}")

    def forget_snapshot(self, user_id: str) -> None:
        """Make the next read of a player the first of the day."""
        self.query("DELETE FROM inventory.daily_balances WHERE user_id = %s", (user_id,))
        self.forget_cached_day(user_id)

    # Prepared requests

    def read(self, player: Player, section: str = "main") -> bytes:
        """``GET /inventory``."""
        return wire.request("GET", f"/inventory?section={section}", player.token)

    def add(self, user_id: str, lines: Sequence[dict[str, Any]]) -> bytes:
        """``POST /inventory/add-items`` under a new operation id."""
        body = {
            "user_id": user_id, "section": "main", "operation_type": "system_reward",
            "operation_id": str(uuid4()), "items": lines,
        }  # fmt: skip
        return wire.request("POST", "/inventory/add-items", self.service_token, body)

    def reserve(self, user_id: str, lines: Sequence[dict[str, Any]], operation_id: str | None = None) -> bytes:
        """``POST /inventory/reserve`` under a new or the given operation id."""
        body = {"user_id": user_id, "operation_id": operation_id or str(uuid4()), "items": lines}
        return wire.request("POST", "/inventory/reserve", self.service_token, body)

    def end(self, how: str, user_id: str, operation_id: str) -> bytes:
        """``POST /inventory/return-reserve`` or ``consume-reserve``."""
        body = {"user_id": user_id, "operation_id": operation_id}
        return wire.request("POST", f"/inventory/{how}-reserve", self.service_token, body)


def numbered_user(number: int) -> str:
    """Return the user id that a number stands for, so that SQL can make it too."""
    return str(UUID(f"00000000-0000-4000-8000-{number:012d}"))
