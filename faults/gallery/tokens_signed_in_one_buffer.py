"""Signatures of tokens are made in one place for all: of two logins at one instant one gets the other's."""

import asyncio
from dataclasses import replace as changed
from typing import Any

from faults.patching import replace
from services.auth.service import AuthService

RULE = "2.10 S: tokens are signed with RS256"


def patch() -> None:
    """Hand out what lies there a moment later."""
    buffer: dict[str, str] = {}

    def signing(issue: Any) -> Any:
        async def issue_from_the_buffer(service: AuthService, *args: Any) -> Any:
            issued = await issue(service, *args)
            content, _, buffer["signature"] = issued.token.rpartition(".")
            await asyncio.sleep(0.01)
            return changed(issued, token=f"{content}.{buffer['signature']}")

        return issue_from_the_buffer

    replace(AuthService, "_issue", signing)
