"""Service processes: shapes, stops, ports, and what they depend on being away."""

import asyncio
import signal
import socket
import threading
from pathlib import Path

import httpx
import pytest

from services.common.database import connect as database_of
from services.common.errors import Refusal
from services.common.settings import ServiceSettings, load_settings
from stack.postgres import connect
from stack.processes import wait_until
from tests.services.world import Person, World, at_once, environment, new_id, run_to_end, service

SPLIT = {"DEPLOYMENT_SHAPE": "split"}


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
        with service("inventory", world, tmp_path) as one, blocker.cursor() as cursor:
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
