"""A player whose yesterday is closed in one section passes for closed in all of them."""

RULE = "5.1 S, law 1: when a balance is asked for, exactly one row a variant is made, for yesterday"
_ANY = "user_id = p_user AND balance_date = v_yesterday"
SQL = [("day_is_open", "user_id = p_user AND section_id = p_section AND balance_date = v_yesterday", _ANY)]
