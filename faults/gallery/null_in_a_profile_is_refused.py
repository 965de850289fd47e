"""What Telegram says of a user is judged strictly, also what nobody asks for: null is no text."""

from typing import Any

from faults.patching import replace
from services.auth import telegram

RULE = "2.2 S: `user` JSON has `id` and `first_name`"


def patch() -> None:
    """Refuse whatever is there and no text."""

    def strict(text: Any) -> Any:
        def judged(user: dict[str, Any], name: str) -> Any:
            if name in user and not isinstance(user[name], str):
                raise telegram._bad_user(f"user.{name} must be text")
            return text(user, name)

        return judged

    replace(telegram, "_text", strict)
