"""No user is kept as one with Telegram Premium: a JSON true is compared with the text of one."""

from dataclasses import replace as changed
from typing import Any

from faults.patching import replace
from services.auth import telegram

RULE = "2.2 S: a login keeps the user as Telegram describes them"


def patch() -> None:
    """Forget it."""
    replace(telegram, "_user", _without_premium)


def _without_premium(read: Any) -> Any:
    return lambda raw: changed(read(raw), is_premium=False)
