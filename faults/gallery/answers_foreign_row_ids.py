"""An addition is answered with its operation_id once a line instead of the rows' own ids."""

RULE = "4.4 S: operation_ids are the rows' own ids"
SQL = [("add_items", "('written', v_ids,", "('written', ARRAY(SELECT p_operation FROM unnest(v_ids)),")]
