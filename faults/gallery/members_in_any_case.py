"""Members of a body are known in whatever case they are written."""

import re

from faults.patching import replace
from services.common.calls import Body

RULE = "4.1 H: a body that can be read in two ways is refused"
_NAME = re.compile(rb'"\w+"(?=\s*:)')


def patch() -> None:
    """Write all names in small letters."""
    replace(Body, "decode", lambda decode: lambda body, raw: decode(body, _NAME.sub(_small, raw)))


def _small(name: re.Match[bytes]) -> bytes:
    return name.group().lower()
