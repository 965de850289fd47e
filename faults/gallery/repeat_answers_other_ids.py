"""A repeat is answered with ids that stand for no row."""

RULE = "4.11 H: a repeat is answered with the first answer's operation_ids"
SQL = [("earlier", "('repeated', v_ids,", "('repeated', inventory.new_ids(cardinality(v_ids)),")]
