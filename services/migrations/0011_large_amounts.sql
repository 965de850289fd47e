-- Who may have filled a section (contract 4.1): nearly nobody is in it.
CREATE INDEX operations_of_large_amounts ON inventory.operations (user_id) WHERE quantity_change >= 8796093022208;
