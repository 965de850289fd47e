"""A development login takes no letter of four bytes in a user name."""

from typing import Any

from faults.patching import replace
from services.auth import api
from services.common.errors import invalid

RULE = "2.1 S: username is a text, and the login answers 200"


def patch() -> None:
    """Refuse what an old database could not hold."""

    def narrow(check: Any) -> Any:
        def check_narrow(name: str, value: str) -> None:
            check(name, value)
            if max(value, default="") > "\uffff":
                raise invalid(name, "must not contain such a letter")

        return check_narrow

    replace(api, "check_text", narrow)
