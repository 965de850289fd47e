"""The field that Telegram signs for third parties is not part of what the bot's own signature is over."""

from typing import Any

from faults.patching import replace
from services.auth import telegram

RULE = "2.2 S: the signature is over all fields but hash"


def patch() -> None:
    """Leave ``signature`` out of what is signed."""

    def narrow(signature: Any) -> Any:
        def sign_the_others(fields: dict[str, str], bot_token: str) -> Any:
            return signature({name: value for name, value in fields.items() if name != "signature"}, bot_token)

        return sign_the_others

    replace(telegram, "signature", narrow)
