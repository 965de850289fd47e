"""The key that is published as PEM is the one that was current when the service started."""

from typing import Any

from faults.patching import replace, replace_everywhere
from services.auth import api
from services.auth.keys import SigningKey, SigningKeys

RULE = "2.6 S: GET /public-key.pem answers the current public key"


def patch() -> None:
    """Work the PEM out once."""

    def early(key_calls: Any) -> Any:
        def calls(keys: SigningKeys) -> Any:
            pem = keys.current().public_pem()
            replace(SigningKey, "public_pem", lambda _: lambda _key: pem)
            return key_calls(keys)

        return calls

    replace_everywhere(api, "key_calls", early)
