"""Contract, section 2, against the running auth service."""

import json
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from services.auth.telegram import signature
from tests.services.conftest import JWKS_MIN_REFRESH_SECONDS
from tests.services.world import World, at_once, bearer, new_id, service

DAY = 24 * 3600


def error(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


def claims_of(token: str) -> dict[str, object]:
    known: dict[str, object] = jwt.decode(token, options={"verify_signature": False})
    return known


def init_data(world: World, user: object, **more: str) -> str:
    known = {"auth_date": str(int(time.time())), "user": json.dumps(user)} | more
    return urlencode(known | {"hash": signature(known, world.secrets.telegram_bot_token)})


def telegram_login(world: World, data: str | None) -> httpx.Response:
    return world.auth.post("/auth", headers={} if data is None else {"X-Telegram-Init-Data": data})


def test_login_finds_or_creates_the_user(world: World) -> None:
    first = world.log_in(username="ada").json()
    again = world.log_in(first["user"]["telegram_id"], "ada2").json()
    assert first["success"] is True
    assert first["user"]["is_new_user"] is True
    assert again["user"]["is_new_user"] is False
    assert again["user"]["id"] == first["user"]["id"]
    assert (again["user"]["username"], again["user"]["first_name"]) == ("ada2", "ada2")
    assert "role" not in first["user"]


def test_token_has_the_promised_form(world: World) -> None:
    answer = world.log_in().json()
    claims = claims_of(answer["token"])
    header = jwt.get_unverified_header(answer["token"])
    assert set(claims) == {"iss", "sub", "telegram_id", "iat", "exp", "jti", "roles"}
    assert (claims["iss"], claims["sub"], claims["roles"]) == ("shard-legends-auth", answer["user"]["id"], [])
    assert claims["telegram_id"] == answer["user"]["telegram_id"]
    assert claims["exp"] - claims["iat"] == DAY  # type: ignore[operator]
    assert header["alg"] == "RS256"
    assert header["kid"]
    assert datetime.fromisoformat(answer["expires_at"]).timestamp() == claims["exp"]


def test_administrator_has_the_role(world: World) -> None:
    assert claims_of(world.admin().token)["roles"] == ["admin"]


def test_redis_knows_the_token_as_long_as_it_lives(world: World) -> None:
    answer = world.log_in().json()
    user, jti = answer["user"]["id"], claims_of(answer["token"])["jti"]
    record = json.loads(str(world.ask_redis("GET", f"active:{jti}")))
    assert set(record) == {"user_id", "telegram_id", "issued_at", "expires_at"}
    issued, ends = (datetime.fromisoformat(record[name]) for name in ("issued_at", "expires_at"))
    assert record["user_id"] == user
    assert ends - issued == timedelta(days=1)
    assert world.ask_redis("SMEMBERS", f"user_tokens:{user}") == {jti}
    for key in (f"active:{jti}", f"user_tokens:{user}"):
        assert DAY - 60 < world.ask_redis("TTL", key) <= DAY


def test_new_login_revokes_the_earlier_token(world: World) -> None:
    first = world.person()
    second = world.person(first.telegram_id)
    jti = claims_of(first.token)["jti"]
    record = json.loads(str(world.ask_redis("GET", f"revoked:{jti}")))
    assert record["reason"] == "user_reauth"
    assert record["revoked_at"]
    assert world.ask_redis("TTL", f"revoked:{jti}") > DAY - 60
    assert not world.ask_redis("EXISTS", f"active:{jti}")
    refused = world.inventory.get("/inventory", headers=first.headers)
    assert error(refused) == (401, "token_revoked")
    assert world.read(second) == []


def test_new_login_revokes_a_token_whose_note_was_lost(world: World) -> None:
    first = world.person()
    jti = claims_of(first.token)["jti"]
    world.ask_redis("DEL", f"active:{jti}")
    world.person(first.telegram_id)
    assert error(world.inventory.get("/inventory", headers=first.headers)) == (401, "token_revoked")
    assert DAY - 60 < world.ask_redis("TTL", f"revoked:{jti}") <= DAY


def test_logins_at_once_leave_one_live_token(world: World) -> None:
    person = world.person()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: world.log_in(person.telegram_id).json(), range(16)))
    assert len({answer["user"]["id"] for answer in answers}) == 1
    tokens = {str(claims_of(answer["token"])["jti"]) for answer in answers}
    live = {jti for jti in tokens if world.ask_redis("EXISTS", f"active:{jti}")}
    assert len(live) == 1
    assert len(tokens) == 16
    assert world.ask_redis("SMEMBERS", f"user_tokens:{person.id}") == live


def test_inactive_user_cannot_log_in(world: World) -> None:
    person = world.person()
    world.rows("UPDATE auth.users SET is_active = false WHERE id = %s", person.id)
    assert error(world.log_in(person.telegram_id, "changed")) == (403, "user_inactive")
    assert world.rows("SELECT username FROM auth.users WHERE id = %s", person.id) == [("tester",)]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"telegram_id": 5},
        {"username": "a"},
        {"telegram_id": "5", "username": "a"},
        {"telegram_id": 0, "username": "a"},
        {"telegram_id": -1, "username": "a"},
        {"telegram_id": 2**63, "username": "a"},
        {"telegram_id": True, "username": "a"},
        {"telegram_id": 5, "username": ""},
        {"telegram_id": 5, "username": "   "},
        {"telegram_id": 5, "username": "a\x00"},
        {"telegram_id": 5, "username": None},
        {"telegram_id": 5, "username": "x" * 256},
        [],
    ],
)
def test_bad_login_names_the_field(world: World, body: object) -> None:
    answer = world.auth.post("/auth/login", json=body)
    assert error(answer) == (400, "validation_failed")
    assert answer.json()["details"]["field"] in ("telegram_id", "username", "body")


def test_telegram_login_answers_like_the_other(world: World) -> None:
    user = {
        "id": 777_000_001,
        "first_name": "Ada",
        "last_name": "L",
        "language_code": "en",
        "is_premium": True,
    }
    answer = telegram_login(world, init_data(world, user)).json()
    assert {"success", "token", "expires_at", "user"} == set(answer)
    known = answer["user"]
    assert (known["telegram_id"], known["first_name"], known["last_name"]) == (777_000_001, "Ada", "L")
    assert (known["is_premium"], known["language_code"], known["username"]) == (True, "en", None)
    again = telegram_login(world, init_data(world, {"id": 777_000_001, "first_name": "Ada"})).json()["user"]
    assert again["id"] == known["id"]
    assert again["is_new_user"] is False
    assert again["last_name"] == "L"


def test_telegram_login_refusals(world: World) -> None:
    good = {"id": 5, "first_name": "Ada"}
    old = str(int(time.time()) - DAY - 60)
    assert error(telegram_login(world, None)) == (400, "missing_init_data")
    assert error(telegram_login(world, "nonsense")) == (400, "invalid_init_data_format")
    assert error(telegram_login(world, init_data(world, good, auth_date=old))) == (400, "expired_auth_date")
    for data in (init_data(world, good), init_data(world, good, auth_date=old), init_data(world, {"id": 5})):
        changed = data[:-1] + ("1" if data.endswith("0") else "0")
        assert error(telegram_login(world, changed)) == (401, "invalid_telegram_signature")
    assert error(telegram_login(world, init_data(world, {"id": 5}))) == (401, "invalid_user_data")


def test_service_token_carries_role_and_name(world: World) -> None:
    claims = claims_of(world.service_token())
    assert (claims["roles"], claims["service"]) == (["internal"], world.secrets.service_name)
    assert "telegram_id" not in claims
    assert world.ask_redis("EXISTS", f"active:{claims['jti']}") == 1


def test_service_tokens_live_beside_each_other(world: World) -> None:
    first, second = world.service_token(), world.service_token()
    for token in (first, second):
        answer = world.inventory.get(f"/inventory/reservation/{new_id()}", headers=bearer(token))
        assert error(answer) == (404, "operation_not_found")


@pytest.mark.parametrize("secret", ["wrong", "", "ü"])
def test_wrong_service_secret_is_refused(world: World, secret: str) -> None:
    for name in (world.secrets.service_name, "unknown", ""):
        answer = world.auth.post("/auth/service-token", json={"service": name, "secret": secret})
        assert error(answer) == (401, "invalid_service_credentials")


def test_unknown_service_has_no_secret_that_fits(world: World) -> None:
    answer = world.auth.post("/auth/service-token", json={"service": "unknown", "secret": "\x00"})
    assert error(answer) == (401, "invalid_service_credentials")


def test_logout_revokes_the_own_token_only(world: World) -> None:
    leaving, staying = world.person(), world.person()
    assert world.auth.post("/auth/logout", headers=leaving.headers).json() == {"success": True}
    assert error(world.auth.post("/auth/logout", headers=leaving.headers)) == (401, "token_revoked")
    assert error(world.inventory.get("/inventory", headers=leaving.headers)) == (401, "token_revoked")
    assert world.read(staying) == []


def test_logout_needs_a_token(world: World) -> None:
    assert error(world.auth.post("/auth/logout")) == (401, "missing_token")
    assert error(world.auth.post("/auth/logout", headers=bearer("abc"))) == (401, "invalid_token_signature")
    assert error(world.auth.post("/auth/logout", headers=bearer(world.sign(("jti",))))) == (
        401,
        "missing_token_id",
    )
    assert error(world.auth.post("/auth/logout", headers=bearer(world.sign(("sub",))))) == (
        401,
        "missing_user_id",
    )


def test_published_keys_have_the_standard_form(world: World) -> None:
    keys = world.auth.get("/jwks").json()["keys"]
    for key in keys:
        assert set(key) == {"kty", "use", "alg", "kid", "n", "e"}
        assert (key["kty"], key["use"], key["alg"]) == ("RSA", "sig", "RS256")
    header = jwt.get_unverified_header(world.person().token)
    assert header["kid"] in {key["kid"] for key in keys}


def test_current_public_key_checks_a_new_token(world: World) -> None:
    answer = world.auth.get("/public-key.pem")
    assert answer.headers["content-type"].startswith("text/plain")
    public = serialization.load_pem_public_key(answer.content)
    assert jwt.decode(world.person().token, public, algorithms=["RS256"])  # type: ignore[arg-type]


def test_only_administrators_rotate_keys(world: World) -> None:
    person = world.person()
    assert error(world.auth.post("/auth/keys/rotate")) == (401, "missing_token")
    assert error(world.auth.post("/auth/keys/rotate", headers=person.headers)) == (403, "forbidden")
    assert error(world.auth.post("/auth/keys/rotate", headers=world.service)) == (403, "forbidden")


def test_rotated_key_is_accepted_without_a_restart(world: World) -> None:
    person = world.person()
    answer = world.auth.post("/auth/keys/rotate", headers=world.admin().headers)
    assert answer.status_code == 200
    kid = answer.json()["kid"]
    assert kid in {key["kid"] for key in world.auth.get("/jwks").json()["keys"]}
    new = world.person()
    assert jwt.get_unverified_header(new.token)["kid"] == kid
    deadline = time.monotonic() + JWKS_MIN_REFRESH_SECONDS + 5
    while world.inventory.get("/inventory", headers=new.headers).status_code != 200:
        assert time.monotonic() < deadline
    assert world.read(person) == []
    keys = Path(world.secrets.signing_key_file).parent
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys.glob(f"*{kid}*")} == {0o600}


def test_unknown_kids_do_not_flood_the_auth_service(world: World) -> None:
    log = Path(world.state.auth.log)

    def calls() -> int:
        return sum('"/jwks"' in line for line in log.read_text().splitlines())

    pem = Path(world.secrets.signing_key_file).read_text()
    claims = claims_of(world.sign())
    tokens = [jwt.encode(claims, pem, "RS256", {"kid": f"unknown-{n}"}) for n in range(30)]
    before, started = calls(), time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda t: world.inventory.get("/inventory", headers=bearer(t)), tokens))
    assert {error(answer) for answer in answers} == {(401, "invalid_token_signature")}
    assert calls() - before <= 1 + (time.monotonic() - started) // JWKS_MIN_REFRESH_SECONDS


def test_health_tells_the_dependencies(world: World) -> None:
    answer = world.auth.get("/health")
    assert answer.status_code == 200
    assert set(answer.json()) == {"status", "timestamp", "version", "dependencies"}
    assert answer.json()["dependencies"] == {"postgres": "healthy", "redis": "healthy"}


@pytest.mark.parametrize(("away", "name"), [("DB_PORT", "postgres"), ("REDIS_PORT", "redis")])
def test_health_is_red_without_either(world: World, tmp_path: Path, away: str, name: str) -> None:
    with service("auth", world, tmp_path, AUTH_KEYS_DIR=str(tmp_path / "keys"), **{away: "1"}) as auth:
        answer = auth.http().get("/health")
        assert answer.status_code == 503
        assert answer.json()["status"] == "unhealthy"
        unhealthy = [which for which, how in answer.json()["dependencies"].items() if how == "unhealthy"]
        assert unhealthy == [name]


def test_metrics_are_on_the_one_listener(world: World) -> None:
    answer = world.auth.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    found = {line.split()[2] for line in answer.text.splitlines() if line.startswith("# TYPE")}
    assert {
        "auth_service_up",
        "auth_http_requests_total",
        "auth_http_request_duration_seconds",
        "auth_http_requests_in_flight",
        "process_cpu_seconds_total",
        "process_open_fds",
    } <= found


def test_careful_settings_close_the_doors(world: World, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    closed = {"AUTH_KEYS_DIR": str(keys), "AUTH_LOGIN_LIMIT_PER_MINUTE": "2", "TELEGRAM_BOT_TOKEN": "1:a"}
    with service("auth", world, tmp_path, **closed) as auth:
        http = auth.http()
        assert error(http.post("/auth/login", json={"telegram_id": 1, "username": "a"})) == (404, "not_found")
        assert stat.S_IMODE(keys.stat().st_mode) == 0o700
        assert [stat.S_IMODE(path.stat().st_mode) for path in keys.iterdir()] == [0o600]
        world.ask_redis("DEL", "login_attempts:127.0.0.1")
        data = {"X-Telegram-Init-Data": "nonsense"}
        assert [http.post("/auth", headers=data).status_code for _ in range(2)] == [400, 400]
        limited = http.post("/auth", headers=data | {"X-Forwarded-For": "10.1.2.3"})
        assert error(limited) == (429, "rate_limit_exceeded")
        assert 1 <= int(limited.headers["Retry-After"]) <= 61
        world.ask_redis("DEL", "login_attempts:127.0.0.1")


def test_without_redis_nobody_logs_in(world: World, tmp_path: Path) -> None:
    away = {"AUTH_KEYS_DIR": str(Path(world.secrets.signing_key_file).parent), "AUTH_DEV_LOGIN": "true"}
    person = world.person()
    with service("auth", world, tmp_path, REDIS_PORT="1", DB_PORT="1", **away) as auth:
        http = auth.http()
        logged_in, logged_out, health = at_once(
            lambda: http.post("/auth/login", json={"telegram_id": 1, "username": "a"}),
            lambda: http.post("/auth/logout", headers=person.headers),
            lambda: http.get("/health"),
        )
        assert error(logged_in) == (503, "token_check_unavailable")
        assert error(logged_out) == (503, "token_check_unavailable")
        assert health.status_code == 503
        assert health.json()["dependencies"] == {"postgres": "unhealthy", "redis": "unhealthy"}
        assert error(http.post("/auth", headers={})) == (404, "not_found")


def test_logs_tell_of_no_token_or_secret(world: World) -> None:
    person = world.person()
    world.read(person)
    for log in (world.state.auth.log, world.state.inventory[0].log):
        text = Path(log).read_text()
        assert person.token not in text
        assert person.token.rpartition(".")[2] not in text
        assert world.secrets.service_secret not in text
        assert world.secrets.db_password not in text
