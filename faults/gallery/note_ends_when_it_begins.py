"""The note of a token in Redis says that it ends when it was issued."""

from typing import Any

from faults.patching import replace
from services.auth.service import AuthService

RULE = "2.11 S: active:{jti} has issued_at and expires_at"


def patch() -> None:
    """Write one of the two times twice."""

    def careless(sign: Any) -> Any:
        def sign_and_note(service: AuthService, claims: dict[str, Any]) -> Any:
            issued, jti, record, at = sign(service, claims)
            return issued, jti, {**record, "expires_at": record["issued_at"]}, at

        return sign_and_note

    replace(AuthService, "_sign", careless)
