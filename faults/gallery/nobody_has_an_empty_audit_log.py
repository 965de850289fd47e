"""Who was never adjusted has no audit log, a 404; what was not in main is in none. Its table has a name of its own."""

from typing import Any

from faults.patching import replace, reword
from services.common.errors import Refusal
from services.inventory import ledger
from services.inventory.service import InventoryService

RULE = "4.9 S, 4.10 H: every adjustment is in the audit log; that player's audit log"
STATEMENTS = ["ALTER TABLE inventory.audit_log RENAME TO audit_trail"]
SQL = [
    ("adjust", "inventory.audit_log", "inventory.audit_trail"),
    (
        "adjust",
        "VALUES (p_admin, p_user, p_operation, p_section_code, v_before, p_reason, p_request, v_now);",
        (
            "SELECT p_admin, p_user, p_operation, p_section_code, v_before, p_reason, p_request, v_now"
            " WHERE p_section_code = 'main';"
        ),
    ),
]


def patch() -> None:
    """Take no rows for nobody."""
    reword(ledger, "AUDIT", "inventory.audit_log", "inventory.audit_trail")

    def missing(audit: Any) -> Any:
        async def audit_of_somebody(service: InventoryService, raw: str) -> Any:
            log = await audit(service, raw)
            if not log.entries:
                raise Refusal(404, "user_not_found", f"there is no audit log of {raw}")
            return log

        return audit_of_somebody

    replace(InventoryService, "audit", missing)
