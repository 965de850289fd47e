"""Service processes: shapes, stops, ports, and what they depend on being away."""

import asyncio
import signal
import socket
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.common.database import connect as database_of
from services.common.errors import Refusal
from services.common.settings import ServiceSettings, load_settings
from stack.postgres import connect
from stack.processes import wait_until
from tests.services.world import Person, World, at_once, client, environment, new_id, run_to_end, service

SPLIT = {"DEPLOYMENT_SHAPE": "split"}
# Other tests log in from the same address in the same minute.
OFTEN = {"AUTH_LOGIN_LIMIT_PER_MINUTE": "1000"}


def error(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


def test_sigterm_answers_what_is_under_way_then_ends(world: World, player: Person, stone: str, tmp_path: Path) -> None:
    body = {
        "user_id": player.id,
        "section": "main",
        "operation_type": "chest_reward",
        "operation_id": new_id(),
        "items": [{"item_id": stone, "quantity": 3}],
    }
    answers: list[httpx.Response] = []
    blocker = connect(world.state.postgres.port, world.secrets.db_password)
    blocker.autocommit = False
    try:
        with service("inventory", world, tmp_path, DB_HANG_SECONDS="9") as one, blocker.cursor() as cursor:
            http = one.http()
            cursor.execute("SELECT inventory.lock_player(%s)", (player.id,))

            def ask() -> None:
                answers.append(http.post("/inventory/add-items", json=body, headers=world.service))

            caller = threading.Thread(target=ask)
            caller.start()
            waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            assert wait_until(lambda: world.rows(waiting)[0][0] > 0, 5)
            one.process.send_signal(signal.SIGTERM)
            assert wait_until(lambda: not _listens(one.url), 5)
            assert one.process.poll() is None
            assert not answers
            blocker.rollback()
            caller.join(10)
            assert one.process.wait(10) == 0
            assert '"message":"stopped"' in one.log.read_text()
    finally:
        blocker.close()
    assert [answer.status_code for answer in answers] == [200]
    assert world.quantities(player) == {"stone": 3}


def _listens(url: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(url.rpartition(":")[2]))) == 0


def test_taken_port_ends_the_start_with_one_line(world: World) -> None:
    taken = world.state.auth.url.rpartition(":")[2]
    env = environment(world, SERVER_PORT="0", METRICS_PORT=taken, AUTH_SERVICE_URL=world.state.auth.url)
    ended = run_to_end("services.inventory", env)
    line = f"error: cannot listen on 127.0.0.1:{taken} (METRICS_PORT): the port is taken; set another port\n"
    assert (ended.returncode, ended.stderr) == (1, line)


def test_unusable_key_folder_ends_the_start_with_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ended = run_to_end("services.auth", environment(None, AUTH_KEYS_DIR=str(tmp_path / "file")))
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert ended.stderr.startswith("error: cannot ")
    assert "AUTH_KEYS_DIR" in ended.stderr


def test_without_redis_nobody_is_let_in(world: World, player: Person, stone: str, tmp_path: Path) -> None:
    with service("inventory", world, tmp_path, REDIS_PORT="1") as one:
        http = one.http()
        body = {"user_id": player.id, "operation_id": new_id(), "items": [{"item_id": stone, "quantity": 1}]}
        read, reserved, health = at_once(
            lambda: http.get("/inventory", headers=player.headers),
            lambda: http.post("/inventory/reserve", json=body, headers=world.service),
            lambda: http.get("/health"),
        )
        for answer in (read, reserved):
            assert error(answer) == (503, "token_check_unavailable")
            assert answer.headers["Retry-After"] == "1"
        assert health.status_code == 503
        assert health.json()["dependencies"]["redis"] == "unhealthy"
        assert http.get("/health/live").status_code == 200
        text = httpx.get(one.metrics_url, trust_env=False).text
        assert 'inventory_dependency_health{dependency="redis"} 0.0' in text


def test_without_postgres_calls_are_refused_without_details(world: World, player: Person, tmp_path: Path) -> None:
    with service("inventory", world, tmp_path, DB_PORT="1") as one:
        http = one.http()
        answer = http.get("/inventory", headers=player.headers)
        assert error(answer) == (503, "database_unavailable")
        health = http.get("/health/ready")
        assert health.status_code == 503
        assert health.json()["dependencies"]["postgres"] == "unhealthy"
        for text in (answer.text, health.text):
            assert not any(word in text for word in ("127.0.0.1", "asyncpg", "Traceback", world.secrets.db_password))


def test_wrong_database_password_is_not_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment(world, DB_PASSWORD="wrong").items():
        monkeypatch.setenv(name, value)
    observed: list[bool] = []

    async def ask() -> None:
        database = database_of(load_settings(ServiceSettings), "test", lambda _o, _s, ok: observed.append(ok))
        assert not await database.answers()
        with pytest.raises(Refusal) as raised:
            await database.row("any", "SELECT 1")
        await database.close()
        assert (raised.value.status, raised.value.code) == (503, "database_unavailable")

    asyncio.run(ask())
    assert observed == [False]


def test_split_shape_serves_each_path_where_it_belongs(
    world: World, player: Person, admin: Person, stone: str, tmp_path: Path
) -> None:
    with service("inventory", world, tmp_path, INTERNAL_AUTH="none", **SPLIT) as one:
        public, internal = one.http(), one.http(one.internal_url)
        body = {
            "user_id": player.id,
            "section": "main",
            "operation_type": "chest_reward",
            "operation_id": new_id(),
            "items": [{"item_id": stone, "quantity": 3}],
        }
        path = "/api/inventory/add-items"
        assert error(public.post(path, json=body, headers=world.service)) == (404, "not_found")
        # The network is the guard here, but a token that is shown is looked at.
        answer = internal.post(path, json=body, headers=player.headers)
        assert error(answer) == (403, "insufficient_service_permissions")
        assert error(internal.post("/api/inventory/admin/adjust", json={})) == (401, "missing_token")
        assert internal.post(path, json=body).status_code == 200
        assert internal.post(path, json=body, headers=world.service).status_code == 200
        answer = public.get("/api/inventory", headers=player.headers)
        assert [item["quantity"] for item in answer.json()["items"]] == [3]
        assert error(public.get("/inventory", headers=player.headers)) == (404, "not_found")
        assert error(internal.get("/api/inventory", headers=player.headers)) == (404, "not_found")
        change = {"items": [{"item_id": stone, "quantity_change": 2}], "reason": "a chest was lost"}
        adjust = {"user_id": player.id, "section": "main"} | change
        assert error(public.post("/api/inventory/admin/adjust", json=adjust, headers=admin.headers)) == (
            404,
            "not_found",
        )
        answer = internal.post("/api/inventory/admin/adjust", json=adjust, headers=admin.headers)
        assert answer.json()["final_balances"] == [{"item_id": stone, "quantity": 5}]
        assert internal.get("/health").status_code == 200
        assert public.get("/health").status_code == 404
        assert "inventory_service_up 1.0" in internal.get("/metrics").text
        assert public.get("/metrics").status_code == 404
        one.process.send_signal(signal.SIGINT)
        assert one.process.wait(10) == 0


def test_network_may_guard_the_admin_calls(
    world: World, player: Person, admin: Person, stone: str, tmp_path: Path
) -> None:
    change = {"items": [{"item_id": stone, "quantity_change": 2}], "reason": "a chest was lost"}
    body = {"user_id": player.id, "section": "main"} | change
    with service("inventory", world, tmp_path, ADMIN_AUTH="none", **SPLIT) as one:
        internal = one.http(one.internal_url)
        adjust, audit = "/api/inventory/admin/adjust", "/api/inventory/admin/audit"
        assert internal.post(adjust, json=body).status_code == 200
        assert internal.post(adjust, json=body, headers=admin.headers).status_code == 200
        entries = internal.get(audit, params={"user_id": player.id}).json()["entries"]
        # Who names themselves is in the log; where nobody does, nobody is made up.
        assert [entry["admin_id"] for entry in entries] == [admin.id, None]
        # Each kind of call has a guard of its own.
        reservation = f"/api/inventory/reservation/{new_id()}"
        assert error(internal.get(reservation)) == (401, "missing_token")
    assert world.quantities(player) == {"stone": 4}


def test_shape_single_has_no_network_to_guard_it(world: World, tmp_path: Path) -> None:
    with service("inventory", world, tmp_path, ADMIN_AUTH="none", INTERNAL_AUTH="none") as one:
        http = one.http()
        assert error(http.post("/admin/inventory/adjust", json={})) == (401, "missing_token")
        assert error(http.post("/inventory/reserve", json={})) == (401, "missing_token")


def test_split_auth_has_a_listener_for_its_own_people(world: World, tmp_path: Path) -> None:
    keys = {"AUTH_KEYS_DIR": str(Path(world.secrets.signing_key_file).parent), "AUTH_DEV_LOGIN": "true"}
    with service("auth", world, tmp_path, TELEGRAM_BOT_TOKEN="1:a", **keys, **SPLIT, **OFTEN) as one:
        public, internal = one.http(), one.http(one.internal_url)
        login = {"telegram_id": 1, "username": "a"}
        for http, others in ((public, 404), (internal, 200)):
            assert http.get("/public-key.pem").text == world.auth.get("/public-key.pem").text
            assert http.get("/jwks").json() == world.auth.get("/jwks").json()
            assert [http.get(path).status_code for path in ("/health", "/metrics")] == [others] * 2
        assert error(public.post("/auth")) == (400, "missing_init_data")
        assert public.post("/auth/login", json=login).status_code == 200
        for path in ("/auth", "/auth/login", "/auth/service-token", "/auth/keys/rotate"):
            assert error(internal.post(path, json=login)) == (404, "not_found")
        text = internal.get("/metrics").text
        assert counted(text, "auth_http_requests_total", "/auth/login", "POST", 200) == 1
        # Both listeners count, each request once.
        assert counted(text, "auth_http_requests_total", "/jwks", "GET", 200) == 2
        assert counted(text, "auth_http_requests_total", "unmatched", "POST", 404) == 4
        assert "auth_service_up 1.0" in text
        assert "process_resident_memory_bytes" in text


def counted(text: str, name: str, endpoint: str, method: str, status: int) -> float:
    wanted = f'{name}{{endpoint="{endpoint}",method="{method}",status="{status}"}} '
    return sum(float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(wanted))


@pytest.mark.parametrize("shape", [{}, SPLIT], ids=["single", "split"])
def test_each_listener_counts_each_request_once(world: World, player: Person, tmp_path: Path, shape: Any) -> None:
    prefix = "/api" if shape else ""
    with service("inventory", world, tmp_path, **shape) as one:
        scraper = httpx.URL(f"{one.internal_url}/metrics" if shape else one.metrics_url)
        public, internal = one.http(), one.http(one.internal_url if shape else None)
        observer = one.http(str(scraper.copy_with(path="/")))
        for _ in range(3):
            public.get(f"{prefix}/inventory", headers=player.headers)
            public.get(f"/{new_id()}")
            internal.get(f"{prefix}/inventory/reservation/{new_id()}", headers=world.service)
            observer.get("/metrics")
            observer.get(f"/{new_id()}")
        text = observer.get("/metrics").text
        name, reservation = "inventory_http_requests_total", f"{prefix}/inventory/reservation/{{operation_id}}"
        assert counted(text, name, f"{prefix}/inventory", "GET", 200) == 3
        assert counted(text, name, reservation, "GET", 404) == 3
        assert counted(text, name, "/metrics", "GET", 200) == 3
        assert counted(text, name, "unmatched", "GET", 404) == 6
        # The one request that is under way is the one that asks.
        assert "inventory_http_requests_in_flight 0.0" in text
        assert not [line for line in text.splitlines() if line.startswith(name) and "-" in line]


def test_request_under_way_is_in_the_gauge_until_it_ends(
    world: World, player: Person, stone: str, tmp_path: Path
) -> None:
    body = {"user_id": player.id, "operation_id": new_id(), "items": [{"item_id": stone, "quantity": 1}]}
    blocker = connect(world.state.postgres.port, world.secrets.db_password)
    blocker.autocommit = False
    try:
        with service("inventory", world, tmp_path, DB_HANG_SECONDS="9") as one, blocker.cursor() as cursor:
            http = one.http()
            cursor.execute("SELECT inventory.lock_player(%s)", (player.id,))

            def ask() -> None:
                http.post("/inventory/reserve", json=body, headers=world.service)

            caller = threading.Thread(target=ask)
            caller.start()

            def in_flight() -> str:
                text = httpx.get(one.metrics_url, trust_env=False).text
                return next(line for line in text.splitlines() if line.startswith("inventory_http_requests_in_flight"))

            assert wait_until(lambda: in_flight().endswith(" 1.0"), 5)
            blocker.rollback()
            caller.join(10)
            assert in_flight().endswith(" 0.0")
    finally:
        blocker.close()


def test_a_service_that_stops_answers_what_it_has_begun_and_says_so(world: World, tmp_path: Path) -> None:
    """Kept-alive callers without a pause: each is told with an answer, and none is cut off."""
    person = world.person()
    ends: list[str] = []

    def call_until_told(url: str) -> None:
        with client(url) as http:
            while True:
                try:
                    answer = http.get("/inventory", headers=person.headers)
                except httpx.HTTPError as error:
                    ends.append(type(error).__name__)
                    return
                if answer.headers.get("connection") == "close" or answer.status_code != 200:
                    ends.append(str(answer.status_code))
                    return

    with service("inventory", world, tmp_path) as one:
        callers = [threading.Thread(target=call_until_told, args=(one.url,)) for _ in range(8)]
        for caller in callers:
            caller.start()

        def answered() -> float:
            text = httpx.get(one.metrics_url, trust_env=False).text
            return counted(text, "inventory_http_requests_total", "/inventory", "GET", 200)

        assert wait_until(lambda: answered() > 50, 10)
        one.process.send_signal(signal.SIGTERM)
        for caller in callers:
            caller.join(10)
        assert ends == ["200"] * 8
        assert one.process.wait(10) == 0
