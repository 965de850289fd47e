"""Whether there is room is asked before whether the addition is a repeat."""

RULE = "4.11 H: a repeat is answered like the first time"
SQL = [
    (
        "add_items",
        "v_outcome := inventory.earlier(",
        """IF inventory.is_full(p_user, p_section, p_items, p_collections, p_qualities, p_quantities,
                         inventory.day_start(clock_timestamp())) THEN
        RETURN ('overflow', NULL, NULL, 0)::inventory.outcome;
    END IF;
    v_outcome := inventory.earlier(""",
    )
]
