"""The end of a reservation that closes the factory's yesterday ends one line of it."""

RULE = "4.6 S, 4.7 S, law 3: what is reserved is returned or destroyed whole"
_CLOSE = "v_made := inventory.close_day(p_user, p_factory, v_today);"
_ONE_LINE = """IF v_made > 0 THEN
            v_items := v_items[1:1]; v_collections := v_collections[1:1];
            v_qualities := v_qualities[1:1]; v_held := v_held[1:1];
        END IF;"""
SQL = [("end_reservation", _CLOSE, _CLOSE + _ONE_LINE)]
