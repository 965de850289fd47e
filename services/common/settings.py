"""Typed settings from the environment (contract, section 6: settings)."""

import os
import re
import sys
from enum import StrEnum
from typing import Literal, NoReturn, TypeVar

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

EXIT_BAD_SETTING = 2

SettingsT = TypeVar("SettingsT", bound=BaseSettings)


class Shape(StrEnum):
    """Deployment shapes of the contract's section 1."""

    SINGLE = "single"
    SPLIT = "split"


class DatabaseSettings(BaseSettings):
    """Where PostgreSQL is. Every process of the project that talks to it reads these."""

    model_config = SettingsConfigDict(extra="ignore", hide_input_in_errors=True)

    db_host: str = Field(min_length=1)
    db_port: int = Field(ge=1, le=65535)
    db_name: str = Field(min_length=1)
    db_user: str = Field(min_length=1)
    db_password: str = Field(repr=False)


class ServiceSettings(DatabaseSettings):
    """Settings that both services have in common."""

    redis_host: str = Field(min_length=1)
    redis_port: int = Field(ge=1, le=65535)
    redis_password: str | None = Field(default=None, repr=False)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    server_host: str = "0.0.0.0"  # noqa: S104  a container's only address; the stack sets loopback
    server_port: int = Field(default=8080, ge=0, le=65535)
    internal_port: int = Field(default=8090, ge=0, le=65535)
    deployment_shape: Shape = Shape.SINGLE
    max_header_bytes: int = Field(default=32 * 1024, ge=1024)
    header_seconds: float = Field(default=10.0, gt=0, le=3600, allow_inf_nan=False)
    body_seconds: float = Field(default=30.0, gt=0, le=3600, allow_inf_nan=False)
    idle_seconds: float = Field(default=75.0, gt=0, le=3600, allow_inf_nan=False)
    max_connections: int = Field(default=2000, ge=1)
    max_calls: int = Field(default=256, ge=1)
    drain_seconds: float = Field(default=1.0, ge=0, le=60, allow_inf_nan=False)
    db_pool_size: int = Field(default=10, ge=1, le=500)
    db_timeout_seconds: float = Field(default=10.0, gt=0, le=3600, allow_inf_nan=False)
    db_hang_seconds: float = Field(default=1.4, gt=0, le=3600, allow_inf_nan=False)
    db_max_waiting: int = Field(default=500, ge=0)
    db_wait_seconds: float = Field(default=0.9, gt=0, le=3600, allow_inf_nan=False)
    redis_timeout_seconds: float = Field(default=1.0, gt=0, le=3600, allow_inf_nan=False)

    @field_validator("log_level", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value


def load_settings(kind: type[SettingsT]) -> SettingsT:
    """Read settings of the given kind from the environment.

    Ends the process with exit code 2 and one line on stderr when a setting is missing or bad. PG*, which asyncpg would
    obey too, are taken out of the environment, but for PGSSL*: those only say how the way to DB_HOST is secured.
    """
    for name in [name for name in os.environ if name.startswith("PG") and not name.startswith("PGSSL")]:
        del os.environ[name]
    try:
        return kind()
    except SettingsError as error:
        # pydantic-settings tells the field only in words: error parsing value for field "x" from source ...
        named = re.search(r'field "(\w+)"', str(error))
        stop(
            f"setting {named.group(1).upper() if named else '(unknown)'} is not usable: it must be JSON",
            EXIT_BAD_SETTING,
        )
    except ValidationError as error:
        complaints = [_complaint(str(e["loc"][0]), e["type"], e["msg"]) for e in error.errors() if e["loc"]]
        stop("; ".join(complaints) or "settings do not fit together", EXIT_BAD_SETTING)


def stop(message: str, code: int) -> NoReturn:
    """End the process with one line on stderr and the given exit code."""
    print(f"error: {message}", file=sys.stderr)
    raise SystemExit(code)


def _complaint(name: str, kind: str, message: str) -> str:
    setting = name.upper()
    if kind == "missing":
        return f"setting {setting} is missing: set it in the environment"
    return f"setting {setting} is not usable: {message}"
