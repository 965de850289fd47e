"""A revocation is dated by the machine's local time, as if that were UTC."""

import json
from datetime import datetime
from typing import Any

from faults.patching import replace
from services.auth import sessions

RULE = "2.11 S: revoked:{jti} has revoked_at, which is when the token was revoked"


def patch() -> None:
    """Put a Z behind what the clock on the wall shows."""

    def local(_: Any) -> Any:
        def revocation(reason: str) -> str:
            now = datetime.now().astimezone().replace(tzinfo=None)
            return json.dumps({"reason": reason, "revoked_at": now.isoformat(timespec="seconds") + "Z"})

        return revocation

    replace(sessions, "_revocation", local)
