"""The auth service writes the tokens that it issues into its log."""

import logging
from typing import Any

from faults.patching import replace
from services.auth.service import AuthService

RULE = "6.4 H: never a token, secret or password in the logs"


def patch() -> None:
    """Log every token that was signed."""

    def talkative(sign: Any) -> Any:
        def sign_and_log(service: AuthService, claims: dict[str, Any]) -> Any:
            signed = sign(service, claims)
            logging.getLogger("login").info("issued %s", signed[0].token)
            return signed

        return sign_and_log

    replace(AuthService, "_sign", talkative)
