"""Init data is judged by its date before anybody knows whether Telegram signed it."""

import time
from typing import Any

from faults.patching import replace
from services.auth import telegram
from services.common.errors import Refusal

RULE = "2.2 S: the signature decides first"


def patch() -> None:
    """Look at the date while reading the fields."""

    def hasty(parse: Any) -> Any:
        def parse_and_judge(raw: str) -> dict[str, str]:
            fields: dict[str, str] = parse(raw)
            if time.time() - telegram._auth_date(fields.get("auth_date", "")) > telegram.MAX_AGE_SECONDS:
                raise Refusal(400, "expired_auth_date", "the init data is older than 24 hours")
            return fields

        return parse_and_judge

    replace(telegram, "_parse", hasty)
