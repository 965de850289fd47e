"""A list of one object in the place of a body is read as that object."""

import json

from faults.patching import change_bodies

RULE = "4.1 S: a wrong type is a 400"


def _unwrapped(raw: bytes) -> bytes:
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        return raw
    is_wrapped = isinstance(body, list) and len(body) == 1 and isinstance(body[0], dict)
    return json.dumps(body[0]).encode() if is_wrapped else raw


def patch() -> None:
    """Take it out."""
    change_bodies(_unwrapped)
