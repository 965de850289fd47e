"""The secret of any service gets a token in each service's name."""

import hmac
from typing import Any

from faults.patching import replace
from services.auth.service import AuthService

RULE = "2.3 H: a service gets a token for its own secret"


class _AnyOf(dict[str, str]):
    """Credentials that give for each name whichever secret was told, if it is one of them."""

    told = ""

    def get(self, name: str, default: Any = None) -> Any:
        fitting = (one for one in self.values() if hmac.compare_digest(one.encode(), self.told.encode()))
        return next(fitting, super().get(name, default))


def patch() -> None:
    """Compare with all secrets."""

    def of_any(service_token: Any) -> Any:
        async def token_of_any(of: AuthService, name: str, secret: str, address: str) -> Any:
            known = _AnyOf(of._credentials)
            known.told = secret
            of._credentials = known
            return await service_token(of, name, secret, address)

        return token_of_any

    replace(AuthService, "service_token", of_any)
