"""A code is known by its place in the list too, told by a number or its text, as enumerations of some languages are."""

import re
from typing import Any

from faults.patching import change_bodies, replace
from services.inventory.service import InventoryService

RULE = "4.1 S: an unknown section or operation type is a 400"
_NUMBER = re.compile(rb'("(?:section|operation_type)": ?)(\d+)')


def patch() -> None:
    """Count the codes from 0."""

    def counted(find: Any) -> Any:
        async def find_by_number(service: InventoryService, classifier: str, field: str, code: str) -> Any:
            codes = (await service.catalogue()).codes_of(classifier)
            named = codes[int(code)] if code.isdecimal() and int(code) < len(codes) else code
            return await find(service, classifier, field, named)

        return find_by_number

    change_bodies(lambda raw: _NUMBER.sub(rb'\1"\2"', raw))
    replace(InventoryService, "_code", counted)
