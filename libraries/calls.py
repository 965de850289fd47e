"""The calls of the contract as values: what is sent where, by whom, and what it would write."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from libraries import shapes
from libraries.target import Instance
from libraries.tokens import Token

RESERVATION = "factory_reservation"
RETURN = "factory_return"
CONSUMPTION = "factory_consumption"
ADJUSTMENT = "admin_adjustment"


@dataclass(frozen=True)
class Call:
    """One HTTP request. ``route`` is its path as the contract names it; ``shape`` what a 200 must look like."""

    method: str
    url: str
    route: str
    token: Token | None = None
    body: Any = None
    raw: bytes | None = None
    headers: tuple[tuple[str, str], ...] = ()
    shape: Any = None
    # What a 200 has written: the type of its ledger rows.
    writes: str | None = None

    @property
    def payload(self) -> bytes | None:
        """The body's bytes."""
        if self.raw is not None:
            return self.raw
        return None if self.body is None else json.dumps(self.body).encode()

    @property
    def user_id(self) -> str | None:
        """The player whose ledger the call is about."""
        value = self.body.get("user_id") if isinstance(self.body, dict) else None
        return value if isinstance(value, str) else None

    @property
    def operation_id(self) -> str | None:
        """The business operation that the call names."""
        value = self.body.get("operation_id") if isinstance(self.body, dict) else None
        return value if isinstance(value, str) else None

    def __str__(self) -> str:
        return f"{self.method} {self.route}"

    def with_body(self, body: Any) -> Call:
        """Return the same call with another body."""
        return replace(self, body=body)


def new_id() -> str:
    """Return a new random UUID as text."""
    return str(uuid4())


def read_inventory(at: Instance, token: Token | None, section: str | None) -> Call:
    """``GET /inventory``."""
    query = "" if section is None else f"?section={section}"
    return Call("GET", f"{at.public}/inventory{query}", "/inventory", token, shape=shapes.INVENTORY)


def add_items(
    at: Instance, token: Token | None, user_id: str, items: Sequence[dict[str, Any]], section: str,
    operation_type: str, operation_id: str | None, comment: str | None,
) -> Call:  # fmt: skip
    """``POST /inventory/add-items``."""
    body: dict[str, Any] = {
        "user_id": user_id, "section": section, "operation_type": operation_type,
        "operation_id": operation_id or new_id(), "items": list(items),
    }  # fmt: skip
    if comment is not None:
        body["comment"] = comment
    return _internal(at, token, "/inventory/add-items", body, operation_type, shapes.WRITTEN)


def reserve(
    at: Instance, token: Token | None, user_id: str, items: Sequence[dict[str, Any]], operation_id: str | None
) -> Call:
    """``POST /inventory/reserve``."""
    body = {"user_id": user_id, "operation_id": operation_id or new_id(), "items": list(items)}
    return _internal(at, token, "/inventory/reserve", body, RESERVATION, shapes.WRITTEN)


def return_reserve(at: Instance, token: Token | None, user_id: str, operation_id: str) -> Call:
    """``POST /inventory/return-reserve``."""
    body = {"user_id": user_id, "operation_id": operation_id}
    return _internal(at, token, "/inventory/return-reserve", body, RETURN, shapes.ENDED)


def consume_reserve(at: Instance, token: Token | None, user_id: str, operation_id: str) -> Call:
    """``POST /inventory/consume-reserve``."""
    body = {"user_id": user_id, "operation_id": operation_id}
    return _internal(at, token, "/inventory/consume-reserve", body, CONSUMPTION, shapes.ENDED)


def _internal(at: Instance, token: Token | None, path: str, body: Any, writes: str, shape: Any) -> Call:
    base = at.internal or at.public
    return Call("POST", base + path, path, token, body, shape=shape, writes=writes)


def read_reservation(at: Instance, token: Token | None, operation_id: str) -> Call:
    """``GET /inventory/reservation/{operation_id}``."""
    base = at.internal or at.public
    route = "/inventory/reservation/{operation_id}"
    return Call("GET", f"{base}/inventory/reservation/{operation_id}", route, token, shape=shapes.RESERVATION)


def adjust(
    at: Instance, token: Token | None, user_id: str, items: Sequence[dict[str, Any]], section: str, reason: str
) -> Call:
    """``POST /admin/inventory/adjust``."""
    changes = [{("quantity_change" if k == "quantity" else k): v for k, v in item.items()} for item in items]
    body = {"user_id": user_id, "section": section, "items": changes, "reason": reason}
    route = "/admin/inventory/adjust"
    return Call("POST", f"{at.admin}/adjust", route, token, body, shape=shapes.ADJUSTED, writes=ADJUSTMENT)


def read_audit(at: Instance, token: Token | None, user_id: str) -> Call:
    """``GET /admin/inventory/audit``."""
    return Call("GET", f"{at.admin}/audit?user_id={user_id}", "/admin/inventory/audit", token)


def dev_login(auth: str, telegram_id: Any, username: Any) -> Call:
    """``POST /auth/login``."""
    body = {"telegram_id": telegram_id, "username": username}
    return Call("POST", f"{auth}/auth/login", "/auth/login", body=body, shape=shapes.LOGGED_IN)


def telegram_login(auth: str, init_data: str | None) -> Call:
    """``POST /auth``."""
    headers = () if init_data is None else (("X-Telegram-Init-Data", init_data),)
    return Call("POST", f"{auth}/auth", "/auth", headers=headers, shape=shapes.LOGGED_IN)


def auth_call(auth: str, path: str, token: Token | None = None, body: Any = None) -> Call:
    """Return another call of the auth service: GET for what it publishes, POST for what it does."""
    method = "GET" if path in ("/jwks", "/public-key.pem", "/health") else "POST"
    return Call(method, auth + path, path, token, body)
