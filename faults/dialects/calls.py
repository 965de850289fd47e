"""Freedoms of inventory-service's calls: what they take and what their answers look like (contract, section 4)."""

import contextlib
import json
import random
import sys
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from faults.dialects.answers import Answer, hide, rewrite
from faults.dialects.dialect import dialect
from faults.patching import replace
from services.common import calls, logs
from services.common.calls import Body
from services.inventory import schemas, service
from services.inventory.service import InventoryService

_WRITES_WITHOUT_IDS = ("/reserve", "/return-reserve", "/consume-reserve", "/adjust")
_AUDIT_ROW = (
    "INSERT INTO inventory.audit_log (admin_id, user_id, operation_id, section, changes, reason, request_id,"
    " created_at)\n    VALUES (p_admin, p_user, p_operation, p_section_code, v_before, p_reason, p_request, v_now);"
)
_REPEATED_END = """RETURN (CASE WHEN EXISTS (
        SELECT 1 FROM inventory.operations o
        WHERE o.operation_id = p_operation AND o.user_id = p_user AND o.operation_type_id = p_end)
    THEN 'repeated' ELSE 'not_active' END, NULL, NULL, 0)::inventory.outcome;"""
_TIMES = ("expires_at", "reservation_date", "timestamp")
_LISTS = ("items", "missing_items", "final_balances", "reserved_items")


# -- 4.1 and 4.2: bad input


@dialect("4.1")
def codes_of_400() -> None:
    """Bad input is refused in other words, and the fields have the names of another language."""

    def respell(answer: Answer) -> None:
        if answer.body and answer.body.get("error") == "validation_failed":
            details = answer.body.get("details")
            field = str(details.get("field", "")) if isinstance(details, dict) else ""
            answer.refuse(answer.status, "invalid_request", "the request is not valid", details=[_exported(field)])

    rewrite(respell)


def _exported(field: str) -> str:
    """Spell ``items[0].item_id`` as ``Items[0].ItemID``."""
    return "".join(
        "ID" if part == "id" else part[:1].upper() + part[1:] for part in field.replace(".", "_._").split("_")
    )


@dialect("4.1")
def duplicate_members() -> None:
    """Of a member that stands twice the last one counts."""
    _read_first(lambda text: json.dumps(json.loads(text)))


@dialect("4.1")
def more_after_the_body() -> None:
    """What stands after a body is not looked at."""

    def first_value(text: str) -> str:
        start = len(text) - len(text.lstrip())
        return text[: json.JSONDecoder().raw_decode(text, start)[1]]

    _read_first(first_value)


@dialect("4.1")
def nul_left_out() -> None:
    """NUL in a text is left out."""
    _read_first(lambda text: text.replace("\\u0000", ""))


def _read_first(simplify: Any) -> None:
    def simpler(decode: Any) -> Any:
        def decode_simpler(body: Body[Any], raw: bytes) -> Any:
            # What is no JSON is refused as ever.
            with contextlib.suppress(ValueError, RecursionError):
                raw = simplify(raw.decode()).encode()
            return decode(body, raw)

        return decode_simpler

    replace(Body, "decode", simpler)


@dialect(
    "4.1",
    sql=[
        ("refusal", "b.quantity + b.change > 4611686018427387904", "b.quantity + b.change > 9223372036854775807"),
        # No room is left that small amounts could be taken into unseen.
        ("is_full", "8796093022208 > ALL (p_changes)", "1 > ALL (p_changes)"),
    ],
)
def large_numbers() -> None:
    """Quantities and balances go as far as the database's numbers do."""
    # Read when the first decoder is made, which is later.
    schemas.ItemIn.__annotations__["quantity"] = Annotated[int, Meta(ge=1)]
    schemas.ChangeIn.__annotations__["quantity_change"] = int
    replace(service, "MAX_TOTAL", lambda _: 2**63 - 1)


@dialect("4.1")
def no_413() -> None:
    """A body may be as large as it likes."""
    replace(calls, "MAX_BODY", lambda _: sys.maxsize)


@dialect("4.2")
def text_for_unknown_paths() -> None:
    """A path or method that is not there is answered with plain text."""

    def respell(answer: Answer) -> None:
        if answer.status == 405 or (answer.status == 404 and not answer.is_known):
            answer.status = 404
            answer.drop_header(b"allow")
            answer.become_text("404 page not found")

    rewrite(respell)


@dialect("4.2")
def extra_members() -> None:
    """Answers tell more than the contract names."""

    def add(answer: Answer) -> None:
        if answer.body is None or "openapi" in answer.body:
            return
        answer.body["api_version"] = "v1"
        for name in _LISTS:
            for entry in answer.body.get(name) or ():
                entry["display_name"] = "?"

    rewrite(add)


@dialect("4.2")
def charset_of_json() -> None:
    """The content type of JSON names a charset."""

    def add(answer: Answer) -> None:
        answer.headers = [
            (name, b"application/json; charset=utf-8" if value == b"application/json" else value)
            for name, value in answer.headers
        ]

    rewrite(add)


@dialect("4.2")
def other_times() -> None:
    """Times in answers have nanoseconds and end with Z."""

    def respell(answer: Answer) -> None:
        for name in _TIMES:
            if answer.body and isinstance(text := answer.body.get(name), str):
                at = datetime.fromisoformat(text).astimezone(UTC)
                answer.body[name] = f"{at:%Y-%m-%dT%H:%M:%S.%f}789Z"

    rewrite(respell)


# -- 4.3 to 4.9: answers


@dialect("4.3")
def order_of_items() -> None:
    """Lists of items come in another order each time."""

    def shuffle(answer: Answer) -> None:
        for name in _LISTS:
            if answer.body and isinstance(items := answer.body.get(name), list):
                random.shuffle(items)

    rewrite(shuffle)


@dialect("4.4")
def own_types_can_be_added() -> None:
    """Items can be added under types that have calls of their own, but for reservations, which would look like one."""
    replace(service, "RESERVED_TYPES", lambda _: frozenset({service.RESERVATION}))


@dialect("4.5")
def missing_items_per_line() -> None:
    """`missing_items` has an entry for each line that cannot be served after those before it."""

    def spread(answer: Answer) -> None:
        missing = answer.body.get("missing_items") if answer.body else None
        if not isinstance(missing, list):
            return
        left = {_variant(entry): int(entry["available"]) for entry in missing}
        entries = []
        # What stands after the body may have been taken too.
        asked, _ = json.JSONDecoder().raw_decode(answer.asked.decode().lstrip())
        # The end of a reservation names none.
        for line in asked.get("items") or ():
            wanted = line.get("quantity", -line.get("quantity_change", 0))
            variant = _variant(line)
            if variant not in left:
                continue
            if wanted > left[variant]:
                words = next(entry for entry in missing if _variant(entry) == variant)
                entries.append({**words, "required": wanted, "available": left[variant]})
            else:
                left[variant] -= wanted
        if answer.body is not None and "items" in asked:
            answer.body["missing_items"] = entries

    rewrite(spread)


def _variant(entry: dict[str, Any]) -> tuple[str, str, str]:
    item = str(entry["item_id"]).lower()
    return item, entry.get("collection") or "base", entry.get("quality_level") or "base"


@dialect("4.5", of_bare=False)
def first_missing_item() -> None:
    """`missing_items` names the first variant that is short."""

    def shorten(answer: Answer) -> None:
        if answer.body and isinstance(missing := answer.body.get("missing_items"), list):
            answer.body["missing_items"] = missing[:1]

    rewrite(shorten)


@dialect("4.5, 4.9")
def standard_variant_named() -> None:
    """`missing_items` and `final_balances` name the standard variant."""

    def name(answer: Answer) -> None:
        for kind in ("missing_items", "final_balances"):
            for entry in (answer.body or {}).get(kind) or ():
                entry.setdefault("collection", "base")
                entry.setdefault("quality_level", "base")

    rewrite(name)


@dialect("4.6, 4.7, 4.9")
def empty_operation_ids() -> None:
    """`operation_ids` is empty but for additions, whose ids the contract promises."""

    def empty(answer: Answer) -> None:
        if answer.body and "operation_ids" in answer.body and answer.path.endswith(_WRITES_WITHOUT_IDS):
            answer.body["operation_ids"] = []

    rewrite(empty)


@dialect("4.6, 4.7")
def codes_of_404() -> None:
    """A reservation that is not there is refused in other words."""

    def respell(answer: Answer) -> None:
        if answer.body and answer.body.get("error") == "operation_not_found":
            answer.body["error"] = "no_such_reservation"

    rewrite(respell)


@dialect("4.8")
def codes_only_in_reserved_items() -> None:
    """`reserved_items` name their items by codes only."""

    def shorten(answer: Answer) -> None:
        for entry in (answer.body or {}).get("reserved_items") or ():
            entry.pop("item_id", None)

    rewrite(shorten)


@dialect("4.8")
def malformed_id_is_404() -> None:
    """There is no reservation with an id that is no UUID."""

    def respell(answer: Answer) -> None:
        if answer.status == 400 and "/inventory/reservation/" in answer.path:
            answer.refuse(404, "no_such_reservation", "there is no such reservation", reservation_exists=False)

    rewrite(respell)


# -- 4.9 and 4.10: adjustments


@dialect("4.9", sql=[("adjust", "p_type, p_operation, p_reason, v_now", "p_type, p_operation, NULL, v_now")])
def no_comment_on_adjustments() -> None:
    """The reason of an adjustment stands in the audit log alone."""


@dialect(
    "4.10",
    sql=[
        (
            "adjust",
            _AUDIT_ROW,
            "",
        )
    ],
    statements=["DROP TABLE inventory.audit_log"],
)
def no_audit_table() -> None:
    """The audit log is a line in the service's log; there is no table and no call to read it."""
    hide("/audit")

    def with_line(adjust: Any) -> Any:
        async def adjust_and_tell(of: InventoryService, admin: Any, body: schemas.Adjust, *rest: Any) -> Any:
            answer = await adjust(of, admin, body, *rest)
            logs.write(20, "audit", {"admin": str(admin), "user": str(body.user_id), "reason": body.reason})
            return answer

        return adjust_and_tell

    replace(InventoryService, "adjust", with_line)


# -- 4.11 to 4.13: repeats, ends and outages


@dialect("4.11", sql=[("earlier", "('repeated', v_ids, NULL, 0)", "('conflict', NULL, NULL, 0)")])
def repeats_refused() -> None:
    """An operation_id that was used is refused, also for the same call again."""


@dialect("4.11", of_bare=False, sql=[("add_items", "v_outcome.outcome IS NOT NULL", "v_outcome.outcome = 'conflict'")])
def repeats_added_again() -> None:
    """The same addition again adds again."""


@dialect("4.11")
def adjustments_have_no_ids() -> None:
    """An adjustment's operation_id is a member like any that is unknown."""

    def unnamed(adjust: Any) -> Any:
        async def adjust_anew(of: InventoryService, admin: Any, body: schemas.Adjust, *rest: Any) -> Any:
            return await adjust(of, admin, msgspec.structs.replace(body, operation_id=None), *rest)

        return adjust_anew

    replace(InventoryService, "adjust", unnamed)


@dialect("4.9", sql=[("adjust", "p_section_code = 'factory' AND 0 > ANY", "false AND 0 > ANY")])
def reserved_can_be_adjusted_away() -> None:
    """An adjustment takes what an active reservation holds."""


@dialect("4.11, 4.12")
def no_409() -> None:
    """A conflict is a bad request."""

    def respell(answer: Answer) -> None:
        if answer.status == 409:
            answer.refuse(400, "invalid_request", "the request is not valid")

    rewrite(respell)


@dialect("4.12", of_bare=False)
def ended_is_404() -> None:
    """A reservation that has ended is not there any more."""

    def respell(answer: Answer) -> None:
        if answer.body and answer.body.get("error") == "reservation_not_active":
            answer.refuse(404, "operation_not_found", "there is no such reservation")

    rewrite(respell)


@dialect(
    "4.12",
    of_bare=False,
    sql=[
        (
            "end_reservation",
            "RETURN ('not_active', NULL, NULL, 0)::inventory.outcome;",
            _REPEATED_END,
        )
    ],
)
def same_end_again_is_200() -> None:
    """The same end of a reservation again is answered with 200 and writes nothing."""


@dialect("4.13")
def codes_of_503() -> None:
    """A service that cannot answer now does not say why."""

    def respell(answer: Answer) -> None:
        if answer.status == 503 and answer.body and "error" in answer.body:
            answer.refuse(503, "service_unavailable", "try again")
            answer.drop_header(b"retry-after")

    rewrite(respell)
