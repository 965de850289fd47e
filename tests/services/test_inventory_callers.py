"""Contract, sections 3 and 6, against the running inventory service: who may call, and what it tells of itself."""

import json
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from stack.processes import wait_until
from tests.services.world import Person, World, bearer, new_id

METRICS = [
    "inventory_service_up",
    "inventory_service_start_time_seconds",
    "inventory_http_requests_total",
    "inventory_http_request_duration_seconds",
    "inventory_http_requests_in_flight",
    "inventory_database_queries_total",
    "inventory_database_query_duration_seconds",
    "inventory_database_connections",
    "inventory_redis_commands_total",
    "inventory_redis_command_duration_seconds",
    "inventory_redis_connections",
    "inventory_operations_total",
    "inventory_balance_calculation_duration_seconds",
    "inventory_daily_balance_created_total",
    "inventory_cache_hit_ratio",
    "inventory_cache_operations_total",
    "inventory_classifier_conversions_total",
    "inventory_insufficient_balance_errors_total",
    "inventory_transaction_rollbacks_total",
    "inventory_dependency_health",
    "inventory_active_users_total",
    "process_cpu_seconds_total",
    "process_open_fds",
]


def error(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


def read(world: World, token: str) -> httpx.Response:
    return world.inventory.get("/inventory", headers=bearer(token))


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, "missing_token"),
        ({"Authorization": "Basic abc"}, "invalid_token_format"),
        ({"Authorization": "Bearer"}, "invalid_token_format"),
        ({"Authorization": "Bearer abc"}, "invalid_token_signature"),
    ],
)
def test_every_kind_of_call_needs_a_token(world: World, headers: dict[str, str], expected: str) -> None:
    for path in ("/inventory", f"/inventory/reservation/{new_id()}", "/admin/inventory/audit"):
        assert error(world.inventory.get(path, headers=headers)) == (401, expected)
    for path in ("/inventory/add-items", "/inventory/reserve", "/admin/inventory/adjust"):
        # The body is not looked at before the caller is known.
        assert error(world.inventory.post(path, content=b"{", headers=headers)) == (401, expected)


BAD: dict[str, tuple[Callable[[World], str], str]] = {
    "expired": (lambda world: world.sign(exp=int(time.time()) - 40), "token_expired"),
    "wrong issuer": (lambda world: world.sign(iss="me"), "invalid_token_signature"),
    "not yet": (lambda world: world.sign(nbf=int(time.time()) + 600), "invalid_token_signature"),
    "no jti": (lambda world: world.sign(("jti",)), "missing_token_id"),
    "no sub": (lambda world: world.sign(("sub",)), "missing_user_id"),
    "sub no UUID": (lambda world: world.sign(sub="me"), "missing_user_id"),
    "no telegram_id": (lambda world: world.sign(("telegram_id",)), "missing_telegram_id"),
    "no jti and no sub": (lambda world: world.sign(("jti", "sub")), "missing_token_id"),
}


@pytest.mark.parametrize(("make", "expected"), BAD.values(), ids=BAD.keys())
def test_bad_token_is_refused(world: World, make: Callable[[World], str], expected: str) -> None:
    token = make(world)
    assert error(read(world, token)) == (401, expected)
    assert error(world.call("/inventory/reserve", bearer(token))) == (401, expected)


def test_revoked_comes_before_a_missing_user(world: World) -> None:
    jti = new_id()
    world.ask_redis("SET", f"revoked:{jti}", "{}", "EX", "60")
    for token in (world.sign(jti=jti), world.sign(("sub",), jti=jti), world.sign(("telegram_id",), jti=jti)):
        assert error(read(world, token)) == (401, "token_revoked")
        assert error(world.call("/inventory/reserve", bearer(token))) == (401, "token_revoked")


def test_token_made_by_hand_with_the_right_key_is_accepted(world: World) -> None:
    assert read(world, world.sign()).json() == {"items": []}


def test_players_and_administrators_cannot_make_internal_calls(world: World, player: Person, admin: Person) -> None:
    for person in (player, admin):
        for path in ("/inventory/add-items", "/inventory/reserve", "/inventory/consume-reserve"):
            answer = world.call(path, person.headers, user_id=person.id)
            assert error(answer) == (403, "insufficient_service_permissions")
        answer = world.inventory.get(f"/inventory/reservation/{new_id()}", headers=person.headers)
        assert error(answer) == (403, "insufficient_service_permissions")


def test_players_and_services_cannot_make_admin_calls(world: World, player: Person) -> None:
    for headers in (player.headers, world.service):
        assert error(world.call("/admin/inventory/adjust", headers)) == (403, "forbidden")
        assert error(world.inventory.get("/admin/inventory/audit", headers=headers)) == (403, "forbidden")


# -- what it tells of itself ----------------------------------------------------------------------------------------


def test_health(world: World) -> None:
    for path in ("/health", "/health/ready"):
        answer = world.inventory.get(path)
        assert answer.status_code == 200
        assert answer.json()["dependencies"] == {"postgres": "healthy", "redis": "healthy", "auth": "healthy"}
    assert world.inventory.get("/health/live").json() == {"status": "alive"}


def test_every_metric_is_there(world: World, player: Person, stone: str) -> None:
    world.add(player.id, {"item_id": stone, "quantity": 1})
    world.reserve(player.id, {"item_id": stone, "quantity": 2})
    world.read(player)
    found = {line.split()[2] for line in world.metrics().splitlines() if line.startswith("# TYPE")}
    assert not [name for name in METRICS if name not in found]


def value(text: str, name: str) -> float:
    return next((float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(f"{name} ")), 0.0)


def test_requests_are_counted_by_pattern(world: World) -> None:
    name = 'inventory_http_requests_total{endpoint="/inventory/reservation/{operation_id}",method="GET",status="404"}'
    before = value(world.metrics(), name)
    operation = new_id()
    world.inventory.get(f"/inventory/reservation/{operation}", headers=world.service)
    text = world.metrics()
    assert value(text, name) == before + 1
    assert operation not in text
    assert value(text, "inventory_service_up") == 1


def test_operations_and_refusals_are_counted(world: World, player: Person, stone: str) -> None:
    written = 'inventory_operations_total{operation_type="chest_reward",section="main",status="written"}'
    short = 'inventory_insufficient_balance_errors_total{item_class="resources",section="main"}'
    before = world.metrics()
    world.add(player.id, {"item_id": stone, "quantity": 1})
    world.reserve(player.id, {"item_id": stone, "quantity": 2})
    after = world.metrics()
    assert value(after, written) == value(before, written) + 1
    assert value(after, short) == value(before, short) + 1


def test_metrics_listener_serves_nothing_else(world: World) -> None:
    answer = httpx.get(world.metrics_url.replace("/metrics", "/inventory"), trust_env=False)
    assert error(answer) == (404, "not_found")


def test_description_of_the_calls_is_served(world: World) -> None:
    for http, path in ((world.inventory, "/inventory/reserve"), (world.auth, "/auth/login")):
        answer = http.get("/openapi/openapi.json")
        assert answer.status_code == 200
        assert path in answer.json()["paths"]


def test_unknown_path_and_method_are_refused_as_json(world: World, player: Person) -> None:
    for http in (world.inventory, world.auth):
        assert error(http.get("/nowhere")) == (404, "not_found")
    assert error(world.inventory.delete("/inventory", headers=player.headers)) == (405, "method_not_allowed")
    assert error(world.auth.get("/auth/login")) == (405, "method_not_allowed")


def test_request_id_is_taken_over_or_made(world: World) -> None:
    answer = world.inventory.get("/health/live", headers={"X-Request-ID": "suite-1.test_2"})
    assert answer.headers["X-Request-ID"] == "suite-1.test_2"
    for bad in ("two words", "x" * 200, 'quote"'):
        made = world.inventory.get("/health/live", headers={"X-Request-ID": bad}).headers["X-Request-ID"]
        assert re.fullmatch(r"[0-9a-f-]{36}", made)


def test_log_line_tells_of_the_request(world: World, player: Person) -> None:
    own = f"log-{new_id()}"
    world.inventory.get("/inventory?section=main", headers=player.headers | {"X-Request-ID": own})

    def lines() -> list[str]:
        # The line is written after the answer.
        return [line for line in Path(world.state.inventory[0].log).read_text().splitlines() if own in line]

    assert wait_until(lambda: bool(lines()), 5)
    (known,) = [json.loads(line) for line in lines()]
    assert datetime.fromisoformat(known["timestamp"]).utcoffset() is not None
    assert (known["level"], known["service"], known["request_id"]) == ("info", "inventory-service", own)
    assert (known["method"], known["path"], known["status"]) == ("GET", "/inventory", 200)
    assert known["user_id"] == player.id
    assert known["duration_ms"] > 0


def test_many_callers_at_once_are_told_apart(world: World, stone: str) -> None:
    people = [world.person() for _ in range(6)]
    for number, person in enumerate(people, 1):
        world.add(person.id, {"item_id": stone, "quantity": number})
    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(world.quantities, people * 5))
    assert found == [{"stone": number} for number in range(1, 7)] * 5
