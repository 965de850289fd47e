"""A member of Telegram's user that the service does not know is refused."""

from typing import Any

from faults.patching import replace
from services.auth import telegram
from services.common.strict import strict_json

RULE = "2.2 S: `user` JSON has `id` and `first_name`"
_KNOWN = {"id", "first_name", "last_name", "username", "language_code", "is_premium", "photo_url"}


def patch() -> None:
    """Compare with a list."""

    def closed(user: Any) -> Any:
        def judged(raw: str | None) -> Any:
            found = user(raw)
            if set(strict_json(raw or "")) - _KNOWN:
                raise telegram._bad_user("user has a member that is not known")
            return found

        return judged

    replace(telegram, "_user", closed)
