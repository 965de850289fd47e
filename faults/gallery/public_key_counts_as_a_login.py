"""The limit of logins holds for the public key too, which is behind the same guard."""

from faults.logins import limit_like_logins

RULE = "2.9 S, 2.6 S: it is logins that are limited"


def patch() -> None:
    """Let the limiter stand before all that is public."""
    limit_like_logins("key_calls", "/public-key.pem")
