"""Whether a caller is a service is asked before whether their token was revoked."""

from typing import Any

from faults.patching import replace
from services.common.errors import Refusal
from services.inventory import api

RULE = "3.5 S: revoked comes before whose call it is"


def patch() -> None:
    """Judge a player's call by the role first."""

    def role_first(identify: Any) -> Any:
        def identified(claims: Any) -> Any:
            caller = identify(claims)
            if "internal" in caller.roles:
                raise Refusal(403, "forbidden", "this call is for players only")
            return caller

        return identified

    replace(api, "identify", role_first)
