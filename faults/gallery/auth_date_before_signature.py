"""Init data without an auth_date is refused before its signature is looked at."""

from typing import Any

from faults.patching import replace
from services.auth import telegram
from services.common.errors import Refusal

RULE = "2.2 S: the signature decides first"


def patch() -> None:
    """Look for auth_date among the fields as soon as they are read."""

    def demanding(parse: Any) -> Any:
        def parse_and_look(raw: str) -> dict[str, str]:
            fields: dict[str, str] = parse(raw)
            if "auth_date" not in fields:
                raise Refusal(400, "invalid_init_data_format", "auth_date is missing")
            return fields

        return parse_and_look

    replace(telegram, "_parse", demanding)
