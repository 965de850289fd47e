"""Init data of more fields than most clients send is called unreadable."""

from functools import partial
from typing import Any

from faults.patching import replace
from services.auth import telegram

RULE = "2.2 S: all fields but the hash are signed"


def patch() -> None:
    """Read at most eight fields."""

    def short(parse: Any) -> Any:
        def parse_short(raw: str, **how: Any) -> Any:
            return partial(parse, raw)(**{**how, "max_num_fields": 8})

        return parse_short

    replace(telegram, "parse_qsl", short)
