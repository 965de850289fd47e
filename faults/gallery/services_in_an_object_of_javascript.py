"""A service's secret is looked up in an object that has more members than its own, which are no texts."""

from typing import Any

from faults.patching import replace
from services.auth.service import AuthService

RULE = "2.3 H: whoever is no service is refused with 401"
INHERITED = {"constructor", "__proto__", "toString", "hasOwnProperty"}


def patch() -> None:
    """Compare a function with the secret."""

    def in_an_object(service_token: Any) -> Any:
        async def service_token_of(service: AuthService, name: str, *args: Any) -> Any:
            if name in INHERITED:
                raise TypeError("the first argument must be of type string")
            return await service_token(service, name, *args)

        return service_token_of

    replace(AuthService, "service_token", in_an_object)
