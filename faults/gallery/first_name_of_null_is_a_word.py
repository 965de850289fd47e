"""A first name of null is taken for the text ``null``."""

import re
from typing import Any

from faults.patching import replace
from services.auth import telegram

RULE = "2.2 S: the user in init data has id and first_name"


def patch() -> None:
    """Put it into quotes."""

    def lenient(read: Any) -> Any:
        return lambda raw: read(raw and re.sub(r'"first_name":\s*null', '"first_name": "null"', raw))

    replace(telegram, "_user", lenient)
