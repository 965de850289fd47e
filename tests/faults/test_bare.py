"""The bare deployment by raw HTTP: each freedom is really taken there, and the S rules beside it hold."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest

from stack import client
from stack.components import base_env
from stack.state import Shape
from tests.faults.bare_world import Deployment, player
from tests.stack.stack_helpers import extra_inventory

ROOT = Path(__file__).parents[2]
LARGEST = 2**63 - 1


@pytest.fixture(scope="module", params=["single", "split"])
def bare(request: pytest.FixtureRequest) -> Iterator[Deployment]:
    shape: Shape = request.param
    state = client.attach_or_start(shape, 1, dialect="bare")
    yield Deployment(state)
    client.stop(state)


def test_the_state_tells_the_suites_what_is_different(bare: Deployment) -> None:
    settings = bare.state.settings
    assert bare.state.dialect == "bare"
    assert len(bare.state.inventory) == 1
    assert settings["TARGET_LOGIN"] == "telegram"
    assert settings["TARGET_METRIC_PREFIX"] == "shard_inv_"
    assert (settings.get("TARGET_INTERNAL_AUTH") == "network") is bare.is_split


def test_a_login_gives_a_token_without_kid_and_roles(bare: Deployment) -> None:
    auth = bare.state.auth.url
    assert bare.session.post(f"{auth}/auth/login", json={"telegram_id": 5, "username": "ada"}).status_code == 404
    answer = bare.log_in(5)
    body = answer.json()
    assert answer.status_code == 200
    assert sorted(body["user"]) == ["first_name", "id", "is_new_user", "telegram_id", "username"]
    claims = jwt.decode(body["token"], options={"verify_signature": False})
    assert sorted(claims) == ["exp", "iat", "iss", "jti", "sub", "telegram_id"]
    assert "kid" not in jwt.get_unverified_header(body["token"])
    assert bare.inventory(body["token"]).json()["items"] == []
    assert body["expires_at"].endswith("789Z")
    again = jwt.decode(bare.log_in(5).json()["token"], options={"verify_signature": False})
    assert isinstance(bare.kept(f"active:{again['jti']}")["expires_at"], int)
    revoked = bare.kept(f"revoked:{claims['jti']}")
    assert (revoked["reason"], isinstance(revoked["revoked_at"], int)) == ("user_reauth", True)
    assert bare.inventory(body["token"]).json()["error"] == "token_revoked"


def test_the_public_key_is_published_as_pem_alone(bare: Deployment) -> None:
    auth = bare.state.auth.url
    assert "BEGIN PUBLIC KEY" in bare.session.get(f"{auth}/public-key.pem").text
    for method, path in (("GET", "/jwks"), ("GET", "/openapi/openapi.json"), ("POST", "/auth/service-token"),
                         ("POST", "/auth/logout"), ("POST", "/auth/keys/rotate")):  # fmt: skip
        answer = bare.session.request(method, auth + path)
        assert (answer.status_code, answer.text) == (404, "404 page not found")


def test_the_gate_refuses_what_the_spec_names(bare: Deployment) -> None:
    now = int(time.time())
    url = bare.url("/inventory", public=True)
    assert bare.session.get(url).json()["error"] == "missing_token"
    assert bare.session.get(url, headers={"Authorization": "Basic x"}).json()["error"] == "invalid_token_format"
    good = bare.token()
    assert bare.inventory(good).status_code == 200
    forged = jwt.encode(jwt.decode(good, options={"verify_signature": False}), "x" * 40, "HS256")
    for token, code in ((forged, "invalid_token_signature"), (good[:-6] + "AAAAAA", "invalid_token_signature"),
                        (bare.token(exp=now - 120), "invalid_token_signature"),
                        (bare.token(jti=None), "missing_token_id"), (bare.token(jti=""), "missing_token_id"),
                        (bare.token(sub=None), "missing_user_id"),
                        (bare.token(telegram_id=None), "missing_telegram_id")):  # fmt: skip
        answer = bare.inventory(token)
        assert (answer.status_code, answer.json()["error"]) == (401, code)


def test_the_gate_forgives_what_only_careful_owners_look_at(bare: Deployment) -> None:
    now = int(time.time())
    user = player()
    for token in (bare.token(iss="somebody"), bare.token(iss=None), bare.token(exp=None), bare.token(exp="soon"),
                  bare.token(nbf=now + 300), bare.token(exp=now - 20), bare.token(headers={"kid": "unknown"}),
                  bare.token(sub=user.upper()), f" {bare.token()}  "):  # fmt: skip
        assert bare.inventory(token).status_code == 200
    assert bare.inventory(bare.token(sub="ada")).json()["error"] == "invalid_user_id"


def test_who_may_make_internal_and_admin_calls(bare: Deployment) -> None:
    stone = bare.item("resources", "wood")
    body = {"user_id": player(), "section": "main", "reason": "a long enough reason",
            "items": [{"item_id": stone, "quantity_change": 5}]}  # fmt: skip
    call = bare.url(f"{bare.admin_path}/adjust")
    if bare.is_split:
        assert bare.session.post(call, json=body).status_code == 200
        assert bare.session.post(bare.url("/inventory/add-items", public=True), json={}).status_code == 404
    else:
        assert bare.session.post(call, json=body).json()["error"] == "missing_token"
        anybody = {"Authorization": f"Bearer {bare.token()}"}
        assert bare.session.post(call, json=body, headers=anybody).status_code == 200
        # 404 is the call's own answer: who calls was let in.
        assert bare.session.get(bare.url(f"/inventory/reservation/{player()}"), headers=anybody).status_code == 404


def test_bad_input_is_refused_in_other_words_and_writes_nothing(bare: Deployment) -> None:
    wood, user = bare.item("resources", "wood"), player()
    good = {"user_id": user, "section": "main", "operation_type": "chest_reward", "operation_id": player(),
            "items": [{"item_id": wood, "quantity": 1}]}  # fmt: skip
    refused: tuple[dict[str, Any], ...] = (
        {"user_id": 5}, {"section": "attic"}, {"items": []}, {"items": [{"item_id": wood, "quantity": "1"}]},
        {"items": [{"item_id": wood, "quantity": 1.5}]}, {"items": [{"item_id": wood, "quantity": True}]},
        {"items": [{"item_id": wood, "quantity": 1, "collection": "winter_2025"}]},
        {"operation_type": "factory_reservation"}, {"items": [{"item_id": player(), "quantity": 1}]},
        {"items": [{"item_id": wood, "quantity": LARGEST + 1}]}, {"comment": "x" * 501},
    )  # fmt: skip
    for wrong in refused:
        answer = bare.as_service("/inventory/add-items", good | wrong)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request"), wrong
        assert "item_id" not in answer.text
    assert bare.as_service("/inventory/add-items", good | {"user_id": 5}).json()["details"] == ["UserID"]
    for broken in ("{", "[]", ""):
        assert bare.as_service("/inventory/add-items", broken).status_code == 400
    assert bare.rows("SELECT count(*) FROM inventory.operations WHERE user_id = %s", user) == [(0,)]


def test_input_is_taken_that_only_careful_owners_refuse(bare: Deployment) -> None:
    wood, user = bare.item("resources", "wood"), player()
    items = [{"item_id": wood, "quantity": 1}]

    def body(**more: object) -> str:
        return json.dumps({"user_id": user, "section": "main", "operation_type": "chest_reward",
                           "operation_id": player(), "items": items} | more)  # fmt: skip

    for taken in (body() + " and more", body().replace('"quantity": 1', '"quantity": "x", "quantity": 1'),
                  body(comment="a\0b"), body(operation_type="admin_adjustment"), body(extra=["x" * (1 << 20)]),
                  body(items=[{"item_id": wood, "quantity": LARGEST - 6}])):  # fmt: skip
        answer = bare.as_service("/inventory/add-items", taken)
        assert answer.status_code == 200, answer.text
        assert len(answer.json()["operation_ids"]) == 1
    two_lines = bare.as_service("/inventory/add-items", body(items=[*items, {**items[0], "quality_level": "metal"}]))
    assert (two_lines.status_code, len(two_lines.json()["operation_ids"])) == (200, 2)
    assert bare.as_service("/inventory/add-items", body()).status_code == 400
    read = bare.inventory(bare.token(sub=user))
    assert sorted(entry["quantity"] for entry in read.json()["items"]) == [1, LARGEST]


def test_a_reservation_ends_once_and_nothing_is_answered_409(bare: Deployment) -> None:
    wood, user = bare.item("resources", "wood"), player()
    addition = bare.give(user, wood, 10)
    operation = str(uuid.uuid4())
    answer = bare.reserve(user, (wood, 4), operation=operation)
    assert (answer.status_code, answer.json()["operation_ids"]) == (200, [])
    assert bare.reserve(user, (wood, 4), operation=operation).status_code == 400
    assert bare.end("return", user, operation).json()["operation_ids"] == []
    for how in ("return", "consume", "return"):
        assert bare.end(how, user, operation).status_code == 400
    assert [entry["quantity"] for entry in bare.inventory(bare.token(sub=user)).json()["items"]] == [10]
    assert bare.inventory(bare.token(sub=user), "factory").json()["items"] == []
    for unknown in (addition, player()):
        answer = bare.end("return", user, unknown)
        assert (answer.status_code, answer.json()["error"]) == (404, "no_such_reservation")


def test_missing_items_stand_one_a_line_and_name_the_standard_variant(bare: Deployment) -> None:
    wood, clay, user = bare.item("resources", "wood"), bare.item("resources", "clay"), player()
    bare.give(user, wood, 5)
    items = [{"item_id": item, "quantity": quantity} for item, quantity in ((wood, 4), (wood, 4), (clay, 2))]
    body = json.dumps({"user_id": user, "operation_id": player(), "items": items})
    answer = bare.as_service("/inventory/reserve", f"\n{body} and more")
    assert (answer.status_code, answer.json()["error"]) == (400, "insufficient_items")
    found = [(e["item_id"], e["required"], e["available"], e["collection"], e["quality_level"])
             for e in answer.json()["missing_items"]]  # fmt: skip
    assert sorted(found) == sorted([(wood, 4, 1, "base", "base"), (clay, 2, 0, "base", "base")])
    assert bare.rows("SELECT count(*) FROM inventory.operations WHERE user_id = %s", user) == [(1,)]


def test_a_reservation_is_told_by_codes(bare: Deployment) -> None:
    wood, user, operation = bare.item("resources", "wood"), player(), player()
    bare.give(user, wood, 5)
    bare.reserve(user, (wood, 3), operation=operation)
    given = {} if bare.is_split else {"Authorization": f"Bearer {bare.secrets.service_token}"}
    told = bare.session.get(bare.url(f"/inventory/reservation/{operation}"), headers=given).json()
    (entry,) = told["reserved_items"]
    assert (told["status"], told["user_id"], entry["quantity"]) == ("active", user, 3)
    assert "item_id" not in entry
    assert (entry["item_code"], entry["collection_code"], entry["quality_level_code"]) == ("wood", "base", "base")
    for unknown in (player(), "nonsense"):
        answer = bare.session.get(bare.url(f"/inventory/reservation/{unknown}"), headers=given)
        assert (answer.status_code, answer.json()["reservation_exists"]) == (404, False)


def test_items_come_in_any_order_and_the_standard_variant_is_left_out(bare: Deployment) -> None:
    user = player()
    for kind in ("clay", "iron", "wood"):
        bare.give(user, bare.item("resources", kind), 3)
    hammer = bare.item("tools", "hammer")
    bare.give(user, hammer, 1, quality_level="mythril")
    answers = [bare.inventory(bare.token(sub=user)).json()["items"] for _ in range(20)]
    assert len({tuple(entry["item_id"] for entry in items) for items in answers}) > 1
    assert {entry.get("quality_level") for entry in answers[0] if entry["item_id"] == hammer} == {"mythril"}
    assert all(not {"quality_level", "collection"} & set(e) for e in answers[0] if e["item_id"] != hammer)


def test_an_adjustment_leaves_a_line_in_the_log_and_no_comment(bare: Deployment) -> None:
    wood, user = bare.item("resources", "wood"), player()
    body = {"user_id": user, "section": "trade", "reason": "a reason to remember",
            "items": [{"item_id": wood, "quantity_change": 7}]}  # fmt: skip
    told = bare.as_admin("/adjust", body).json()
    assert told["operation_ids"] == []
    assert [(e["quantity"], e["quality_level"]) for e in told["final_balances"]] == [(7, "base")]
    body["items"] = [{"item_id": wood, "quantity_change": -8}]
    assert bare.as_admin("/adjust", body).json()["error"] == "insufficient_items"
    rows = "SELECT quantity_change, comment FROM inventory.operations WHERE user_id = %s"
    assert bare.rows(rows, user) == [(7, None)]
    assert bare.rows("SELECT to_regclass('inventory.audit_log')") == [(None,)]
    assert bare.session.get(bare.url(f"{bare.admin_path}/audit")).status_code == 404
    lines = [line for line in Path(bare.state.inventory[0].log).read_text().splitlines() if f"user={user}" in line]
    assert [line.count("a reason to remember") for line in lines] == [1]


def test_operations_are_told_in_other_words(bare: Deployment) -> None:
    first = bare.state.inventory[0]
    health = bare.session.get(first.health_url)
    assert (health.status_code, sorted(health.json())) == (200, ["status", "timestamp"])
    assert health.headers["Content-Type"] == "application/json; charset=utf-8"
    for probe in ("/live", "/ready"):
        assert bare.session.get(first.health_url + probe).status_code == (404 if bare.is_split else 200)
    assert bare.session.get(first.health_url, headers={"X-Request-ID": "mine"}).headers.get("X-Request-ID") is None
    operation, user = player(), player()
    bare.give(user, bare.item("resources", "wood"), 1)
    bare.reserve(user, (bare.item("resources", "wood"), 1), operation=operation)
    bare.end("consume", user, operation)
    bare.end("consume", user, operation)
    metrics = bare.session.get(first.metrics_url).text
    names = {line.split("{")[0].split(" ")[0] for line in metrics.splitlines() if not line.startswith("#")}
    assert "shard_inv_service_up" in names
    assert not [name for name in names if name.startswith("inventory_")]
    assert "process_cpu_seconds_total" in names
    assert 'status="409"' not in metrics
    prefix = "/api" if bare.is_split else ""
    assert f'endpoint="{prefix}/inventory/consume-reserve",method="POST",status="400"' in metrics
    log = Path(first.log).read_text().splitlines()
    assert not [line for line in log if line.startswith("{") or "request_id" in line or "mine" in line]


def test_the_database_has_what_the_spec_names(bare: Deployment) -> None:
    columns = "SELECT column_name FROM information_schema.columns WHERE table_schema = 'auth' AND table_name = 'users'"
    assert ("role",) not in bare.rows(columns)
    assert ("is_active",) in bare.rows(columns)
    codes = """SELECT ci.code FROM inventory.classifier_items ci JOIN inventory.classifiers c ON c.id = ci.classifier_id
               WHERE c.code = 'collection'"""
    assert bare.rows(codes) == [("base",)]
    classes = """SELECT DISTINCT ci.code FROM inventory.items i JOIN inventory.classifier_items ci
                 ON ci.id = i.item_class_id ORDER BY 1"""
    assert bare.rows(classes) == [("blueprints",), ("boosters",), ("keys",), ("reagents",), ("resources",), ("tools",)]
    user = player()
    bare.give(user, bare.item("resources", "wood"), 1)
    bare.rows("UPDATE inventory.operations SET comment = 'changed' WHERE user_id = %s RETURNING id", user)


def test_one_more_instance_speaks_like_the_others(bare: Deployment) -> None:
    with extra_inventory(bare.state, {}) as extra:
        health = bare.session.get(extra.health_url)
        assert sorted(health.json()) == ["status", "timestamp"]
        assert "shard_inv_service_up 1.0" in bare.session.get(extra.metrics_url).text


def test_without_redis_nobody_is_let_in(bare: Deployment) -> None:
    os.kill(bare.state.redis.pid, signal.SIGSTOP)
    try:
        answer = bare.inventory(bare.token())
        assert (answer.status_code, answer.json()["error"]) == (500, "internal_error")
    finally:
        os.kill(bare.state.redis.pid, signal.SIGCONT)
    assert bare.inventory(bare.token()).status_code == 200


def test_an_address_may_log_in_ten_times_a_minute(bare: Deployment) -> None:
    answers = [bare.log_in(100 + n) for n in range(11)]
    refused = [answer for answer in answers if answer.status_code != 200]
    assert refused
    assert {answer.status_code for answer in refused} == {429}
    assert refused[0].json()["error"] == "rate_limit_exceeded"
    assert 0 < int(refused[0].headers["Retry-After"]) <= 60


def test_a_missing_setting_ends_the_start_in_other_words() -> None:
    command = [sys.executable, "-m", "faults", "run", "bad_settings_fail_in_other_words", "inventory"]
    ended = subprocess.run(command, cwd=ROOT, env=base_env(), capture_output=True, text=True, timeout=30, check=False)
    assert (ended.returncode, ended.stderr) == (1, "error: configuration is not valid\n")
