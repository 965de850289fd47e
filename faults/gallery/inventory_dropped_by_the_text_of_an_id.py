"""Ids are taken in every form that a language reads; what is kept of a player is dropped by how a write spells them."""

import json
from typing import Any

from faults.gallery.lines_told_apart_by_their_text import read_in_any_form
from faults.patching import replace
from services.common.calls import Body
from services.inventory.service import InventoryService

RULE = "law 6: after a 200 the next GET shows it"


def patch() -> None:
    """Remember the answer for each player and section until a body has the player's id in it, as text."""
    read_in_any_form()
    kept: dict[tuple[str, str], object] = {}

    def remembering(read: Any) -> Any:
        async def remembered(service: InventoryService, user: Any, code: str, *rest: Any) -> Any:
            if (str(user), code) not in kept:
                kept[str(user), code] = await read(service, user, code, *rest)
            return kept[str(user), code]

        return remembered

    def dropping(original: Any) -> Any:
        def decode(body: Any, raw: bytes) -> Any:
            found = original(body, raw)
            spelled = str(json.loads(raw).get("user_id")).lower()
            for key in [key for key in kept if key[0] == spelled]:
                del kept[key]
            return found

        return decode

    replace(InventoryService, "inventory", remembering)
    replace(Body, "decode", dropping)
