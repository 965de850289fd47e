"""What several reservations hold of a variant counts as what the largest of them holds."""

RULE = "4.9 H: what active reservations hold cannot be adjusted away"
_SUM = "SELECT sum(o.quantity_change) AS quantity FROM inventory.operations o"
_LARGEST = """SELECT max(o.sum) AS quantity
        FROM (SELECT sum(quantity_change) OVER (PARTITION BY operation_id), * FROM inventory.operations) o"""
SQL = [("taken_from_reservations", _SUM, _LARGEST)]
