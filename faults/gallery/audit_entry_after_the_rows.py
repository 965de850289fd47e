"""The audit log is told of an adjustment when its rows are committed."""

from typing import Any

import msgspec

from faults.patching import replace
from services.inventory.ledger import Ledger

RULE = "4.10 H: the entry is written in the same transaction as the rows"
SQL = [
    ("adjust", "INSERT INTO inventory.audit_log", "IF false THEN INSERT INTO inventory.audit_log"),
    ("adjust", "p_reason, p_request, v_now);", "p_reason, p_request, v_now); END IF;"),
]
ENTRY = """INSERT INTO inventory.audit_log (admin_id, user_id, operation_id, section, changes, reason, request_id)
           VALUES ($1, $2, $3, $4, $5::text::jsonb, $6, $7)"""


def patch() -> None:
    """Write the entry by itself."""

    def telling(adjust: Any) -> Any:
        async def adjust_and_tell(ledger: Ledger, admin: Any, user: Any, *rest: Any) -> Any:
            outcome = await adjust(ledger, admin, user, *rest)
            if outcome.kind == "written":
                _, section, _, operation, _, reason, request, _ = rest
                changes = msgspec.json.encode(outcome.detail).decode()
                entry = (admin, user, operation, section, changes, reason, request)
                await ledger._database.write("audit", ENTRY, *entry)
            return outcome

        return adjust_and_tell

    replace(Ledger, "adjust", telling)
