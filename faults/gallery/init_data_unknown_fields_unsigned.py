"""Only the fields that are looked at are part of the signature."""

from typing import Any

from faults.patching import replace
from services.auth import telegram

RULE = "2.2 S: the signature is over all fields but hash"


def patch() -> None:
    """Leave the other fields out of what is signed."""

    def narrow(signature: Any) -> Any:
        def sign_some(fields: dict[str, str], bot_token: str) -> Any:
            known = {name: value for name, value in fields.items() if name in ("auth_date", "user", "query_id")}
            return signature(known, bot_token)

        return sign_some

    replace(telegram, "signature", narrow)
