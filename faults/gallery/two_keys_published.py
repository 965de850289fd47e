"""The current key and the one before it are published, and none that is older."""

from typing import Any

from faults.patching import replace
from services.auth.keys import SigningKeys

RULE = "2.5 H: an old public key stays published until the tokens that it signed have expired"


def patch() -> None:
    """Publish the last two."""

    def latest(published: Any) -> Any:
        return lambda keys: published(keys)[-2:]

    replace(SigningKeys, "published", latest)
