"""Items in words, and the ledger in the database, over DatabaseLibrary: catalogue, rows, snapshots (section 5)."""
