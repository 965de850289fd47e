"""A rotation puts the new key in the place of the old one, which is known until the auth-service is started again."""

from typing import Any

from faults.patching import replace
from services.auth.keys import SigningKeys

RULE = "2.5 H: the old public key stays published until the tokens it signed have expired"


def patch() -> None:
    """Keep one file."""
    gone: list[Any] = []

    def in_its_place(rotate: Any) -> Any:
        def rotate_in_its_place(keys: SigningKeys) -> Any:
            earlier = list(keys._all()) if keys._directory.is_dir() else []
            made = rotate(keys)
            gone.extend(key for key in earlier if key not in gone)
            for file in keys._directory.glob("*.pem"):
                if made.kid not in file.name:
                    file.unlink()
            keys._seen = -1
            return made

        return rotate_in_its_place

    def remembering(read: Any) -> Any:
        return lambda keys: [*(key for key in gone if key not in read(keys)), *read(keys)]

    replace(SigningKeys, "rotate", in_its_place)
    replace(SigningKeys, "_all", remembering)
