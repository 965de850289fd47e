"""The audit log tells as the balance before what came today alone."""

RULE = "4.10 H: changes tell the balance before and after"
SQL = [
    (
        "adjust",
        "p_section_code, v_before, p_reason",
        """p_section_code, (
        SELECT jsonb_agg(one || jsonb_build_object('before', GREATEST(0, (one ->> 'before')::numeric - (
            SELECT COALESCE(sum(b.quantity), 0) FROM inventory.daily_balances b
            WHERE b.user_id = p_user AND b.section_id = p_section AND b.item_id = (one ->> 'item_id')::uuid
              AND b.balance_date = (v_today AT TIME ZONE 'UTC')::date - 1))))
        FROM jsonb_array_elements(v_before) AS one), p_reason""",
    )
]
