"""A bare deployment and how its tests call it: raw HTTP, in the words of both shapes."""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jwt
import requests
from redis import Redis

from services.auth.telegram import signature
from stack.postgres import connect
from stack.state import Secrets, State

CODES = """
SELECT class.code, type.code, i.id::text FROM inventory.items i
JOIN inventory.classifier_items class ON class.id = i.item_class_id
JOIN inventory.classifier_items type ON type.id = i.item_type_id
"""


@dataclass
class Deployment:
    """A stack that speaks a dialect, and its callers."""

    state: State
    secrets: Secrets = field(init=False)
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.secrets = self.state.load_secrets()
        self.session.trust_env = False

    @property
    def is_split(self) -> bool:
        return self.state.shape == "split"

    @property
    def admin_path(self) -> str:
        return "/inventory/admin" if self.is_split else "/admin/inventory"

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the database."""
        with connect(self.state.postgres.port, self.secrets.db_password) as connection, connection.cursor() as cursor:
            cursor.execute(sql, values)
            return [] if cursor.description is None else cursor.fetchall()

    def kept(self, key: str) -> dict[str, Any]:
        """Return a record of the tokens' database in Redis."""
        record = Redis(self.state.redis.host, self.state.redis.port, 0, decode_responses=True).get(key)
        assert isinstance(record, str)
        kept: dict[str, Any] = json.loads(record)
        return kept

    def item(self, class_code: str, type_code: str) -> str:
        """Return the id of an item."""
        return next(str(item) for known, kind, item in self.rows(CODES) if (known, kind) == (class_code, type_code))

    def url(self, path: str, *, public: bool = False) -> str:
        """Return the address of a call of inventory-service."""
        first = self.state.inventory[0]
        return f"{first.public_url if public else first.internal_url}{'/api' if self.is_split else ''}{path}"

    def token(self, **changed: Any) -> str:
        """Sign a player's token; a claim that is None is left out."""
        now = int(time.time())
        claims = {"iss": "shard-legends-auth", "sub": str(uuid.uuid4()), "telegram_id": 7, "iat": now,
                  "exp": now + 600, "jti": str(uuid.uuid4()), **changed}  # fmt: skip
        headers = claims.pop("headers", None)
        key = Path(self.secrets.signing_key_file).read_text()
        return jwt.encode({k: v for k, v in claims.items() if v is not None}, key, "RS256", headers)

    def as_service(self, path: str, body: Any, **more: Any) -> requests.Response:
        """Make an internal call."""
        given = {} if self.is_split else {"Authorization": f"Bearer {self.secrets.service_token}"}
        data = body if isinstance(body, (str, bytes)) else json.dumps(body)
        return self.session.post(self.url(path), data=data, headers=given | more, timeout=20)

    def as_admin(self, path: str, body: Any) -> requests.Response:
        """Make an admin call."""
        given = {} if self.is_split else {"Authorization": f"Bearer {self.secrets.admin_token}"}
        return self.session.post(self.url(f"{self.admin_path}{path}"), json=body, headers=given, timeout=20)

    def inventory(self, token: str, section: str = "main") -> requests.Response:
        """Read a player's section."""
        headers = {"Authorization": f"Bearer {token}"}
        return self.session.get(
            self.url("/inventory", public=True), params={"section": section}, headers=headers, timeout=20
        )

    def give(self, user: str, item: str, quantity: int, **more: Any) -> str:
        """Add items and return the operation's id."""
        operation = str(uuid.uuid4())
        body = {"user_id": user, "section": "main", "operation_type": "chest_reward", "operation_id": operation,
                "items": [{"item_id": item, "quantity": quantity, **more}]}  # fmt: skip
        answer = self.as_service("/inventory/add-items", body)
        assert answer.status_code == 200, answer.text
        return operation

    def reserve(self, user: str, *lines: tuple[str, int], operation: str | None = None) -> requests.Response:
        """Reserve items."""
        items = [{"item_id": item, "quantity": quantity} for item, quantity in lines]
        body = {"user_id": user, "operation_id": operation or str(uuid.uuid4()), "items": items}
        return self.as_service("/inventory/reserve", body)

    def end(self, how: str, user: str, operation: str) -> requests.Response:
        """Return or consume a reservation."""
        return self.as_service(f"/inventory/{how}-reserve", {"user_id": user, "operation_id": operation})

    def init_data(self, telegram_id: int, **changed: str) -> str:
        """Sign init data as Telegram does."""
        user = json.dumps({"id": telegram_id, "first_name": "Ada"})
        fields = {"auth_date": str(int(time.time())), "user": user, **changed}
        return urlencode({**fields, "hash": signature(fields, self.secrets.telegram_bot_token)})

    def log_in(self, telegram_id: int) -> requests.Response:
        """Log in by Telegram."""
        headers = {"X-Telegram-Init-Data": self.init_data(telegram_id)}
        return self.session.post(f"{self.state.auth.url}/auth", headers=headers, timeout=20)


def player() -> str:
    """Return a new player's id."""
    return str(uuid.uuid4())
