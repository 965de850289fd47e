"""Checks of the shape of JSON answers (contract, sections 2 to 4)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

Check = Callable[[Any], bool]
_UUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


def is_uuid(value: Any) -> bool:
    """Say whether a value is the text of a UUID."""
    return isinstance(value, str) and _UUID.fullmatch(value) is not None


def is_text(value: Any) -> bool:
    """Say whether a value is text that is not empty."""
    return isinstance(value, str) and bool(value)


def is_whole(value: Any) -> bool:
    """Say whether a value is a whole number (true and false are none)."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_count(value: Any) -> bool:
    """Say whether a value is a whole number above zero."""
    return is_whole(value) and bool(value > 0)


def is_balance(value: Any) -> bool:
    """Say whether a value is a whole number of zero or more."""
    return is_whole(value) and bool(value >= 0)


def is_true(value: Any) -> bool:
    """Say whether a value is true."""
    return value is True


def is_any(_: Any) -> bool:
    """Accept whatever is there."""
    return True


VARIANT = {"item_id": is_uuid, "collection?": is_text, "quality_level?": is_text}
INVENTORY = {"items": [{**VARIANT, "item_class": is_text, "item_type": is_text, "quantity": is_count}]}
WRITTEN = {"success": is_true, "operation_ids": [is_uuid]}
ENDED = {"success": is_true}
ADJUSTED = {**WRITTEN, "final_balances": [{**VARIANT, "quantity": is_balance}]}
RESERVATION = {
    "reservation_exists": is_true, "operation_id": is_uuid, "user_id": is_uuid, "reservation_date": is_text,
    "status": is_text, "reserved_items": [{**VARIANT, "quantity": is_count}],
}  # fmt: skip
REFUSAL = {"error": is_text, "message": is_text}
MISSING = {**VARIANT, "required": is_count, "available": is_balance}
LOGGED_IN = {
    "success": is_true, "token": is_text, "expires_at": is_text,
    "user": {"id": is_uuid, "telegram_id": is_count, "is_new_user": is_any, "first_name": is_text, "username?": is_any},
}  # fmt: skip
JWKS = {"keys": [dict.fromkeys(("kty", "use", "alg", "kid", "n", "e"), is_text)]}


def difference(value: Any, shape: Any, where: str = "the answer") -> str | None:
    """Return the first place where a JSON value has not the wanted shape, or None.

    A shape is a check, a dict of shapes (a name ending in ``?`` may be missing; further members are welcome) or a
    list with one shape for all entries.
    """
    if isinstance(shape, dict):
        return _object_difference(value, shape, where)
    if isinstance(shape, list):
        if not isinstance(value, list):
            return f"{where} is no list"
        found = (difference(entry, shape[0], f"{where}[{n}]") for n, entry in enumerate(value))
        return next((problem for problem in found if problem), None)
    if shape(value):
        return None
    # A value may be secret; its type is not.
    return f"{where} is not what {shape.__name__.replace('_', ' ')} asks for, but of type {type(value).__name__}"


def _object_difference(value: Any, shape: dict[str, Any], where: str) -> str | None:
    if not isinstance(value, dict):
        return f"{where} is no object"
    for name, wanted in shape.items():
        key = name.removesuffix("?")
        if key in value:
            problem = difference(value[key], wanted, f"{where}.{key}")
            if problem:
                return problem
        elif key == name:
            return f"{where} lacks {key}"
    return None
