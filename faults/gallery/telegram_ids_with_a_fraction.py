"""The number of a player of Telegram stands in a token as a number with a fraction, which is zero."""

from typing import Any

from faults.patching import replace, replace_everywhere
from services.auth.service import AuthService
from services.common import tokens

RULE = "2.10 S: telegram_id is an integer"


def patch() -> None:
    """Write it so, and take it so."""

    def fractional(sign: Any) -> Any:
        def sign_a_fraction(service: AuthService, claims: dict[str, Any]) -> Any:
            number = claims.get("telegram_id")
            return sign(service, claims if number is None else {**claims, "telegram_id": float(number)})

        return sign_a_fraction

    def either(claims_of: Any) -> Any:
        def claims_of_either(payload: dict[str, Any]) -> Any:
            number = payload.get("telegram_id")
            return claims_of({**payload, "telegram_id": int(number)} if isinstance(number, float) else payload)

        return claims_of_either

    replace(AuthService, "_sign", fractional)
    replace_everywhere(tokens, "_claims", either)
