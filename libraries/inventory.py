"""Keywords for the calls of inventory-service that players and services make (contract, section 4)."""

from __future__ import annotations

from typing import Any

from robot.api.deco import keyword, library

from libraries import calls, evidence, shapes
from libraries.catalogue import Variant, catalogue
from libraries.client import Answer, Expected
from libraries.players import Player
from libraries.preparing import target
from libraries.session import client, instance, service_token
from libraries.target import Instance
from libraries.tokens import Token


def bodies(words: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return positions (``10 stone``) as calls write them."""
    return [position.body() for position in catalogue().positions(words)]


def add_items_call(
    player: Player, *items: str, section: str = "main", operation_type: str = "chest_reward",
    operation_id: str | None = None, comment: str | None = None, token: Token | None = None,
    at: Instance | None = None,
) -> calls.Call:  # fmt: skip
    """``POST /inventory/add-items`` for a player, as a service."""
    by = token or service_token()
    return calls.add_items(
        instance(at), by, player.user_id, bodies(items), section, operation_type, operation_id, comment
    )


def reserve_call(
    player: Player, *items: str, operation_id: str | None = None, token: Token | None = None, at: Instance | None = None
) -> calls.Call:
    """``POST /inventory/reserve`` for a player, as a service."""
    return calls.reserve(instance(at), token or service_token(), player.user_id, bodies(items), operation_id)


def return_call(player: Player, operation_id: str, at: Instance | None = None) -> calls.Call:
    """``POST /inventory/return-reserve`` for a player, as a service."""
    return calls.return_reserve(instance(at), service_token(), player.user_id, operation_id)


def consume_call(player: Player, operation_id: str, at: Instance | None = None) -> calls.Call:
    """``POST /inventory/consume-reserve`` for a player, as a service."""
    return calls.consume_reserve(instance(at), service_token(), player.user_id, operation_id)


def positions_of(items: list[dict[str, Any]], member: str = "quantity") -> dict[Variant, int]:
    """Return the positions of an answer. Raises AssertionError when it names a variant twice."""
    found: dict[Variant, int] = {}
    for entry in items:
        variant = catalogue().variant_of(entry)
        if variant in found:
            raise AssertionError(f"the answer names {variant} twice")
        found[variant] = entry[member]
    return found


def in_words(found: dict[Variant, int]) -> str:
    """Return positions in words."""
    return ", ".join(f"{n} {variant}" for variant, n in sorted(found.items())) or "nothing"


def wanted_positions(words: tuple[str, ...]) -> dict[Variant, int]:
    """Return positions told in words."""
    return {position.variant: position.quantity for position in catalogue().positions(words)}


@library(scope="GLOBAL")
class InventoryKeywords:
    """What players and services ask of inventory-service (contract, section 4).

    Items are told in words: ``10 stone``, ``2 wooden tools/axe of winter_2025`` (quantity, quality, class/type or
    type, collection). ``expect`` is a status, or a status and an error code: ``400 insufficient_items``; anything
    else fails. ``at`` is the instance that is called.
    """

    @keyword
    def new_operation_id(self) -> str:
        """Return a new id for a business operation."""
        return calls.new_id()

    @keyword
    def last_answer(self) -> Answer:
        """Return the answer to the test's last call: ``status``, ``error``, ``body``, ``headers``, ``milliseconds``."""
        answer: Answer = evidence.current.last
        return answer

    @keyword
    def last_row_ids(self) -> list[str]:
        """Return the ``operation_ids`` of the last answer, the ids of the ledger rows."""
        return list(evidence.current.last.body["operation_ids"])

    @keyword
    def last_row_ids_should_be(self, row_ids: list[str]) -> None:
        """Fail unless the last answer names these ledger rows: it repeats an earlier answer."""
        found = self.last_row_ids()
        if found != row_ids:
            raise AssertionError(f"the answer names the rows {found}, the first one named {row_ids}")

    @keyword
    def read_inventory(
        self, player: Player | None = None, section: str | None = None, expect: Expected = "200",
        token: Token | None = None, at: Instance | None = None,
    ) -> Answer:  # fmt: skip
        """Ask for a player's inventory, with the player's token or another one, or with none at all."""
        by = token or (player.token if player else None)
        return client().send(calls.read_inventory(instance(at), by, section), expect)

    @keyword
    def inventory_should_be(
        self, player: Player, *items: str, section: str = "main", at: Instance | None = None
    ) -> None:
        """Fail unless ``GET /inventory`` answers exactly these items, each with its class and type."""
        answer = client().send(calls.read_inventory(instance(at), player.token, section))
        found, wanted = positions_of(answer.body["items"]), wanted_positions(items)
        if found != wanted:
            raise AssertionError(f"{player} has {in_words(found)} in {section}, expected {in_words(wanted)}")
        for entry in answer.body["items"]:
            variant = catalogue().variant_of(entry)
            if (entry["item_class"], entry["item_type"]) != (variant.item_class, variant.item_type):
                raise AssertionError(f"{variant} is called {entry['item_class']}/{entry['item_type']} in the answer")
            if "base" in (entry.get("collection"), entry.get("quality_level")):
                raise AssertionError(f"the answer names the standard variant of {variant} instead of leaving it out")

    @keyword
    def add_items(
        self, player: Player, *items: str, section: str = "main", operation_type: str = "chest_reward",
        operation_id: str | None = None, comment: str | None = None, expect: Expected = "200",
        token: Token | None = None, at: Instance | None = None,
    ) -> str:  # fmt: skip
        """Give a player items, as a service (or whoever ``token`` is). Returns the operation id."""
        call = add_items_call(
            player, *items, section=section, operation_type=operation_type, operation_id=operation_id,
            comment=comment, token=token, at=at,
        )  # fmt: skip
        answer = client().send(call, expect)
        if answer.status == 200 and len(answer.body["operation_ids"]) != len(items):
            raise AssertionError(f"{len(items)} items were added, {len(answer.body['operation_ids'])} row ids answered")
        return str(call.operation_id)

    @keyword
    def reserve(
        self, player: Player, *items: str, operation_id: str | None = None, expect: Expected = "200",
        token: Token | None = None, at: Instance | None = None,
    ) -> str:  # fmt: skip
        """Reserve items of a player, as a service. Returns the operation id."""
        call = reserve_call(player, *items, operation_id=operation_id, token=token, at=at)
        client().send(call, expect)
        return str(call.operation_id)

    @keyword
    def return_reserve(
        self, player: Player, operation_id: str, expect: Expected = "200", at: Instance | None = None
    ) -> None:
        """Undo a reservation, as a service."""
        client().send(return_call(player, operation_id, at), expect)

    @keyword
    def consume_reserve(
        self, player: Player, operation_id: str, expect: Expected = "200", at: Instance | None = None
    ) -> None:
        """Destroy what a reservation holds, as a service."""
        client().send(consume_call(player, operation_id, at), expect)

    @keyword
    def missing_items_should_be(self, *items: str) -> None:
        """Fail unless the last answer's ``missing_items`` are these: ``stone required=12 available=10``."""
        wanted = {}
        for text in items:
            words, required, available = text.rsplit(maxsplit=2)
            variant = catalogue().position(words).variant
            wanted[variant] = (int(required.split("=")[1]), int(available.split("=")[1]))
        body = evidence.current.last.body
        problem = _missing_shape_problem(body)
        if problem:
            raise AssertionError(problem)
        found = {catalogue().variant_of(e): (e["required"], e["available"]) for e in body["missing_items"]}
        if found != wanted:
            raise AssertionError(f"missing_items (required, available) are {_pairs(found)}, expected {_pairs(wanted)}")

    @keyword
    def reservation_should_be(
        self, player: Player, operation_id: str, status: str, *items: str, at: Instance | None = None
    ) -> None:
        """Fail unless a reservation is the player's, has this status and holds exactly these items."""
        answer = client().send(calls.read_reservation(instance(at), service_token(), operation_id))
        body = answer.body
        if (body["operation_id"], body["user_id"]) != (operation_id, player.user_id):
            raise AssertionError(f"the answer is about {body['operation_id']} of {body['user_id']}, not what was asked")
        if body["status"] != status:
            raise AssertionError(f"reservation {operation_id} is {body['status']}, expected {status}")
        found, wanted = positions_of(body["reserved_items"]), wanted_positions(items)
        if found != wanted:
            raise AssertionError(f"the reservation holds {in_words(found)}, expected {in_words(wanted)}")

    @keyword
    def reservation_should_not_exist(self, operation_id: str) -> None:
        """Fail unless asking for a reservation is answered 404 with ``"reservation_exists": false``."""
        answer = client().exchange(calls.read_reservation(instance(None), service_token(), operation_id))
        if answer.status != 404 or answer.body.get("reservation_exists") is not False:
            raise AssertionError(f"{answer.call} answered {answer.text[:300]}, expected 404 reservation_exists: false")

    @keyword
    def reservation_should_be_refused(self, operation_id: str, expect: Expected) -> None:
        """Fail unless asking for a reservation by this id is refused so."""
        client().send(calls.read_reservation(instance(None), service_token(), operation_id), expect)

    @keyword
    def reads_should_stay_within_budget(self, player: Player, reads: int = 20) -> None:
        """Read a player's inventory some times; fail when the median takes longer than TARGET_READ_BUDGET_MS."""
        call = calls.read_inventory(instance(None), player.token, "main")
        times = sorted(client().send(call).milliseconds for _ in range(reads))
        budget = target().read_budget_ms
        if times[reads // 2] > budget:
            raise AssertionError(f"the median read took {times[reads // 2]:.0f} ms, the budget is {budget} ms")


def _missing_shape_problem(body: Any) -> str | None:
    return shapes.difference(body, {"missing_items": [shapes.MISSING]})


def _pairs(found: dict[Variant, tuple[int, int]]) -> str:
    return ", ".join(f"{variant} {pair}" for variant, pair in sorted(found.items())) or "nothing"
