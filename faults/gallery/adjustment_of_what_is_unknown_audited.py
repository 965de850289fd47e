"""An adjustment of an item, a code or a section that is unknown is refused, and stands in the audit log."""

from typing import Any
from uuid import uuid4

from faults.patching import replace
from services.common.errors import Refusal
from services.inventory.service import InventoryService

RULE = "4.9 S: a refused adjustment is not in the audit log"
NOTE = """INSERT INTO inventory.audit_log (admin_id, user_id, operation_id, section, changes, reason, request_id)
          VALUES ($1, $2, $3, $4, '[]', $5, $6)"""


def patch() -> None:
    """Note what was tried."""

    def telling(adjust: Any) -> Any:
        async def adjust_or_tell(service: InventoryService, admin: Any, body: Any, request: Any) -> Any:
            try:
                return await adjust(service, admin, body, request)
            except Refusal as refusal:
                if refusal.code == "validation_failed":
                    told = (admin, body.user_id, body.operation_id or uuid4(), body.section, body.reason, request)
                    await service._database.rows("audit", NOTE, *told)
                raise

        return adjust_or_tell

    replace(InventoryService, "adjust", telling)
