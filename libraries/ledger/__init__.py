"""The ledger in the database, over DatabaseLibrary: catalogue, rows, snapshots, laws (contract, section 5).

Keywords: `libraries.ledger.keywords`. The only place with SQL.
"""
