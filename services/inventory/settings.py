"""Settings of inventory-service (contract, section 6: settings)."""

from enum import StrEnum
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from services.common.settings import ServiceSettings


class Guard(StrEnum):
    """What guards internal or admin calls in the split shape: a token, or the network alone."""

    TOKEN = "token"  # noqa: S105
    NONE = "none"


class InventorySettings(ServiceSettings):
    """What inventory-service reads from the environment."""

    metrics_port: int = Field(default=9090, ge=0, le=65535)
    internal_auth: Guard = Guard.TOKEN
    admin_auth: Guard = Guard.TOKEN
    auth_service_url: str = Field(min_length=1)
    jwks_min_refresh_seconds: float = Field(default=2.0, gt=0, le=3600, allow_inf_nan=False)
    active_users_seconds: float = Field(default=300.0, gt=0, le=86400, allow_inf_nan=False)
    health_watch_seconds: float = Field(default=5.0, gt=0, le=60, allow_inf_nan=False)
    jwks_max_age_seconds: float = Field(default=300.0, gt=0, le=86400, allow_inf_nan=False)

    player_calls: int = Field(default=4, ge=1)
    player_max_waiting: int = Field(default=256, ge=0)
    player_wait_seconds: float = Field(default=5.0, gt=0, le=3600, allow_inf_nan=False)
    ledger_check_seconds: float = Field(default=60.0, gt=0, le=86400, allow_inf_nan=False)

    @field_validator("auth_service_url")
    @classmethod
    def _is_http(cls, value: str) -> str:
        try:
            url = urlsplit(value)
            usable = url.scheme in ("http", "https") and url.hostname and url.port != 0
        except ValueError:
            usable = False
        if not usable:
            raise ValueError("must be like http://host:port")
        return value.rstrip("/")
