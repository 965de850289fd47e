"""An adjustment of the factory tells as its final balance what no reservation holds, not what there is."""

RULE = "4.9 S: final_balances are the balances after the adjustment"
_AFTER = "b.quantity + b.change"
_HELD = """CASE p_section_code WHEN 'factory' THEN COALESCE((
    SELECT sum(o.quantity_change)
    FROM inventory.operations o JOIN inventory.classifier_items c ON c.id = o.operation_type_id
    WHERE o.user_id = p_user AND o.section_id = p_section AND o.item_id = b.item_id AND c.code LIKE 'factory%'
      AND o.collection_id = b.collection_id AND o.quality_level_id = b.quality_level_id), 0) ELSE 0 END"""
SQL = [("adjust", _AFTER, f"{_AFTER} - {_HELD}")]
