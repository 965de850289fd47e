"""The ledger in the database, over DatabaseLibrary: catalogue, rows, snapshots (contract, section 5)."""
