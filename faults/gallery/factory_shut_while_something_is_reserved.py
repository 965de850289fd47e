"""Nothing can be adjusted away in the factory as long as anything of the player is reserved."""

RULE = "4.9 S: an adjustment that brings nothing below zero is made"
_SHORT = "v_outcome.outcome = 'insufficient'"
_HELD = """EXISTS (
    SELECT FROM inventory.operations o JOIN inventory.classifier_items c ON c.id = o.operation_type_id
    WHERE o.user_id = p_user AND o.section_id = p_section AND c.code LIKE 'factory%'
    HAVING sum(o.quantity_change) > 0)"""
SQL = [("adjust", _SHORT, f"{_SHORT} OR {_HELD}")]
