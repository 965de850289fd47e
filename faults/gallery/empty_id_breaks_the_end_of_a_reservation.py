"""An end of a reservation is looked at for ids that are none, and not for those that are empty, which is a failure."""

from typing import Any

from faults.patching import replace
from services.common.calls import Body
from services.inventory.schemas import EndReservation

RULE = "4.1 S: bad input is a 4xx, never a 5xx"


def patch() -> None:
    """Leave an empty id to the database, whose error nobody expects."""

    def decoded(decode: Any) -> Any:
        def decode_others(body: Any, raw: bytes) -> Any:
            if body.kind is EndReservation and b'""' in raw:
                raise RuntimeError('invalid input syntax for type uuid: ""')
            return decode(body, raw)

        return decode_others

    replace(Body, "decode", decoded)
