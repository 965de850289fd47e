"""Whose token says administrator can read the audit log until it expires."""

from dataclasses import replace as changed
from typing import Any

from faults.patching import replace
from services.common.tokens import forbidden
from services.inventory import api

RULE = "2.13 H: an administrator who is deactivated, demoted or deleted can do nothing that only administrators may"


def patch() -> None:
    """Ask the token alone, where nothing is changed."""

    def by_token(calls: Any) -> Any:
        def admin_calls(service: Any, gate: api.Gate, prefix: str) -> list[Any]:
            async def auditor(request: Any) -> None:
                if gate._admin_open and request.authorization is None:
                    return
                if "admin" not in (await gate._caller(request)).roles:
                    raise forbidden()

            return [
                changed(call, guard=auditor) if call.method == "GET" else call for call in calls(service, gate, prefix)
            ]

        return admin_calls

    replace(api, "admin_calls", by_token)
