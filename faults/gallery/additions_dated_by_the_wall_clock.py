"""An addition is dated by the wall clock of the database's time zone, as if that were UTC."""

RULE = "5.1 S: days end at 00:00 UTC"
SQL = [("add_items", "v_now := clock_timestamp();", "v_now := clock_timestamp()::timestamp AT TIME ZONE 'UTC';")]
