"""The auth service logs the name that it refused, which may be the secret or a token in the wrong place."""

import logging
from typing import Any

from faults.patching import replace
from services.auth.service import AuthService
from services.common.errors import Refusal

RULE = "6.4 H: never a token or secret in the logs, wherever a caller put it"


def patch() -> None:
    """Log whom it was refused."""

    def talkative(give: Any) -> Any:
        async def give_or_tell(service: AuthService, name: str, *args: Any) -> Any:
            try:
                return await give(service, name, *args)
            except Refusal:
                logging.getLogger("auth").warning("refused service %s", name)
                raise

        return give_or_tell

    replace(AuthService, "service_token", talkative)
