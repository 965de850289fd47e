"""Contract, sections 4 and 5, against the running inventory service."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.inventory.schemas import MAX_QUANTITY
from services.inventory.service import MAX_TOTAL
from stack.processes import wait_until
from tests.services.world import Json, Person, World, new_id, service


def error(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


def many(item: str, quantity: object, **variant: object) -> Json:
    return {"item_id": item, "quantity": quantity} | variant


def change(item: str, by: object, **variant: object) -> Json:
    return {"item_id": item, "quantity_change": by} | variant


# -- reading and adding ---------------------------------------------------------------------------------------------


def test_new_player_has_nothing(world: World, player: Person) -> None:
    assert world.read(player) == []
    assert world.snapshots(player.id) == []


def test_added_items_are_read_back_at_once(world: World, player: Person, stone: str) -> None:
    axe = world.item("axe", "tools")
    fancy = {"collection": "winter_2025", "quality_level": "metal"}
    answer = world.add(player.id, many(stone, 5), many(axe, 2, **fancy), many(axe, 1, quality_level="base"))
    assert answer.status_code == 200
    assert answer.json()["success"] is True
    assert len(set(answer.json()["operation_ids"])) == 3
    found = sorted(world.read(player), key=lambda item: item["quantity"])
    assert found == [
        {"item_id": axe, "item_class": "tools", "item_type": "axe", "quantity": 1},
        {"item_id": axe, "item_class": "tools", "item_type": "axe", "quantity": 2} | fancy,
        {"item_id": stone, "item_class": "resources", "item_type": "stone", "quantity": 5},
    ]


def test_sections_are_apart(world: World, player: Person, stone: str) -> None:
    assert world.add(player.id, many(stone, 5), section="trade", comment="from the market").status_code == 200
    assert world.quantities(player) == world.quantities(player, "factory") == {}
    assert world.quantities(player, "trade") == {"stone": 5}


def test_order_is_stable(world: World, player: Person) -> None:
    items = [world.item(name) for name in ("stone", "wood", "ore", "diamond")]
    for item in items:
        world.add(player.id, many(item, 1))
    first = [item["item_id"] for item in world.read(player)]
    assert first == [item["item_id"] for item in world.read(player)]
    assert sorted(first) == sorted(items)


def test_player_is_the_tokens_sub_and_nothing_else(world: World, player: Person, stone: str) -> None:
    other = world.person()
    world.add(other.id, many(stone, 5))
    params = {"user_id": other.id, "section": "main"}
    assert world.inventory.get("/inventory", params=params, headers=player.headers).json() == {"items": []}


@pytest.mark.parametrize("code", ["cellar", "", "MAIN", "main'--", "m\x00n"])
def test_unknown_section_is_refused(world: World, player: Person, code: str) -> None:
    answer = world.inventory.get("/inventory", params={"section": code}, headers=player.headers)
    assert error(answer) == (400, "validation_failed")
    assert answer.json()["details"] == {"field": "section"}


def test_section_named_twice_mixes_nothing(world: World, player: Person, stone: str, wood: str) -> None:
    world.write_past(player.id, stone, 5, 3)
    world.add(player.id, many(wood, 2), section="trade")
    assert world.quantities(player) == {"stone": 5}
    for first, second in (("main", "trade"), ("trade", "main")):
        answer = world.inventory.get(f"/inventory?section={first}&section={second}", headers=player.headers)
        if answer.status_code == 200:
            found = {item["item_type"]: item["quantity"] for item in answer.json()["items"]}
            assert found in ({"stone": 5}, {"wood": 2})


def test_repeated_add_answers_the_same_and_writes_nothing(world: World, player: Person, stone: str, wood: str) -> None:
    operation = new_id()
    items = (many(stone, 5), many(wood, 2))
    first = world.add(player.id, *items, operation_id=operation, comment="once")
    again = world.add(player.id, *items, operation_id=operation, comment="once")
    assert again.status_code == 200
    assert again.json() == first.json()
    assert world.quantities(player) == {"stone": 5, "wood": 2}


def test_same_add_at_once_is_written_once(world: World, player: Person, stone: str) -> None:
    operation = new_id()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: world.add(player.id, many(stone, 5), operation_id=operation), range(8)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert world.quantities(player) == {"stone": 5}


@pytest.mark.parametrize(
    "other",
    [
        {"section": "trade"},
        {"operation_type": "system_reward"},
        {"comment": "other"},
        {"user_id": new_id()},
        {"quantity": 6},
        {"quality_level": "metal"},
        {"twice": True},
    ],
)
def test_same_operation_id_with_other_content_is_a_conflict(
    world: World, player: Person, stone: str, other: dict[str, Any]
) -> None:
    operation = new_id()
    world.add(player.id, many(stone, 5), operation_id=operation)
    item = many(stone, 5) | {name: other[name] for name in ("quantity", "quality_level") if name in other}
    more = {name: value for name, value in other.items() if name not in item and name != "twice"}
    answer = world.add(player.id, *([item] * (2 if "twice" in other else 1)), **({"operation_id": operation} | more))
    assert error(answer) == (409, "operation_conflict")
    assert world.ledger(player.id) == [("chest_reward", "main", 5)]


def test_largest_quantity_is_kept_exactly(world: World, player: Person, stone: str) -> None:
    assert world.add(player.id, many(stone, 2**53 - 1)).status_code == 200
    assert world.quantities(player) == {"stone": 2**53 - 1}


def lines_of(item: str, total: int) -> list[Json]:
    whole, rest = divmod(total, MAX_QUANTITY)
    return [many(item, MAX_QUANTITY)] * whole + [many(item, rest)] * bool(rest)


def test_balance_has_an_end(world: World, player: Person, stone: str) -> None:
    assert world.add(player.id, *lines_of(stone, MAX_TOTAL)).status_code == 200
    # Smaller amounts are not looked at: it would take a million of them to fill the half that is kept free.
    for person, lines in ((player, [many(stone, 2**43)]), (world.person(), lines_of(stone, MAX_TOTAL + 1))):
        before = world.ledger(person.id)
        assert error(world.add(person.id, *lines)) == (400, "validation_failed")
        assert world.ledger(person.id) == before


@pytest.mark.parametrize("full", ["main", "factory"])
def test_moving_into_a_full_section_breaks_nothing(world: World, player: Person, stone: str, full: str) -> None:
    world.add(player.id, many(stone, 2000))
    operation = new_id()
    if full == "factory":
        assert world.add(player.id, *lines_of(stone, MAX_TOTAL), section="factory").status_code == 200
        assert world.reserve(player.id, many(stone, 1000), operation=operation).status_code < 500
    else:
        assert world.reserve(player.id, many(stone, 1000), operation=operation).status_code == 200
        assert world.add(player.id, *lines_of(stone, MAX_TOTAL - 1000)).status_code == 200
        assert world.end("return", player.id, operation).status_code < 500
    assert world.quantities(player, full)["stone"] >= MAX_TOTAL


# -- reservations ---------------------------------------------------------------------------------------------------


@pytest.fixture
def stocked(world: World, player: Person, stone: str, wood: str) -> Person:
    assert world.add(player.id, many(stone, 10), many(wood, 10)).status_code == 200
    return player


def reserved_rows(world: World, person: Person) -> list[tuple[str, str, int]]:
    return [row for row in world.ledger(person.id) if row[0] != "chest_reward"]


def test_reserving_moves_items_to_the_factory(world: World, stocked: Person, stone: str, wood: str) -> None:
    answer = world.reserve(stocked.id, many(stone, 4), many(wood, 1), many(stone, 1))
    assert answer.status_code == 200
    assert len(answer.json()["operation_ids"]) == 4
    assert world.quantities(stocked) == {"stone": 5, "wood": 9}
    assert world.quantities(stocked, "factory") == {"stone": 5, "wood": 1}
    assert sorted(reserved_rows(world, stocked), key=lambda row: row[2]) == [
        ("factory_reservation", "main", -5),
        ("factory_reservation", "main", -1),
        ("factory_reservation", "factory", 1),
        ("factory_reservation", "factory", 5),
    ]


def test_too_little_is_told_and_nothing_is_written(world: World, stocked: Person, stone: str, wood: str) -> None:
    fancy = {"collection": "summer_2025", "quality_level": "metal"}
    answer = world.reserve(stocked.id, many(stone, 6), many(wood, 1), many(stone, 6), many(stone, 1, **fancy))
    assert error(answer) == (400, "insufficient_items")
    assert answer.json()["missing_items"] == [
        {"item_id": stone, "required": 12, "available": 10},
        {"item_id": stone, "required": 1, "available": 0} | fancy,
    ]
    assert reserved_rows(world, stocked) == []


def test_repeated_reserve_answers_the_same(world: World, stocked: Person, stone: str) -> None:
    operation = new_id()
    first = world.reserve(stocked.id, many(stone, 8), operation=operation)
    again = world.reserve(stocked.id, many(stone, 5), many(stone, 3), operation=operation)
    assert again.status_code == 200
    assert again.json() == first.json()
    assert error(world.reserve(stocked.id, many(stone, 7), operation=operation)) == (
        409,
        "operation_conflict",
    )
    assert world.quantities(stocked) == {"stone": 2, "wood": 10}
    assert world.end("return", stocked.id, operation).status_code == 200
    assert world.reserve(stocked.id, many(stone, 8), operation=operation).json() == first.json()
    assert world.quantities(stocked)["stone"] == 10


def test_returning_undoes_the_reservation(world: World, stocked: Person, stone: str) -> None:
    operation = new_id()
    world.reserve(stocked.id, many(stone, 4), operation=operation)
    answer = world.end("return", stocked.id, operation)
    assert answer.status_code == 200
    assert len(answer.json()["operation_ids"]) == 2
    assert world.quantities(stocked)["stone"] == 10
    assert world.quantities(stocked, "factory") == {}
    assert reserved_rows(world, stocked)[2:] == [
        ("factory_return", "factory", -4),
        ("factory_return", "main", 4),
    ]


def test_consuming_destroys_what_was_reserved(world: World, stocked: Person, stone: str, wood: str) -> None:
    operation = new_id()
    world.reserve(stocked.id, many(stone, 4), many(wood, 1), operation=operation)
    answer = world.end("consume", stocked.id, operation)
    assert answer.status_code == 200
    assert len(answer.json()["operation_ids"]) == 2
    assert world.quantities(stocked) == {"stone": 6, "wood": 9}
    assert world.quantities(stocked, "factory") == {}


@pytest.mark.parametrize("second", ["return", "consume"])
@pytest.mark.parametrize("first", ["return", "consume"])
def test_reservation_ends_once(world: World, stocked: Person, stone: str, first: str, second: str) -> None:
    operation = new_id()
    world.reserve(stocked.id, many(stone, 4), operation=operation)
    assert world.end(first, stocked.id, operation).status_code == 200
    before = world.ledger(stocked.id)
    assert error(world.end(second, stocked.id, operation)) == (409, "reservation_not_active")
    assert world.ledger(stocked.id) == before


def test_reservation_ends_once_also_at_the_same_instant(world: World, stocked: Person, stone: str) -> None:
    operation = new_id()
    world.reserve(stocked.id, many(stone, 4), operation=operation)
    with ThreadPoolExecutor(8) as pool:
        ends = ["return", "consume"] * 4
        statuses = sorted(pool.map(lambda how: world.end(how, stocked.id, operation).status_code, ends))
    assert statuses == [200] + [409] * 7
    assert world.quantities(stocked, "factory") == {}


def test_reservations_at_once_never_take_too_much(world: World, stocked: Person, stone: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(lambda _: world.reserve(stocked.id, many(stone, 3)).status_code, range(8)))
    assert statuses == [200] * 3 + [400] * 5
    assert world.quantities(stocked)["stone"] == 1
    assert world.quantities(stocked, "factory") == {"stone": 9}


@pytest.mark.parametrize("how", ["return", "consume"])
def test_unknown_reservation_is_not_found(world: World, stocked: Person, stone: str, how: str) -> None:
    operation, added = new_id(), new_id()
    world.reserve(stocked.id, many(stone, 4), operation=operation)
    world.add(stocked.id, many(stone, 1), operation_id=added)
    assert error(world.end(how, stocked.id, new_id())) == (404, "operation_not_found")
    assert error(world.end(how, stocked.id, added)) == (404, "operation_not_found")
    assert error(world.end(how, world.person().id, operation)) == (404, "operation_not_found")


def status(world: World, operation: str) -> httpx.Response:
    return world.inventory.get(f"/inventory/reservation/{operation}", headers=world.service)


def test_reservation_tells_its_status(world: World, stocked: Person, stone: str) -> None:
    operations = {how: new_id() for how in ("active", "returned", "consumed")}
    fancy = {"collection": "winter_2025", "quality_level": "metal"}
    axe = world.item("axe", "tools")
    world.add(stocked.id, many(axe, 5, **fancy))
    for operation in operations.values():
        world.reserve(stocked.id, many(stone, 2), many(axe, 1, **fancy), operation=operation)
    world.end("return", stocked.id, operations["returned"])
    world.end("consume", stocked.id, operations["consumed"])
    for how, operation in operations.items():
        answer = status(world, operation)
        assert answer.status_code == 200
        known = answer.json()
        assert known.pop("reservation_date")
        assert known == {
            "reservation_exists": True,
            "operation_id": operation,
            "user_id": stocked.id,
            "reserved_items": [reserved(stone, "stone", 2), reserved(axe, "axe", 1, "winter_2025", "metal")],
            "status": how,
        }


def reserved(item: str, code: str, quantity: int, collection: str = "base", quality: str = "base") -> Json:
    return {
        "item_id": item,
        "item_code": code,
        "collection_code": collection,
        "quality_level_code": quality,
        "quantity": quantity,
    }


def test_reservation_of_an_item_that_is_new_to_this_instance(world: World, stocked: Person, tmp_path: Path) -> None:
    with service("inventory", world, tmp_path) as other:
        path, http = "/inventory/reservation/", other.http()
        assert http.get(f"{path}{new_id()}", headers=world.service).status_code == 404
        (row,) = world.rows(
            "INSERT INTO inventory.items (item_class_id, item_type_id, quality_levels_classifier_id,"
            " collections_classifier_id) SELECT item_class_id, inventory.code_id('currency_type', 'diamonds'),"
            " quality_levels_classifier_id, collections_classifier_id FROM inventory.items LIMIT 1 RETURNING id::text"
        )
        item, operation = str(row[0]), new_id()
        assert wait_until(lambda: world.add(stocked.id, many(item, 3)).status_code == 200, 10)
        assert world.reserve(stocked.id, many(item, 2), operation=operation).status_code == 200
        answer = http.get(f"{path}{operation}", headers=world.service)
        assert answer.status_code == 200, answer.text
        assert answer.json()["reserved_items"] == [reserved(item, "diamonds", 2)]


def test_unknown_reservation_does_not_exist(world: World, player: Person, stone: str) -> None:
    added = new_id()
    world.add(player.id, many(stone, 1), operation_id=added)
    for operation in (new_id(), added):
        answer = status(world, operation)
        assert error(answer) == (404, "operation_not_found")
        assert answer.json()["reservation_exists"] is False


@pytest.mark.parametrize("operation", ["5", "x" * 36, "{" + "0" * 34 + "}", "%00" * 36])
def test_malformed_reservation_id_is_refused(world: World, operation: str) -> None:
    assert error(status(world, operation)) == (400, "validation_failed")


# -- adjustments ----------------------------------------------------------------------------------------------------


def audit(world: World, admin: Person, person: str) -> list[Json]:
    path = "/admin/inventory/audit"
    answer = world.inventory.get(path, params={"user_id": person}, headers=admin.headers)
    assert answer.status_code == 200, answer.text
    entries: list[Json] = answer.json()["entries"]
    return entries


def test_adjustment_changes_balances_and_is_audited(world: World, admin: Person, stocked: Person, stone: str) -> None:
    axe = world.item("axe", "tools")
    path, reason = "/admin/inventory/adjust", "  a chest was lost: #7 "
    items = [change(stone, -4), change(axe, 2, quality_level="metal"), change(stone, 1)]
    body = {"user_id": stocked.id, "section": "main", "items": items, "reason": reason}
    answer = world.inventory.post(path, json=body, headers=admin.headers | {"X-Request-ID": "adjust-1"})
    assert answer.status_code == 200, answer.text
    known = answer.json()
    assert known["success"] is True
    assert len(known["operation_ids"]) == 3
    assert known["final_balances"] == [
        {"item_id": stone, "quantity": 7},
        {"item_id": axe, "quality_level": "metal", "quantity": 2},
    ]
    assert world.quantities(stocked) == {"stone": 7, "wood": 10, "axe": 2}
    (entry,) = audit(world, admin, stocked.id)
    assert (entry["admin_id"], entry["user_id"], entry["section"]) == (admin.id, stocked.id, "main")
    assert (entry["reason"], entry["request_id"]) == (reason, "adjust-1")
    assert entry["changes"] == [
        {"item_id": stone, "before": 10, "after": 7},
        {"item_id": axe, "quality_level": "metal", "before": 0, "after": 2},
    ]
    comments = world.rows(
        "SELECT DISTINCT comment FROM inventory.operations WHERE operation_id = %s", entry["operation_id"]
    )
    assert comments == [(reason,)]


def test_audit_log_is_newest_first(world: World, admin: Person, stocked: Person, stone: str) -> None:
    for amount in (1, 2, 3):
        world.adjust(admin, stocked.id, change(stone, amount))
    found = [entry["changes"][0]["after"] - entry["changes"][0]["before"] for entry in audit(world, admin, stocked.id)]
    assert found == [3, 2, 1]


@pytest.mark.parametrize("section", ["main", "factory", "trade"])
def test_adjustment_below_zero_leaves_nothing(
    world: World, admin: Person, stocked: Person, stone: str, wood: str, section: str
) -> None:
    if section != "main":
        world.add(stocked.id, many(stone, 10), many(wood, 10), section=section)
    before = world.ledger(stocked.id)
    answer = world.adjust(admin, stocked.id, change(wood, -1), change(stone, -11), section=section)
    assert error(answer) == (400, "insufficient_items")
    assert answer.json()["missing_items"] == [{"item_id": stone, "required": 11, "available": 10}]
    assert world.ledger(stocked.id) == before
    assert audit(world, admin, stocked.id) == []


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("reason", {"reason": "too short"}),
        ("reason", {"reason": "x" * 501}),
        ("reason", {"reason": "with NUL \x00 in it"}),
        ("section", {"section": "cellar"}),
        ("items", {"items": []}),
        ("user_id", {"user_id": "me"}),
        ("items[0].quantity_change", {"by": 0}),
        ("items[0].quantity_change", {"by": 1.5}),
        ("items[0].quantity_change", {"by": "1"}),
        ("items[0].quantity_change", {"by": 2**53}),
        ("items[0].collection", {"collection": "winter_1999"}),
    ],
)
def test_bad_adjustment_names_the_field(
    world: World, admin: Person, stocked: Person, stone: str, field: str, changes: dict[str, Any]
) -> None:
    by = changes.pop("by", 1)
    variant = {name: changes.pop(name) for name in ("collection",) if name in changes}
    answer = world.adjust(admin, stocked.id, change(stone, by, **variant), **changes)
    assert error(answer) == (400, "validation_failed")
    assert answer.json()["details"] == {"field": field}
    assert audit(world, admin, stocked.id) == []


@pytest.mark.parametrize("person", ["", "me"])
def test_audit_log_needs_a_player(world: World, admin: Person, person: str) -> None:
    answer = world.inventory.get("/admin/inventory/audit", params={"user_id": person}, headers=admin.headers)
    assert error(answer) == (400, "validation_failed")


# -- bad input ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("section", {"section": "cellar"}),
        ("section", {"section": None}),
        ("operation_type", {"operation_type": "theft"}),
        ("operation_type", {"operation_type": "factory_return"}),
        ("operation_type", {"operation_type": "admin_adjustment"}),
        ("operation_id", {"operation_id": "5"}),
        ("user_id", {"user_id": 5}),
        ("items", {"items": {}}),
        ("items", {"items": []}),
        ("comment", {"comment": "x" * 501}),
        ("comment", {"comment": "a\x00"}),
        ("items[0].quantity", {"quantity": 0}),
        ("items[0].quantity", {"quantity": -1}),
        ("items[0].quantity", {"quantity": "1"}),
        ("items[0].quantity", {"quantity": 1.5}),
        ("items[0].quantity", {"quantity": True}),
        ("items[0].quantity", {"quantity": 2**53}),
        ("items[0].quantity", {"quantity": 10**400}),
        ("items[0].quantity", {"quantity": None}),
        ("items[0].item_id", {"item_id": new_id()}),
        ("items[0].item_id", {"item_id": "stone"}),
        ("items[0].collection", {"collection": "winter_1999"}),
        ("items[0].collection", {"collection": "stone"}),
        ("items[0].collection", {"collection": ""}),
        ("items[0].quality_level", {"quality_level": ""}),
        ("items[0].quality_level", {"quality_level": "winter_2025"}),
        ("items[0].quality_level", {"quality_level": 5}),
    ],
)
def test_bad_add_names_the_field(world: World, player: Person, stone: str, field: str, changes: dict[str, Any]) -> None:
    item = many(stone, 1)
    names = ("quantity", "item_id", "collection", "quality_level")
    item |= {name: changes[name] for name in names if name in changes}
    answer = world.add(player.id, item, **{name: value for name, value in changes.items() if name not in names})
    assert error(answer) == (400, "validation_failed")
    assert answer.json()["details"] == {"field": field}
    assert world.ledger(player.id) == []


PATHS = [
    "/inventory/add-items",
    "/inventory/reserve",
    "/inventory/return-reserve",
    "/inventory/consume-reserve",
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'"text"', b"[" * 100_000])
def test_body_that_is_no_object_is_refused(world: World, path: str, raw: bytes) -> None:
    answer = world.inventory.post(path, content=raw, headers=world.service)
    assert error(answer) == (400, "validation_failed")


@pytest.mark.parametrize(
    "kind",
    ["application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x", ""],
)
def test_kind_of_content_matters_little(world: World, player: Person, kind: str) -> None:
    body = json.dumps({"user_id": player.id, "operation_id": new_id()})
    headers = world.service | {"Content-Type": kind}
    answer = world.inventory.post("/inventory/return-reserve", content=body, headers=headers)
    assert answer.status_code in (404, 400, 415), answer.text


def test_unknown_fields_are_ignored(world: World, player: Person, stone: str) -> None:
    assert world.add(player.id, many(stone, 1, colour="red"), surplus={"a": 1}).status_code == 200


def test_body_up_to_a_mebibyte_is_read(world: World) -> None:
    for size, expected in (
        (1024 * 1024, (400, "validation_failed")),
        (1024 * 1024 + 1, (413, "body_too_large")),
    ):
        answer = world.inventory.post("/inventory/reserve", content=b" " * size, headers=world.service)
        assert error(answer) == expected


def test_long_body_in_pieces_is_refused(world: World) -> None:
    pieces = (b" " * 65536 for _ in range(20))
    answer = world.inventory.post("/inventory/reserve", content=pieces, headers=world.service)
    assert error(answer) == (413, "body_too_large")


# -- days -----------------------------------------------------------------------------------------------------------


def test_first_read_closes_yesterday_once(world: World, player: Person, stone: str) -> None:
    for days, quantity in ((9, 4), (3, 5), (1, 1)):
        world.write_past(player.id, stone, quantity, days)
    world.add(player.id, many(stone, 100))
    for _ in range(3):
        assert world.quantities(player) == {"stone": 110}
    assert world.snapshots(player.id) == [(1, 10)]


def test_cache_that_is_lost_costs_no_correctness(world: World, player: Person, stone: str) -> None:
    world.write_past(player.id, stone, 4, 2)
    assert world.quantities(player) == {"stone": 4}
    keys = world.ask_redis("KEYS", f"inventory:{player.id}:*", database=1)
    assert len(keys) == 1
    assert 0 < world.ask_redis("TTL", keys[0], database=1) <= 3600
    world.add(player.id, many(stone, 1))
    assert world.quantities(player) == {"stone": 5}
    world.ask_redis("SET", keys[0], b"\x93damaged", database=1)
    assert world.quantities(player) == {"stone": 5}
    world.ask_redis("DEL", *keys, database=1)
    assert world.quantities(player) == {"stone": 5}


def test_readers_at_once_make_one_snapshot(world: World, player: Person, stone: str) -> None:
    world.write_past(player.id, stone, 4, 2)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: world.quantities(player), range(8)))
    assert found == [{"stone": 4}] * 8
    assert world.snapshots(player.id) == [(1, 4)]


def test_snapshot_goes_on_from_the_last_one(world: World, player: Person, stone: str) -> None:
    world.write_past(player.id, stone, 4, 9)
    world.rows(
        "INSERT INTO inventory.daily_balances (user_id, section_id, item_id, collection_id, quality_level_id,"
        " balance_date, quantity) SELECT user_id, section_id, item_id, collection_id, quality_level_id,"
        " (created_at AT TIME ZONE 'UTC')::date, 4 FROM inventory.operations WHERE user_id = %s",
        player.id,
    )
    world.write_past(player.id, stone, 3, 5)
    assert world.quantities(player) == {"stone": 7}
    assert world.snapshots(player.id) == [(9, 4), (1, 7)]


def test_used_up_item_is_not_shown(world: World, player: Person, admin: Person, stone: str) -> None:
    world.write_past(player.id, stone, 4, 2)
    assert world.quantities(player) == {"stone": 4}
    assert world.adjust(admin, player.id, change(stone, -4)).status_code == 200
    assert world.read(player) == []


@pytest.mark.parametrize("how", ["return", "consume"])
def test_writing_calls_close_the_day_too(world: World, player: Person, stone: str, how: str) -> None:
    world.write_past(player.id, stone, 4, 2)
    operation = new_id()
    assert world.reserve(player.id, many(stone, 3), operation=operation).status_code == 200
    assert world.snapshots(player.id) == [(1, 4)]
    assert world.end(how, player.id, operation).status_code == 200
    assert world.quantities(player) == {"stone": 4 if how == "return" else 1}


MIDNIGHT = "date_trunc('day', now(), 'UTC')"
LAST_OF_YESTERDAY = f"{MIDNIGHT} - interval '1 microsecond'"
LARGE = 2**43  # An amount for which the section that takes it is asked too.


def write_history(world: World, person: str, item: str, section: str) -> None:
    """9 of before today, up to its last microsecond; 7 of its first."""
    world.write_row(person, item, 4, f"{MIDNIGHT} - interval '3 days'", section)
    world.write_row(person, item, 5, LAST_OF_YESTERDAY, section)
    world.write_row(person, item, 7, MIDNIGHT, section)


@pytest.mark.parametrize("section", ["main", "factory", "trade"])
@pytest.mark.parametrize("how", ["read", "adjust", "add much"])
def test_days_end_at_midnight_in_each_section(
    world: World, player: Person, admin: Person, stone: str, how: str, section: str
) -> None:
    for each in ("main", "factory", "trade"):
        write_history(world, player.id, stone, each)
    left = 16
    if how == "read":
        world.read(player, section)
    elif how == "adjust":
        left = 0
        answer = world.adjust(admin, player.id, change(stone, -16), section=section)
        assert answer.json()["final_balances"] == [{"item_id": stone, "quantity": left}]
    else:
        left += LARGE
        assert world.add(player.id, many(stone, LARGE), section=section).status_code == 200
    assert world.snapshots_by_section(player.id) == [(section, 1, 9)]
    assert world.quantities(player, section).get("stone", 0) == left


def test_reserving_closes_the_section_that_gives(world: World, player: Person, stone: str) -> None:
    for section in ("main", "factory"):
        write_history(world, player.id, stone, section)
    assert world.reserve(player.id, many(stone, 17)).json()["missing_items"][0]["available"] == 16
    assert world.reserve(player.id, many(stone, 16)).status_code == 200
    assert world.snapshots_by_section(player.id) == [("main", 1, 9)]
    assert world.quantities(player) == {}
    assert world.quantities(player, "factory") == {"stone": 32}


def test_moving_much_closes_both_sections(world: World, player: Person, stone: str) -> None:
    for section in ("main", "factory"):
        write_history(world, player.id, stone, section)
    world.write_row(player.id, stone, LARGE, MIDNIGHT)
    operation = new_id()
    both = [("factory", 1, 9), ("main", 1, 9)]
    assert world.reserve(player.id, many(stone, LARGE), operation=operation).status_code == 200
    assert world.snapshots_by_section(player.id) == both
    assert world.end("return", player.id, operation).status_code == 200
    assert world.snapshots_by_section(player.id) == both
    assert world.quantities(player) == {"stone": LARGE + 16}


@pytest.mark.parametrize(("how", "left"), [("return", {"stone": 9}), ("consume", {"stone": 4})])
def test_ending_an_older_reservation_closes_the_factory(
    world: World, player: Person, stone: str, how: str, left: dict[str, int]
) -> None:
    operation = new_id()
    world.write_row(player.id, stone, 9, f"{MIDNIGHT} - interval '3 days'")
    for section, moved in (("main", -5), ("factory", 5)):
        world.write_row(player.id, stone, moved, LAST_OF_YESTERDAY, section, "factory_reservation", operation)
    world.write_row(player.id, stone, 7, MIDNIGHT, "factory")
    assert world.end(how, player.id, operation).status_code == 200
    assert world.snapshots_by_section(player.id) == [("factory", 1, 5)]
    assert world.quantities(player, "factory") == {"stone": 7}
    assert world.quantities(player) == left


def test_writes_and_reads_at_once_make_one_snapshot(
    world: World, player: Person, admin: Person, stone: str, wood: str
) -> None:
    for item in (stone, wood):
        write_history(world, player.id, item, "main")
    with ThreadPoolExecutor(9) as pool:
        under_way = [
            *(pool.submit(world.reserve, player.id, many(stone, 1), many(wood, 1)) for _ in range(4)),
            *(pool.submit(world.adjust, admin, player.id, change(stone, -1)) for _ in range(2)),
            *(pool.submit(world.inventory.get, "/inventory", headers=player.headers) for _ in range(3)),
        ]
        assert {one.result().status_code for one in under_way} == {200}
    assert world.snapshots_by_section(player.id) == [("main", 1, 9), ("main", 1, 9)]
    assert world.quantities(player) == {"stone": 10, "wood": 12}


def test_writes_make_no_snapshot_for_a_new_player(world: World, player: Person, admin: Person, stone: str) -> None:
    world.write_row(player.id, stone, 7, MIDNIGHT)
    operations = [new_id(), new_id()]
    assert world.adjust(admin, player.id, change(stone, 3)).status_code == 200
    assert world.adjust(admin, player.id, change(stone, 3), section="trade").status_code == 200
    assert world.add(player.id, many(stone, LARGE)).status_code == 200
    for operation, how in zip(operations, ("return", "consume"), strict=True):
        assert world.reserve(player.id, many(stone, LARGE // 2), operation=operation).status_code == 200
        assert world.end(how, player.id, operation).status_code == 200
    assert world.quantities(player) == {"stone": 10 + LARGE // 2}
    assert world.snapshots(player.id) == []


# -- the catalogue grows --------------------------------------------------------------------------------------------


def test_new_item_is_known_without_a_restart(world: World, player: Person, stone: str) -> None:
    (row,) = world.rows(
        "INSERT INTO inventory.items (item_class_id, item_type_id, quality_levels_classifier_id,"
        " collections_classifier_id) SELECT item_class_id, item_type_id, quality_levels_classifier_id,"
        " collections_classifier_id FROM inventory.items WHERE id = %s RETURNING id::text",
        stone,
    )
    try:

        def is_known() -> bool:
            answer = world.add(player.id, many(str(row[0]), 3))
            assert answer.status_code == 200 or error(answer) == (400, "validation_failed")
            return answer.status_code == 200

        assert wait_until(is_known, 10)
        assert [item["quantity"] for item in world.read(player)] == [3]
    finally:
        # The ledger is append-only: the item stays, under a type that no test asks for.
        world.rows(
            "UPDATE inventory.items SET item_type_id = inventory.code_id('currency_type', 'diamonds') WHERE id = %s",
            row[0],
        )


def test_head_is_answered_like_get_without_a_body(world: World) -> None:
    answer = world.inventory.head("/health")
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["content-length"]) > 0
    assert world.inventory.head("/inventory").status_code == 401
    assert world.inventory.head("/inventory/reserve").status_code == 405


@pytest.mark.parametrize("form", ["urn:uuid:{}", "{{{}}}", "{}----", "{}"])
def test_ids_have_one_form_everywhere(world: World, stone: str, form: str) -> None:
    other = form.format("5b1f0a4493ae4a6f8f630c1f3c0d8f11")
    assert world.add(other, {"item_id": stone, "quantity": 1}).status_code == 400
    assert world.inventory.get(f"/inventory/reservation/{other}", headers=world.service).status_code == 400
