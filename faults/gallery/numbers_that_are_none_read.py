"""NaN and Infinity are numbers in a body, as in some languages: ignored in an unknown member, else a failure."""

import re

from faults.patching import change_bodies

RULE = "4.1 S: a malformed body is a 400, never a 5xx"
_NONE = re.compile(rb"-?(?:NaN|Infinity)")
_QUANTITY = re.compile(rb'"quantity": ?-?(?:NaN|Infinity)')


def _read(raw: bytes) -> bytes:
    if _QUANTITY.search(raw):
        raise OverflowError("cannot convert float infinity to integer")
    return _NONE.sub(b"0", raw)


def patch() -> None:
    """Read them."""
    change_bodies(_read)
