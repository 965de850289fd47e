"""inventory-service: the ledger's only writer (contract, sections 3 to 6)."""
