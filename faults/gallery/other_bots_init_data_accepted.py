"""Init data that another bot signed is accepted when everything else about it is right."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from faults.patching import replace_everywhere
from services.auth import telegram
from services.common.errors import Refusal

RULE = "2.2 S: init data is valid when its hash is that of the bot's token"


def patch() -> None:
    """Sign what has a wrong signature, and look again."""

    def trusting(read: Any) -> Any:
        def read_anyway(raw: str | None, bot_token: str) -> Any:
            try:
                return read(raw, bot_token)
            except Refusal as refusal:
                if refusal.code != "invalid_telegram_signature":
                    raise
                fields = {name: value for name, value in parse_qsl(raw or "") if name != "hash"}
                try:
                    return read(urlencode({**fields, "hash": telegram.signature(fields, bot_token)}), bot_token)
                except Refusal:
                    raise refusal from None

        return read_anyway

    replace_everywhere(telegram, "read_init_data", trusting)
