"""A login says that its token is good for an hour longer than it is."""

from dataclasses import replace as changed
from datetime import timedelta
from typing import Any

from faults.patching import replace
from services.auth.service import AuthService

RULE = "2.1 S, 2.2 S: expires_at is when the token expires"


def patch() -> None:
    """Tell another end."""

    def longer(issue: Any) -> Any:
        async def issue_longer(*args: Any) -> Any:
            issued = await issue(*args)
            return changed(issued, expires_at=issued.expires_at + timedelta(hours=1))

        return issue_longer

    replace(AuthService, "_issue", longer)
