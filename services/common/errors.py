"""Refusals: every error body is ``{"error", "message", "details"?}`` (contract, sections 3 and 4)."""

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET, Struct, UnsetType


class Refusal(Exception):
    """A call that is answered with an error body.

    ``status`` is the HTTP status, ``code`` the contract's error code, ``details`` an optional JSON value and
    ``extra`` further members of the body (``missing_items``, ``reservation_exists``).
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        details: Any = None,
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})
        self.body: dict[str, Any] = {"error": code, "message": message, **(extra or {})}
        if details is not None:
            self.body["details"] = details


class ErrorBody(Struct, omit_defaults=True):
    """Body of every refusal, for the description of the calls."""

    error: str
    message: str
    details: Any | UnsetType = UNSET


# In JSON Schema, for the description: text that PostgreSQL can hold.
STORABLE = {"pattern": "^[^\\u0000]*$"}


def invalid(field: str, problem: str) -> Refusal:
    """A 400 ``validation_failed`` that names the field."""
    return Refusal(400, "validation_failed", f"{field}: {problem}", details={"field": field})


def is_storable(text: str) -> bool:
    """Say whether PostgreSQL and Redis can hold a text: no NUL, no half of a surrogate pair."""
    try:
        return b"\x00" not in text.encode()
    except UnicodeEncodeError:
        return False
