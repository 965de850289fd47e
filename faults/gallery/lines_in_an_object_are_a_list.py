"""One line in the place of a list of lines is read as a list of one, and an object of lines by its values."""

import json
from typing import Any

from faults.patching import change_bodies

RULE = "4.1 S: a wrong type is a 400"


def _listed(raw: bytes) -> bytes:
    try:
        body: Any = json.loads(raw)
    except (ValueError, RecursionError):
        return raw
    if not isinstance(body, dict) or not isinstance(lines := body.get("items"), dict) or not lines:
        return raw
    body["items"] = [lines] if "item_id" in lines else list(lines.values())
    return json.dumps(body).encode()


def patch() -> None:
    """Make a list of them."""
    change_bodies(_listed)
