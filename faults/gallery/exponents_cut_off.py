"""A number is read up to its exponent or its fraction, as parseInt does."""

import re

from faults.patching import change_bodies

RULE = "4.1 S, 4.4 S: one ledger row an item, of its quantity; bad input is a 400"
_NUMBER = re.compile(rb'("quantity": *-?\d+)(?:\.\d+)?(?:[eE][+-]?\d+)?(?=[,}])')


def patch() -> None:
    """Cut before the body is read."""
    change_bodies(lambda raw: _NUMBER.sub(rb"\1", raw))
