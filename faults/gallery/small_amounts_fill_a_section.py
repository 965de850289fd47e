"""Only a call of large amounts is asked whether a section can take them: a full one takes small ones without end."""

RULE = "4.1 H: balances that would pass 2^62 are refused"
SQL = [("is_full", "AND o.quantity_change >= 8796093022208", "AND false")]
