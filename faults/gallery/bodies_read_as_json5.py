"""Comments, a comma behind the last member and names in single quotes are read in a body."""

import re

from faults.patching import change_bodies

RULE = "4.1 S: a malformed body is a 400"
_COMMENT = re.compile(rb"/\*.*?\*/")
_COMMA = re.compile(rb",(\s*[}\]])")
_QUOTES = re.compile(rb"'(\w+)':")


def patch() -> None:
    """Make JSON of it."""
    change_bodies(lambda raw: _QUOTES.sub(rb'"\1":', _COMMA.sub(rb"\1", _COMMENT.sub(b"", raw))))
