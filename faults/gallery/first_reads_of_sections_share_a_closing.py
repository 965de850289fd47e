"""A first read waits for another that closes the player's day, and takes its own section for closed then."""

RULE = "5.1 S: a read closes the section that it reads, also beside another at the same time"
_OPEN = "inventory.day_is_open(p_user, p_section, v_today)"
_KEY = "hashtextextended(p_user::text, 3)"
_FIRST = f"(pg_try_advisory_xact_lock({_KEY}) OR pg_advisory_xact_lock({_KEY}) IS NULL)"
SQL = [("read_section", _OPEN, f"{_OPEN} AND {_FIRST}")]
