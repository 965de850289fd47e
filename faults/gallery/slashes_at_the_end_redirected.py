"""A known path with a slash behind it is answered with a redirect that has no body."""

from faults.patching import replace
from services.common import calls

RULE = "4.2 H: a path that is not there is refused with an error and a message"


def patch() -> None:
    """Leave the router's default as it is."""
    replace(
        calls, "Router", lambda router: lambda *args, **kwargs: router(*args, **{**kwargs, "redirect_slashes": True})
    )
