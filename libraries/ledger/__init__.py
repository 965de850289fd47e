"""The ledger in the database, over DatabaseLibrary: catalogue, rows, snapshots (contract, section 5).

Keywords: `libraries.ledger.keywords`. The only place with SQL; the laws are in `history.laws`.
"""
