"""Two first reads of a day both make the snapshot, and the second one fails."""

RULE = "5.1 S: asking for a balance at the same time makes no second snapshot, and is answered"
SQL = [
    ("close_day", "ON CONFLICT DO NOTHING;", ";"),
    ("read_section", "PERFORM inventory.lock_player(p_user);", "NULL;"),
]
