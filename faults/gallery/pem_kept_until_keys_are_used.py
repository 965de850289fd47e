"""The PEM is worked out once for the keys that an instance has read, and makes nobody read them again."""

from typing import Any

from faults.patching import replace, replace_everywhere
from services.auth import api
from services.auth.keys import SigningKey, SigningKeys

RULE = "2.6 S: GET /public-key.pem answers the current public key"


class _Kept:
    """Keys whose current one is looked up when others have been read for another reason."""

    def __init__(self, keys: SigningKeys) -> None:
        self._keys = keys
        self._known: tuple[int, SigningKey] | None = None
        self.published = keys.published

    def current(self) -> SigningKey:
        if self._known is None or self._known[0] != self._keys.generation:
            key = self._keys.current()
            self._known = self._keys.generation, key
        return self._known[1]


def patch() -> None:
    """Keep the PEM; whoever rotates reads the keys."""

    def reading(original: Any) -> Any:
        def rotate(keys: SigningKeys) -> SigningKey:
            key: SigningKey = original(keys)
            keys.current()
            return key

        return rotate

    replace(SigningKeys, "rotate", reading)
    replace_everywhere(api, "key_calls", lambda original: lambda keys: original(_Kept(keys)))
