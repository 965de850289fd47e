"""What there is of an item that is short is told as a 32-bit number."""

RULE = "4.5 S: what is too little is a 400, whatever there is"
_TOLD = "'required', -b.change, 'available', b.quantity)"
SQL = [("refusal", _TOLD, "'required', -b.change, 'available', b.quantity::integer)")]
