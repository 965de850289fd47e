"""Settings of auth-service (contract, section 6: settings)."""

from ipaddress import ip_network
from pathlib import Path

from pydantic import Field, field_validator

from services.common.settings import ServiceSettings


class AuthSettings(ServiceSettings):
    """What auth-service reads from the environment.

    ``auth_service_credentials`` is a JSON object of service names and their secrets. ``auth_trusted_proxies`` are
    addresses and networks, with commas between them, whose ``X-Forwarded-For`` tells who calls.
    """

    auth_keys_dir: Path
    auth_dev_login: bool = False
    telegram_bot_token: str | None = Field(default=None, repr=False)
    auth_login_limit_per_minute: int = Field(default=10, ge=1)
    auth_trusted_proxies: str = ""
    auth_service_credentials: dict[str, str] = Field(default_factory=dict, repr=False)
    token_lifetime_hours: float = Field(default=24.0, gt=0, le=24 * 365, allow_inf_nan=False)

    @field_validator("auth_keys_dir", mode="before")
    @classmethod
    def _is_named(cls, value: object) -> object:
        if not value:
            raise ValueError("must name a directory")
        return value

    @field_validator("auth_dev_login", mode="before")
    @classmethod
    def _is_said_in_full(cls, value: object) -> object:
        """A way in without a password is open by one word and no other (2.1)."""
        if isinstance(value, str) and value.lower() not in ("true", "false"):
            raise ValueError("must be true or false")
        return value

    @field_validator("auth_trusted_proxies")
    @classmethod
    def _are_addresses(cls, value: str) -> str:
        for one in filter(None, map(str.strip, value.split(","))):
            try:
                ip_network(one)
            except ValueError:
                raise ValueError("must be addresses or networks with commas between them") from None
        return value

    @field_validator("auth_service_credentials")
    @classmethod
    def _has_no_blanks(cls, value: dict[str, str]) -> dict[str, str]:
        if not all(name and secret for name, secret in value.items()):
            raise ValueError("must not hold an empty name or secret")
        return value
