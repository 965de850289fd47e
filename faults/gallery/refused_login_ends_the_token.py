"""Whoever sends init data ends the tokens of the user whom they name, before it is asked who signed them."""

import re
import time
from typing import Any
from urllib.parse import unquote_plus

from faults.patching import replace
from services.auth.api import AuthGate

RULE = "2.2 S, 2.11 S: the signature decides first; a new login revokes the user's earlier tokens, nothing else"
_KNOWN = "SELECT id::text FROM auth.users WHERE telegram_id = $1"


def patch() -> None:
    """Revoke at the door."""

    def hasty(login: Any) -> Any:
        async def revoke_and_let_in(gate: AuthGate, request: Any) -> None:
            await login(gate, request)
            named = re.search(r'"id":\s*(\d{1,18})\b', unquote_plus(request.header(b"x-telegram-init-data") or ""))
            for user in await gate._database.rows("known", _KNOWN, int(named[1])) if named else ():
                await gate._sessions.replace(user["id"], "", {}, int(time.time()), 1)

        return revoke_and_let_in

    replace(AuthGate, "login", hasty)
