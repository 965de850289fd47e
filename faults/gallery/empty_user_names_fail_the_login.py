"""A development login with an empty user name fails, for it has no first letter."""

import json
from typing import Any

from faults.patching import replace
from services.auth import api
from services.common.calls import Body

RULE = "2.1 S: a development login is answered, or refused as bad input"


def patch() -> None:
    """Look at the first letter."""

    def first_letter(decode: Any) -> Any:
        def decode_login(body: Body[Any], raw: bytes) -> Any:
            if body.kind is api.DevLogin and b'"username": ""' in raw:
                raise IndexError(json.loads(raw)["username"])
            return decode(body, raw)

        return decode_login

    replace(Body, "decode", first_letter)
