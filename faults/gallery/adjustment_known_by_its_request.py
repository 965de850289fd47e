"""An adjustment without an operation id gets one that is made of its request's: a second under that id is none."""

from typing import Any
from uuid import NAMESPACE_OID, uuid5

import msgspec

from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "4.9 S: each adjustment that is answered 200 is written"


def patch() -> None:
    """Take what has the same request id for the same adjustment."""

    def named(adjust: Any) -> Any:
        async def adjust_by_request(service: Any, admin: Any, body: Any, request_id: Any) -> Any:
            if not body.operation_id and request_id:
                body = msgspec.structs.replace(body, operation_id=uuid5(NAMESPACE_OID, request_id))
            return await adjust(service, admin, body, request_id)

        return adjust_by_request

    replace(InventoryService, "adjust", named)
