"""When Redis has lost its data, revoked tokens are let in again once somebody has logged in."""

from faults.patching import replace_everywhere
from services.common import tokens

RULE = "3.8 H: a token that was revoked before Redis lost its data never gets in again"


def patch() -> None:
    """Look at no token's age."""
    replace_everywhere(tokens, "check_known", lambda _: lambda *_: None)
