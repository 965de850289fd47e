"""Two players' calls under one operation_id do not wait for each other."""

RULE = "4.11 H: the same operation_id with other content is 409, also at the same instant"
SQL = [(function, "PERFORM inventory.lock_operation(p_operation);", "") for function in ("add_items", "reserve")]
