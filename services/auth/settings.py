"""Settings of auth-service (contract, section 6: settings)."""

from pathlib import Path

from pydantic import Field

from services.common.settings import ServiceSettings


class AuthSettings(ServiceSettings):
    """What auth-service reads from the environment.

    ``auth_service_credentials`` is a JSON object of service names and their secrets.
    """

    auth_keys_dir: Path
    auth_dev_login: bool = False
    telegram_bot_token: str | None = Field(default=None, repr=False)
    auth_login_limit_per_minute: int = Field(default=10, ge=1)
    auth_service_credentials: dict[str, str] = Field(default_factory=dict, repr=False)
    token_lifetime_hours: float = Field(default=24.0, gt=0)
