"""Of an adjustment the lines of a variant are checked apart where one of them names the standard code."""

from typing import Any

from faults.patching import replace
from services.inventory import service

RULE = "4.9 S, law 2: an adjustment below zero is refused"
_REFUSAL = (
    "v_outcome := inventory.refusal(p_user, p_section, p_items, p_collections, p_qualities, p_quantities, v_today);"
)
_BY_SPELLING = """SELECT r.* INTO v_outcome
    FROM (SELECT array_agg(u.i) AS i, array_agg(u.c) AS c, array_agg(u.q) AS q, array_agg(u.n) AS n, min(u.pos) AS pos
          FROM unnest(p_items, p_collections, p_qualities, p_quantities) WITH ORDINALITY AS u (i, c, q, n, pos)
          GROUP BY p_variants -> (u.pos::integer - 1)) s
    CROSS JOIN LATERAL inventory.refusal(p_user, p_section, s.i, s.c, s.q, s.n, v_today) r
    WHERE r.outcome IS NOT NULL ORDER BY s.pos LIMIT 1;"""
SQL = [("adjust", _REFUSAL, _BY_SPELLING)]


def patch() -> None:
    """Leave each line's words as its caller chose them."""

    def spelled(_words: Any) -> Any:
        def words_of(item: Any) -> dict[str, Any]:
            words = {"item_id": item.item_id, "collection": item.collection, "quality_level": item.quality_level}
            return {name: value for name, value in words.items() if value is not None}

        return words_of

    replace(service, "_words", spelled)
