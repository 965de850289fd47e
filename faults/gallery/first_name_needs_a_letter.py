"""Who has a first name without a letter or digit, such as an emoji, cannot log in with Telegram."""

from typing import Any

from faults.patching import replace
from services.auth import telegram

RULE = "2.2 S: init data is valid whose user has an id and a first_name"


def patch() -> None:
    """Take signs for a blank."""

    def choosy(user: Any) -> Any:
        def with_a_letter(raw: str | None) -> Any:
            found = user(raw)
            if not any(map(str.isalnum, found.first_name)):
                raise telegram._bad_user("user.first_name must not be blank")
            return found

        return with_a_letter

    replace(telegram, "_user", choosy)
