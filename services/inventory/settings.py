"""Settings of inventory-service (contract, section 6: settings)."""

from enum import StrEnum

from pydantic import Field, field_validator

from services.common.settings import ServiceSettings


class InternalAuth(StrEnum):
    """How internal calls prove themselves in the split shape: by a service token, or by the network alone."""

    TOKEN = "token"  # noqa: S105
    NONE = "none"


class InventorySettings(ServiceSettings):
    """What inventory-service reads from the environment."""

    metrics_port: int = Field(default=9090, ge=0, le=65535)
    internal_port: int = Field(default=8081, ge=0, le=65535)
    internal_auth: InternalAuth = InternalAuth.TOKEN
    auth_service_url: str = Field(min_length=1)
    jwks_min_refresh_seconds: float = Field(default=3.0, gt=0)
    jwks_max_age_seconds: float = Field(default=300.0, gt=0)

    @field_validator("auth_service_url")
    @classmethod
    def _is_http(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return value.rstrip("/")
