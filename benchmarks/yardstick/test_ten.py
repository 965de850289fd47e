"""The scenarios of ten.args in plain pytest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from benchmarks.yardstick.game import Game, Player

STONE, WOOD, ORE, AXE = "resources/stone", "resources/wood", "resources/ore", "tools/axe"
NOT_ACTIVE, CONFLICT = "409 reservation_not_active", "409 operation_conflict"


def test_items_can_be_added_reserved_returned_and_consumed(game: Game, player: Player) -> None:
    axe = f"wooden {AXE} of winter_2025"
    game.add(player, {STONE: 10, axe: 2})
    assert game.read(player) == {STONE: 10, axe: 2}
    first = game.reserve(player, {STONE: 4, axe: 1})
    assert game.read(player, "factory") == {STONE: 4, axe: 1}
    game.end("return", player, first)
    second = game.reserve(player, {STONE: 3})
    game.end("consume", player, second)
    assert game.read(player) == {STONE: 7, axe: 2}
    assert game.read(player, "factory") == {}


def test_a_reservation_of_more_than_there_is_is_refused(game: Game, player: Player) -> None:
    game.add(player, {STONE: 10, WOOD: 1})
    assert game.missing(player, {STONE: 12, WOOD: 1}) == {STONE: (12, 10)}
    assert game.missing(player, {ORE: 1}) == {ORE: (1, 0)}
    assert game.read(player) == {STONE: 10, WOOD: 1}
    assert game.read(player, "factory") == {}


def test_the_same_variant_named_twice_counts_as_its_sum(game: Game, player: Player) -> None:
    game.add(player, {STONE: 10})
    assert game.missing(player, [(STONE, 6), (STONE, 5)]) == {STONE: (11, 10)}
    operation = game.reserve(player, [(STONE, 6), (STONE, 4)])
    assert game.read(player, "factory") == {STONE: 10}
    assert game.reservation(operation) == ("active", {STONE: 10})


def test_variants_of_one_item_are_counted_apart(game: Game, player: Player) -> None:
    stock = {AXE: 1, f"metal {AXE}": 2, f"metal {AXE} of summer_2025": 3}
    game.add(player, stock)
    assert game.read(player) == stock
    assert game.missing(player, {f"metal {AXE}": 3}) == {f"metal {AXE}": (3, 2)}


def test_each_call_writes_exactly_its_rows(game: Game, player: Player) -> None:
    added = game.add(player, {STONE: 9})
    returned = game.reserve(player, {STONE: 4})
    game.end("return", player, returned)
    consumed = game.reserve(player, {STONE: 5})
    game.end("consume", player, consumed)
    rows = game.rows(player)

    def changes(operation: str, kind: str) -> set[tuple[str, int]]:
        return {(row.section, row.change) for row in rows if (row.operation_id, row.kind) == (operation, kind)}

    assert changes(added, "chest_reward") == {("main", 9)}
    assert changes(returned, "factory_reservation") == {("main", -4), ("factory", 4)}
    assert changes(returned, "factory_return") == {("main", 4), ("factory", -4)}
    assert changes(consumed, "factory_consumption") == {("factory", -5)}
    assert len(rows) == 8


def test_a_reservation_tells_its_status_through_its_life(game: Game, player: Player) -> None:
    game.add(player, {STONE: 9})
    returned = game.reserve(player, {STONE: 2})
    assert game.reservation(returned) == ("active", {STONE: 2})
    game.end("return", player, returned)
    assert game.reservation(returned) == ("returned", {STONE: 2})
    consumed = game.reserve(player, {STONE: 3})
    game.end("consume", player, consumed)
    assert game.reservation(consumed) == ("consumed", {STONE: 3})


def test_a_reservation_ends_once(game: Game, player: Player) -> None:
    game.add(player, {STONE: 9})
    returned = game.reserve(player, {STONE: 2})
    game.end("return", player, returned)
    game.end("return", player, returned, NOT_ACTIVE)
    game.end("consume", player, returned, NOT_ACTIVE)
    consumed = game.reserve(player, {STONE: 3})
    game.end("consume", player, consumed)
    game.end("consume", player, consumed, NOT_ACTIVE)
    game.end("return", player, consumed, NOT_ACTIVE)
    assert game.read(player) == {STONE: 6}


def test_the_same_operation_id_with_other_content_is_a_conflict(
    game: Game, player: Player, new_player: Callable[[], Player]
) -> None:
    other = new_player()
    game.add(other, {STONE: 5})
    added = game.add(player, {STONE: 9})
    game.add(player, {WOOD: 9}, CONFLICT, operation=added)
    game.add(player, {STONE: 9}, CONFLICT, section="trade", operation=added)
    game.add(other, {STONE: 9}, CONFLICT, operation=added)
    reserved = game.reserve(player, {STONE: 2})
    game.reserve(player, {STONE: 3}, reserved, CONFLICT)
    game.reserve(other, {STONE: 2}, reserved, CONFLICT)
    assert game.read(player) == {STONE: 7}
    assert game.read(other) == {STONE: 5}


def test_rows_of_today_are_counted_but_not_closed(game: Game, player: Player) -> None:
    game.write_history(player, 3, STONE, 10)
    game.write_history(player, 0, STONE, 4)
    assert game.read(player) == {STONE: 14}
    game.add(player, {STONE: 1})
    assert game.read(player) == {STONE: 15}
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    assert game.snapshots(player) == {("main", STONE, yesterday): 10}


def test_an_adjustment_changes_the_balance_and_leaves_an_audit_entry(game: Game, player: Player, admin: Player) -> None:
    game.add(player, {STONE: 10})
    final = game.adjust(admin, player, {STONE: -3, WOOD: 5}, "Refund for a lost chest")
    assert final == {STONE: 7, WOOD: 5}
    assert game.read(player) == {STONE: 7, WOOD: 5}
    (entry,) = game.call("GET", f"/admin/inventory/audit?user_id={player.user_id}", admin.token)["entries"]
    assert (entry["admin_id"], entry["user_id"]) == (admin.user_id, player.user_id)
    assert (entry["section"], entry["reason"]) == ("main", "Refund for a lost chest")
    assert game.in_words(entry["changes"], "before") == {STONE: 10, WOOD: 0}
    assert game.in_words(entry["changes"], "after") == {STONE: 7, WOOD: 5}
