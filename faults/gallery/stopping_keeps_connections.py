"""A service that stops tells nobody that their connection ends."""

from services.common import http

RULE = "4.13 H: nobody is left guessing, also when a service stops"


class _Staying(http.Life):
    """Never about to end."""

    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(name, False)


def patch() -> None:
    """Forget what was told."""
    http.life = _Staying()
