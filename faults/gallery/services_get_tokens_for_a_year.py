"""The token of a service is good for a year."""

import copy
from datetime import timedelta
from typing import Any

from faults.patching import replace
from services.auth.service import AuthService

RULE = "2.10 S: a token is good for 24 h"


def patch() -> None:
    """Let services log in seldom."""

    def longer(service_token: Any) -> Any:
        async def token_for_a_year(service: AuthService, *args: Any) -> Any:
            generous = copy.copy(service)
            generous._lifetime = timedelta(days=365)
            return await service_token(generous, *args)

        return token_for_a_year

    replace(AuthService, "service_token", longer)
