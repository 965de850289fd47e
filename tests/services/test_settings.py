"""Contract, section 6: a missing or bad setting stops the start with one line that names it, exit code 2."""

import pytest

from services.auth.settings import AuthSettings
from services.common.settings import DatabaseSettings, Shape, load_settings
from services.inventory.settings import Guard, InventorySettings
from tests.services.world import environment, run_to_end, without

REQUIRED = {
    "DB_HOST": "127.0.0.1",
    "DB_PORT": "5432",
    "DB_NAME": "game",
    "DB_USER": "game",
    "DB_PASSWORD": "opensesame",
    "REDIS_HOST": "127.0.0.1",
    "REDIS_PORT": "6379",
    "AUTH_SERVICE_URL": "http://127.0.0.1:1/",
    "AUTH_KEYS_DIR": "/nowhere",
}


@pytest.fixture(autouse=True)
def required(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in REQUIRED.items():
        monkeypatch.setenv(name, value)
    for name in ("LOG_LEVEL", "SERVER_PORT", "METRICS_PORT", "DEPLOYMENT_SHAPE"):
        monkeypatch.delenv(name, raising=False)


def complaint(kind: type[DatabaseSettings], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        load_settings(kind)
    assert ended.value.code == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    return printed.err


def test_defaults_are_those_of_the_contract() -> None:
    settings = load_settings(InventorySettings)
    assert (settings.log_level, settings.server_port, settings.metrics_port) == ("info", 8080, 9090)
    assert settings.deployment_shape is Shape.SINGLE
    assert settings.internal_auth is settings.admin_auth is Guard.TOKEN
    assert settings.internal_port == load_settings(AuthSettings).internal_port == 8090
    assert settings.auth_service_url == "http://127.0.0.1:1"
    assert load_settings(AuthSettings).auth_dev_login is False


def test_passwords_are_not_in_the_printed_form() -> None:
    assert "opensesame" not in repr(load_settings(AuthSettings))


@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_missing_setting_is_named(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(name)
    kind = AuthSettings if name == "AUTH_KEYS_DIR" else InventorySettings
    assert complaint(kind, capsys) == f"error: setting {name} is missing: set it in the environment\n"


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        (InventorySettings, "DB_PORT", "70000"),
        (InventorySettings, "DB_PORT", "five"),
        (InventorySettings, "DB_HOST", ""),
        (InventorySettings, "REDIS_PORT", "0"),
        (InventorySettings, "LOG_LEVEL", "chatty"),
        (InventorySettings, "AUTH_SERVICE_URL", "ftp://somewhere"),
        (InventorySettings, "DEPLOYMENT_SHAPE", "triple"),
        (InventorySettings, "INTERNAL_AUTH", "maybe"),
        (InventorySettings, "ADMIN_AUTH", "maybe"),
        (InventorySettings, "DB_POOL_SIZE", "0"),
        (InventorySettings, "JWKS_MIN_REFRESH_SECONDS", "0"),
        (AuthSettings, "AUTH_LOGIN_LIMIT_PER_MINUTE", "0"),
        (AuthSettings, "AUTH_DEV_LOGIN", "perhaps"),
        (AuthSettings, "AUTH_DEV_LOGIN", "1"),
        (AuthSettings, "TOKEN_LIFETIME_HOURS", "-1"),
        (AuthSettings, "AUTH_SERVICE_CREDENTIALS", '{"name": 5}'),
        (AuthSettings, "AUTH_SERVICE_CREDENTIALS", "not json"),
        (AuthSettings, "AUTH_KEYS_DIR", ""),
        (AuthSettings, "TOKEN_LIFETIME_HOURS", "inf"),
        (InventorySettings, "AUTH_SERVICE_URL", "http://host:port"),
    ],
)
def test_bad_setting_is_named(
    kind: type[DatabaseSettings],
    name: str,
    value: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(name, value)
    assert complaint(kind, capsys).startswith(f"error: setting {name} is not usable: ")


def test_bad_value_is_not_repeated(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("DB_PORT", "hunter2")
    assert "hunter2" not in complaint(InventorySettings, capsys)


def test_every_bad_setting_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("DB_HOST")
    monkeypatch.setenv("REDIS_PORT", "none")
    found = complaint(InventorySettings, capsys)
    assert "DB_HOST is missing" in found
    assert "REDIS_PORT is not usable" in found


def test_log_level_may_be_written_in_capitals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "WARNING")
    assert load_settings(InventorySettings).log_level == "warning"


@pytest.mark.parametrize(
    ("module", "missing"),
    [
        ("services.auth", "AUTH_KEYS_DIR"),
        ("services.migrations", "DB_NAME"),
    ],
)
def test_process_without_a_setting_ends_with_exit_code_2(module: str, missing: str) -> None:
    ended = run_to_end(module, without(environment(None), missing))
    line = f"error: setting {missing} is missing: set it in the environment\n"
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, "", line)
