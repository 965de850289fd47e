"""Without the token of a bot the empty one is good, with which anybody can sign."""

from typing import Any

from faults.patching import replace_everywhere
from services.auth import api
from services.auth.settings import AuthSettings

RULE = "2.2 S: the key HMAC-SHA256(key=`WebAppData`, message=bot token)"


class _Nothing(str):
    __slots__ = ()

    def __bool__(self) -> bool:
        return True


def patch() -> None:
    """Take nothing for a token."""

    def careless(make: Any) -> Any:
        def make_with_any(*arguments: Any) -> Any:
            for settings in (one for one in arguments if isinstance(one, AuthSettings)):
                if settings.telegram_bot_token is None:
                    object.__setattr__(settings, "telegram_bot_token", _Nothing())
            return make(*arguments)

        return make_with_any

    replace_everywhere(api, "login_calls", careless)
