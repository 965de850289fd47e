"""Who closes the day does not wait for the disk, and so does the write that had to."""

RULE = "law 5: a 200 is in the ledger after a crash of any component"
SQL = [
    (
        "close_day",
        "    WITH RECURSIVE moved AS (",
        "    SET LOCAL synchronous_commit = off;\n    WITH RECURSIVE moved AS (",
    )
]
