"""Of a claim that stands twice the last one counts, and a user's id is taken in any digits."""

import json
from uuid import UUID

from faults.patching import replace
from services.common import tokens

RULE = "3.6 H: sub that is no UUID in its usual form"


def patch() -> None:
    """Read tokens as Python's own decoders do."""
    replace(tokens, "strict_json", lambda _: json.loads)
    replace(tokens, "usual_uuid", lambda _: UUID)
