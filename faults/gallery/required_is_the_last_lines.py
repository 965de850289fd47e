"""A refused reservation tells of a variant named twice what its last line asked for."""

RULE = "4.5 S: the same variant named twice counts as its sum"
_TOLD = "v_outcome.made := v_made;"
_LAST = """v_outcome.detail := (
    SELECT jsonb_agg(entry || jsonb_build_object('required', (
        SELECT line.n
        FROM unnest(p_items, p_collections, p_qualities, p_quantities) WITH ORDINALITY AS line (i, c, q, n, pos)
        WHERE (line.i::text, line.c::text, line.q::text)
            = (entry ->> 'item_id', entry ->> 'collection_id', entry ->> 'quality_level_id')
        ORDER BY line.pos DESC LIMIT 1)))
    FROM jsonb_array_elements(v_outcome.detail) AS entry);"""
SQL = [("reserve", _TOLD, f"{_TOLD} {_LAST}")]
