"""An operation id in capitals is another one."""

import re
from uuid import NAMESPACE_OID, uuid5

from faults.patching import change_bodies

RULE = "4.11 H: the same operation_id is the same operation"
_ID = re.compile(rb'("operation_id": ?")([0-9A-Fa-f-]{36})"')


def _another(found: re.Match[bytes]) -> bytes:
    start, text = found[1], found[2].decode()
    return start + (text if text == text.lower() else str(uuid5(NAMESPACE_OID, text))).encode() + b'"'


def patch() -> None:
    """Give an id with capitals a number of its own."""
    change_bodies(lambda raw: _ID.sub(_another, raw))
