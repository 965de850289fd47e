"""A service's credentials are read as if they were always JSON, and always there."""

import json
from typing import Any

from faults.patching import replace
from services.auth import api
from services.common.calls import Body

RULE = "2.3 H: what is no service's credentials is refused"


def patch() -> None:
    """Read them by hand."""

    def by_hand(decode: Any) -> Any:
        def decode_by_hand(body: Body[Any], raw: bytes) -> Any:
            if body.kind is not api.ServiceCredentials:
                return decode(body, raw)
            told = json.loads(raw.decode())
            return api.ServiceCredentials(told["service"] + "", told["secret"] + "")

        return decode_by_hand

    replace(Body, "decode", by_hand)
