"""An auth-service that has made its signing key itself makes another one when it starts again."""

import time
from typing import Any

from faults.patching import replace
from services.auth.keys import SigningKeys

RULE = "2.10 S: a token is good for 24 h"


def patch() -> None:
    """Put the key beside the place where it is looked for."""

    def beside(prepare: Any) -> Any:
        def prepare_beside(keys: SigningKeys) -> None:
            if not list(keys._directory.glob("*.pem")):
                keys._directory /= f"new-{time.time_ns()}"
            prepare(keys)

        return prepare_beside

    replace(SigningKeys, "prepare", beside)
