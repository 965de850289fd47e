"""An adjustment locks one variant after the other as they stand in the call, so that two can block each other."""

from faults.gallery import locks_in_the_order_of_the_lines as of_reservations

RULE = "law 7: concurrent calls on one player are answered as if one came after the other"
SQL = [("adjust", text, becomes) for _, text, becomes in of_reservations.SQL]
