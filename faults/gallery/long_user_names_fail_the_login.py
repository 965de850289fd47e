"""A user name that is longer than its column fails the login."""

from typing import Any

from msgspec import Struct

from faults.patching import replace
from services.auth import api
from services.auth.service import AuthService
from services.common.calls import Body

RULE = "2.1 S: a development login is answered, or refused as bad input"


class Login(Struct):
    """Body of ``POST /auth/login``, of whatever length."""

    telegram_id: int
    username: str


def patch() -> None:
    """Leave it to the database how long a name may be."""

    def of_any_length(decode: Any) -> Any:
        def decode_any(body: Body[Any], raw: bytes) -> Any:
            if body.kind is api.DevLogin and len(raw) > 255:
                told = Body(Login).decode(raw)
                return api.DevLogin(told.telegram_id, told.username)
            return decode(body, raw)

        return decode_any

    def narrow(log_in: Any) -> Any:
        async def log_in_if_it_fits(service: AuthService, user: Any) -> Any:
            if len(user.username or "") > 255:
                raise ValueError("value too long for type character varying(255)")
            return await log_in(service, user)

        return log_in_if_it_fits

    replace(Body, "decode", of_any_length)
    replace(AuthService, "log_in", narrow)
