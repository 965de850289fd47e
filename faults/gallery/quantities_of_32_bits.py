"""Sums are kept in a whole number of 32 bits, which stays at its largest."""

RULE = "4.3 S: an inventory tells what there is; quantities are of 64 bits"
SQL = [("read_section", "sum(r.change)::bigint", "least(sum(r.change), 2147483647)::bigint")]
