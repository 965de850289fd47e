"""A comment is cut off after 255 characters."""

RULE = "4.4 S: a comment has up to 500 characters"
SQL = [("add_items", "p_comment, v_now", "left(p_comment, 255), v_now")]
