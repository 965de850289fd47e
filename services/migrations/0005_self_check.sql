-- A cheap, periodic look at the ledger's laws (contract, section 5). It reads one snapshot, writes nothing, and costs
-- what the history of the players it is given costs: a few milliseconds for a few hundred players.

-- Rows come in the order of their time, so a few pages of this index find those of the last minute.
CREATE INDEX operations_by_time ON inventory.operations USING brin (created_at) WITH (pages_per_range = 16, autosummarize = on);

-- Whom to look at: players with rows of the last so many seconds, at most p_touched of them; and p_sample players that
-- follow p_after in the order of their ids, so that a caller who hands the last one back gets round to everybody.
CREATE FUNCTION inventory.players_to_check(p_seconds double precision, p_touched integer, p_after uuid, p_sample integer)
RETURNS TABLE (user_id uuid, sampled boolean) LANGUAGE sql STABLE AS $$
    WITH RECURSIVE walk AS (
        (SELECT o.user_id, 1 AS step FROM inventory.operations o WHERE o.user_id > p_after ORDER BY o.user_id LIMIT 1)
        UNION ALL
        SELECT following.user_id, w.step + 1
        FROM walk w CROSS JOIN LATERAL (
            SELECT o.user_id FROM inventory.operations o WHERE o.user_id > w.user_id ORDER BY o.user_id LIMIT 1) following
        WHERE w.step < p_sample
    )
    (SELECT DISTINCT o.user_id, false FROM inventory.operations o
     WHERE o.created_at >= clock_timestamp() - make_interval(secs => p_seconds) LIMIT p_touched)
    UNION ALL
    SELECT w.user_id, true FROM walk w WHERE p_sample > 0
$$;

-- What is wrong with these players' ledgers: a row a player and law, with the number of findings; none when all is well.
--   balance       the latest snapshot is not the sum of the rows up to the end of its day
--   debt          a balance is below zero
--   conservation  a reservation does not move what it takes, ends more than once, or ends with another amount
CREATE FUNCTION inventory.self_check(p_users uuid[])
RETURNS TABLE (law text, user_id uuid, findings bigint) LANGUAGE sql STABLE AS $$
    WITH lines AS MATERIALIZED (
        SELECT o.user_id, o.section_id, o.item_id, o.collection_id, o.quality_level_id, o.quantity_change,
               o.operation_type_id, o.operation_id, o.created_at
        FROM inventory.operations o WHERE o.user_id = ANY (p_users)
    ), latest AS (
        SELECT DISTINCT ON (b.user_id, b.section_id, b.item_id, b.collection_id, b.quality_level_id)
               b.user_id, b.section_id, b.item_id, b.collection_id, b.quality_level_id, b.balance_date, b.quantity
        FROM inventory.daily_balances b WHERE b.user_id = ANY (p_users)
        ORDER BY b.user_id, b.section_id, b.item_id, b.collection_id, b.quality_level_id, b.balance_date DESC
    ), unlike AS (
        SELECT s.user_id
        FROM latest s LEFT JOIN lines l
          ON l.user_id = s.user_id AND l.section_id = s.section_id AND l.item_id = s.item_id
         AND l.collection_id = s.collection_id AND l.quality_level_id = s.quality_level_id
         AND l.created_at < (s.balance_date + 1)::timestamp AT TIME ZONE 'UTC'
        GROUP BY s.user_id, s.section_id, s.item_id, s.collection_id, s.quality_level_id, s.quantity
        HAVING s.quantity <> COALESCE(sum(l.quantity_change), 0)
    ), in_debt AS (
        SELECT l.user_id FROM lines l
        GROUP BY l.user_id, l.section_id, l.item_id, l.collection_id, l.quality_level_id
        HAVING sum(l.quantity_change) < 0
    ), codes AS MATERIALIZED (
        SELECT inventory.code_id('inventory_section', 'main') AS main,
               inventory.code_id('inventory_section', 'factory') AS factory,
               inventory.code_id('operation_type', 'factory_reservation') AS reserved,
               inventory.code_id('operation_type', 'factory_return') AS returned,
               inventory.code_id('operation_type', 'factory_consumption') AS consumed
    ), reservations AS (
        -- A call's rows name a variant once at most, so more than one row of a kind is a second ending.
        SELECT l.user_id,
               COALESCE(sum(l.quantity_change) FILTER (WHERE l.operation_type_id = c.reserved AND l.section_id = c.main), 0) AS taken,
               COALESCE(sum(l.quantity_change) FILTER (WHERE l.operation_type_id = c.reserved AND l.section_id = c.factory), 0) AS held,
               COALESCE(sum(l.quantity_change) FILTER (WHERE l.operation_type_id = c.returned AND l.section_id = c.main), 0) AS back,
               COALESCE(sum(l.quantity_change) FILTER (WHERE l.operation_type_id <> c.reserved AND l.section_id = c.factory), 0) AS released,
               count(*) FILTER (WHERE l.operation_type_id = c.returned) AS return_rows,
               count(*) FILTER (WHERE l.operation_type_id = c.consumed) AS consumption_rows
        FROM lines l CROSS JOIN codes c
        WHERE l.operation_type_id IN (c.reserved, c.returned, c.consumed)
        GROUP BY l.user_id, l.operation_id, l.item_id, l.collection_id, l.quality_level_id
    ), unbalanced AS (
        SELECT r.user_id FROM reservations r
        WHERE NOT (
            r.held > 0 AND r.taken = -r.held
            AND ((r.return_rows = 0 AND r.consumption_rows = 0)
              OR (r.return_rows = 2 AND r.consumption_rows = 0 AND r.back = r.held AND r.released = -r.held)
              OR (r.return_rows = 0 AND r.consumption_rows = 1 AND r.released = -r.held)))
    )
    SELECT 'balance', u.user_id, count(*) FROM unlike u GROUP BY u.user_id
    UNION ALL SELECT 'debt', d.user_id, count(*) FROM in_debt d GROUP BY d.user_id
    UNION ALL SELECT 'conservation', n.user_id, count(*) FROM unbalanced n GROUP BY n.user_id
$$;
