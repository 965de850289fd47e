"""Keywords for the calls of administrators (contract, section 4)."""

from __future__ import annotations

from typing import Any

from robot.api.deco import keyword, library

from libraries import calls, database, evidence, shapes
from libraries.catalogue import Variant, catalogue
from libraries.client import Answer, Expected
from libraries.inventory import bodies, in_words, positions_of, wanted_positions
from libraries.players import Player
from libraries.session import client, instance, need
from libraries.target import Instance

ENTRY = {
    "admin_id": shapes.is_uuid, "user_id": shapes.is_uuid, "operation_id": shapes.is_uuid, "section": shapes.is_text,
    "changes": [{"before": shapes.is_balance, "after": shapes.is_balance}], "reason": shapes.is_text,
    "created_at": shapes.is_text,
}  # fmt: skip
_AUDIT_ROWS = """
SELECT admin_id::text, user_id::text, operation_id::text, section, changes, reason, request_id
FROM inventory.audit_log WHERE user_id = %s::uuid ORDER BY id DESC
"""


def adjust_call(
    administrator: Player, player: Player, *changes: str, section: str = "main",
    reason: str = "Correction after a support request", at: Instance | None = None,
) -> calls.Call:  # fmt: skip
    """``POST /admin/inventory/adjust``."""
    need("admin calls")
    return calls.adjust(instance(at), administrator.token, player.user_id, bodies(changes), section, reason)


@library(scope="GLOBAL")
class AdministrationKeywords:
    """What administrators ask of inventory-service, and the audit log (contract, section 4)."""

    @keyword
    def adjust_inventory(
        self, administrator: Player, player: Player, *changes: str, section: str = "main",
        reason: str = "Correction after a support request", expect: Expected = "200", at: Instance | None = None,
    ) -> Answer:  # fmt: skip
        """Change a player's balances by hand: ``+5 stone``, ``-3 keys/key``."""
        return client().send(
            adjust_call(administrator, player, *changes, section=section, reason=reason, at=at), expect
        )

    @keyword
    def final_balances_should_be(self, *items: str) -> None:
        """Fail unless the last adjustment's ``final_balances`` are exactly these."""
        found, wanted = positions_of(evidence.current.last.body["final_balances"]), wanted_positions(items)
        if found != wanted:
            raise AssertionError(f"final_balances are {in_words(found)}, expected {in_words(wanted)}")

    @keyword
    def read_audit_log(self, administrator: Player, player: Player, expect: Expected = "200") -> list[dict[str, Any]]:
        """Ask for a player's audit log (hardening) and return its entries, newest first."""
        need("admin calls")
        answer = client().send(calls.read_audit(instance(None), administrator.token, player.user_id), expect)
        if answer.status != 200:
            return []
        entries = entries_of(answer.body)
        problem = shapes.difference(entries, [ENTRY], "the audit log")
        if problem:
            raise AssertionError(problem)
        return entries

    @keyword
    def audit_rows_of(self, player: Player) -> list[dict[str, Any]]:
        """Return a player's rows of the audit log from the database, newest first."""
        names = ("admin_id", "user_id", "operation_id", "section", "changes", "reason", "request_id")
        return [dict(zip(names, row, strict=True)) for row in database.rows(_AUDIT_ROWS, player.user_id)]

    @keyword
    def audit_entry_should_tell(
        self, entry: dict[str, Any], administrator: Player, player: Player, *changes: str, section: str = "main",
        reason: str | None = None,
    ) -> None:  # fmt: skip
        """Fail unless an audit entry names who, whom, where, why and what: ``stone before=10 after=7``."""
        wrong = [
            f"{name} is {entry[name]}, not {wanted}"
            for name, wanted in (
                ("admin_id", administrator.user_id), ("user_id", player.user_id), ("section", section),
                ("reason", reason or entry["reason"]),
            )
            if entry[name] != wanted
        ]  # fmt: skip
        found, wanted_changes = _changes(entry["changes"]), dict(_told(text) for text in changes)
        if found != wanted_changes:
            wrong.append(f"changes (before, after) are {found}, not {wanted_changes}")
        if wrong:
            raise AssertionError("the audit log is wrong: " + "; ".join(wrong))


def entries_of(body: Any) -> list[dict[str, Any]]:
    """Return the list of entries, whatever name the answer gives it. Raises AssertionError when there is none."""
    lists = [value for value in body.values() if isinstance(value, list)] if isinstance(body, dict) else [body]
    if len(lists) != 1 or not isinstance(lists[0], list):
        raise AssertionError("the audit log's answer holds no list of entries")
    return lists[0]


def _changes(changes: list[dict[str, Any]]) -> dict[str, tuple[int, int]]:
    return {str(_variant(change)): (change["before"], change["after"]) for change in changes}


def _variant(change: dict[str, Any]) -> Variant:
    return catalogue().variant_of(change)


def _told(text: str) -> tuple[str, tuple[int, int]]:
    words, before, after = text.rsplit(maxsplit=2)
    variant = catalogue().position(words).variant
    return str(variant), (int(before.split("=")[1]), int(after.split("=")[1]))
