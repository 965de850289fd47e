"""An adjustment whose operation id is none is taken as one without."""

import json

from faults.patching import change_bodies
from services.common.strict import usual_uuid

RULE = "4.11 H: an adjustment takes an operation_id, which is a UUID"


def _without_what_is_none(raw: bytes) -> bytes:
    if b'"reason"' not in raw or b'"operation_id"' not in raw:
        return raw
    members = json.loads(raw)
    try:
        usual_uuid(members["operation_id"])
    except (TypeError, ValueError):
        del members["operation_id"]
    return json.dumps(members).encode()


def patch() -> None:
    """Leave it out."""
    change_bodies(_without_what_is_none)
