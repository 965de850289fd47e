"""A refused reservation tells of what is short how many were wanted of the lines at the beginning of the call."""

RULE = "4.5 S: missing_items names what was required of each variant"
_TOLD = "v_outcome.made := v_made;"
_BY_PLACE = """v_outcome.detail := (
    SELECT jsonb_agg(entry || jsonb_build_object('required', -v_taken[pos]) ORDER BY pos)
    FROM jsonb_array_elements(v_outcome.detail) WITH ORDINALITY AS told (entry, pos));"""
SQL = [("reserve", _TOLD, f"{_TOLD} {_BY_PLACE}")]
