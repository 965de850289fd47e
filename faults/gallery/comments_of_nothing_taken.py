"""Where a comment or a code says nothing, as `false` and 0 do, nobody looks at its type."""

import re

from faults.patching import change_bodies

RULE = "4.1 S: a value of another type is a 400"
_NOTHING = re.compile(rb'"(?:comment|collection|quality_level)": *(?:false|0) *(?=[,}])')


def patch() -> None:
    """Say null instead before the body is read."""
    change_bodies(lambda raw: _NOTHING.sub(b'"nothing": null', raw))
