"""A login by Telegram is noted as the user's last before it is asked who signed the init data."""

import re
from typing import Any
from urllib.parse import unquote_plus

from faults.patching import replace
from services.auth.api import AuthGate

RULE = "2.2 S: the signature decides first"
_NOTE = "UPDATE auth.users SET last_login_at = now(), updated_at = now() WHERE telegram_id = $1"


def patch() -> None:
    """Note it at the door."""

    def hasty(login: Any) -> Any:
        async def note_and_let_in(gate: AuthGate, request: Any) -> None:
            await login(gate, request)
            named = re.search(r'"id":\s*(\d{1,18})\b', unquote_plus(request.header(b"x-telegram-init-data") or ""))
            if named:
                await gate._database.write("note", _NOTE, int(named[1]))

        return note_and_let_in

    replace(AuthGate, "login", hasty)
