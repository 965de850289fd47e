"""Whether a reservation has ended is asked before whose it is: another player's is 409 instead of 404."""

_NOT_FOUND = "IF v_held IS NULL THEN\n        RETURN ('not_found'"
_NOT_ACTIVE = (
    "IF v_held IS NULL AND EXISTS (SELECT 1 FROM inventory.operations o WHERE o.operation_id = p_operation"
    " AND o.user_id <> p_user AND o.operation_type_id <> p_reservation AND o.section_id = p_factory) THEN\n"
    "        RETURN ('not_active', NULL, NULL, 0)::inventory.outcome;\n"
    "    END IF;\n    "
)

RULE = "4.6 S: 404 when this user has no such reservation"
SQL = [("end_reservation", _NOT_FOUND, _NOT_ACTIVE + _NOT_FOUND)]
