"""An adjustment whose caller has hung up before it is made is not in the audit log."""

import asyncio
import json
from typing import Any

from faults.patching import remember_requests, replace
from services.common.calls import Request
from services.inventory.api import Gate
from services.inventory.ledger import Ledger, Outcome

RULE = "4.9 S: every adjustment is in the audit log"
SQL = [
    (
        "adjust",
        """
    INSERT INTO inventory.audit_log (admin_id, user_id, operation_id, section, changes, reason, request_id, created_at)
    VALUES (p_admin, p_user, p_operation, p_section_code, v_before, p_reason, p_request, v_now);""",
        "",
    )
]
_ENTRY = """
INSERT INTO inventory.audit_log (admin_id, user_id, operation_id, section, changes, reason, request_id, created_at)
VALUES ($1, $2, $3, $4, $5::text::jsonb, $6, $7, now())
"""


def patch() -> None:
    """Write the entry after the rows, as a part of the request, which ends with its caller."""

    current = remember_requests(Gate, "admin")

    def in_two_steps(adjust: Any) -> Any:
        async def adjust_and_tell(
            ledger: Ledger, admin: Any, user: Any, section: Any, code: str, kind: Any, operation: Any, lines: Any,
            reason: str, request_id: str | None, variants: bytes,
        ) -> Outcome:  # fmt: skip
            outcome: Outcome = await adjust(
                ledger, admin, user, section, code, kind, operation, lines, reason, request_id, variants
            )
            if outcome.kind == "written" and not await has_hung_up(current.get()):
                changes = json.dumps(outcome.detail)
                entry = (admin, user, operation, code, changes, reason, request_id)
                await ledger._database.write("audit_entry", _ENTRY, *entry)
            return outcome

        return adjust_and_tell

    replace(Ledger, "adjust", in_two_steps)


async def has_hung_up(request: Request) -> bool:
    """Say whether nobody waits for the answer any more: behind a whole body nothing else can come."""
    try:
        async with asyncio.timeout(0.001):
            return bool((await request._receive())["type"] == "http.disconnect")
    except TimeoutError:
        return False
