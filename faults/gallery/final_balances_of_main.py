"""An adjustment tells the balances of section main, wherever it was made."""

RULE = "4.9 S: final_balances are those of what was adjusted"
SQL = [
    (
        "adjust",
        "FROM inventory.balances_of(p_user, p_section,",
        "FROM inventory.balances_of(p_user, inventory.code_id('inventory_section', 'main'),",
    )
]
