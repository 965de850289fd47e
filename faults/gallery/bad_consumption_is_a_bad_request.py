"""A consumption that is malformed is refused by a code of its own, which does not say why."""

from dataclasses import replace as changed
from typing import Any

from faults.patching import replace
from services.common.calls import Body
from services.common.errors import Refusal
from services.inventory import api, schemas

RULE = "4.1 H: the code is validation_failed and the message names the field"


class _Vague(Body[schemas.EndReservation]):
    def decode(self, raw: bytes) -> schemas.EndReservation:
        try:
            return super().decode(raw)
        except Refusal:
            raise Refusal(400, "bad_request", "this is no consumption") from None


def patch() -> None:
    """Read its body in another way."""
    vague = _Vague(schemas.EndReservation)

    def reading(calls: Any) -> Any:
        return lambda *args: [
            changed(call, takes=vague) if call.path.endswith("/consume-reserve") else call for call in calls(*args)
        ]

    replace(api, "internal_calls", reading)
