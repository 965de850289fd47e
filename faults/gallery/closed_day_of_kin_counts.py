"""Whether there is enough is asked of the last snapshot of any quality of the item."""

RULE = "law 2, 4.5 S: of one variant too little is too little"
SQL = [("balances_of", "AND b.collection_id = v.c AND b.quality_level_id = v.q", "AND b.collection_id = v.c")]
