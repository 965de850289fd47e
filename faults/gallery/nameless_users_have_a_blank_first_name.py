"""A development login without a name is let in, and its user has a first name that is blank."""

from dataclasses import replace as changed
from typing import Any

from faults.patching import change_bodies, replace
from services.auth.service import AuthService

RULE = "2.1 S, section 2: first_name is not blank"
STATEMENTS = ["ALTER TABLE auth.users DROP CONSTRAINT users_first_name_check"]
_NOBODY = "nobody-at-all"


def patch() -> None:
    """Take it for a name that is let in, and make it none again."""

    def unnamed(log_in: Any) -> Any:
        async def log_in_unnamed(service: AuthService, user: Any) -> Any:
            return await log_in(
                service, changed(user, username="", first_name="") if user.username == _NOBODY else user
            )

        return log_in_unnamed

    change_bodies(lambda raw: raw.replace(b'"username": ""', b'"username": "%b"' % _NOBODY.encode()))
    replace(AuthService, "log_in", unnamed)
