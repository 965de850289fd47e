"""The limit of logins holds for whatever stands under /auth."""

from faults.logins import limit_like_logins

RULE = "2.4 H, 2.9 S: it is logins that are limited, and nobody is kept from logging out"


def patch() -> None:
    """Let the limiter stand before the whole path."""
    limit_like_logins("token_calls", "/auth/logout")
