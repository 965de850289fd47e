-- The laws of the ledger (contract, section 5), kept where every instance of the service must pass.
--
-- Each call of the service is one call of one function here: one round trip, one transaction. A function that
-- writes first takes the player's lock; every later statement in it then sees all that was committed before
-- (READ COMMITTED takes a new snapshot for each statement). Row times are read from the clock after the lock,
-- so a row never lands in a day that a reader has closed already.
--
-- Everything that runs in each call is PL/pgSQL, which keeps its plans; a function in SQL would be planned anew each
-- time, for several times the cost of running it. The plans do not depend on how many items a call names.

CREATE FUNCTION inventory.code_id(p_classifier text, p_code text) RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT ci.id FROM inventory.classifier_items ci JOIN inventory.classifiers c ON c.id = ci.classifier_id
    WHERE c.code = p_classifier AND ci.code = p_code
$$;

-- Midnight UTC at the start of the day that holds the instant.
CREATE FUNCTION inventory.day_start(p_at timestamptz) RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT date_trunc('day', p_at, 'UTC')
$$;

CREATE FUNCTION inventory.lock_player(p_user uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(p_user::text, 1));
END $$;

-- Taken before the player's lock, always: the same business operation may arrive for two players.
CREATE FUNCTION inventory.lock_operation(p_operation uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(p_operation::text, 2));
END $$;

-- Yesterday's snapshot of one section, made once (contract: daily balances). Returns how many rows it made.
-- The caller holds the player's lock.
CREATE FUNCTION inventory.close_day(p_user uuid, p_section uuid, p_today timestamptz) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    v_yesterday date := (p_today AT TIME ZONE 'UTC')::date - 1;
    v_rows      integer;
BEGIN
    IF EXISTS (SELECT 1 FROM inventory.daily_balances
               WHERE user_id = p_user AND section_id = p_section AND balance_date = v_yesterday) THEN
        RETURN 0;
    END IF;
    -- Walks from variant to variant in the index, so that the cost follows the number of variants and the
    -- rows since their last snapshot, not the length of the history.
    WITH RECURSIVE moved AS (
        (SELECT o.item_id, o.collection_id, o.quality_level_id FROM inventory.operations o
         WHERE o.user_id = p_user AND o.section_id = p_section
         ORDER BY o.item_id, o.collection_id, o.quality_level_id LIMIT 1)
        UNION ALL
        SELECT n.item_id, n.collection_id, n.quality_level_id FROM moved m CROSS JOIN LATERAL (
            SELECT o.item_id, o.collection_id, o.quality_level_id FROM inventory.operations o
            WHERE o.user_id = p_user AND o.section_id = p_section
              AND (o.item_id, o.collection_id, o.quality_level_id) > (m.item_id, m.collection_id, m.quality_level_id)
            ORDER BY o.item_id, o.collection_id, o.quality_level_id LIMIT 1) n
    ), closed AS (
        (SELECT b.item_id, b.collection_id, b.quality_level_id FROM inventory.daily_balances b
         WHERE b.user_id = p_user AND b.section_id = p_section
         ORDER BY b.item_id, b.collection_id, b.quality_level_id LIMIT 1)
        UNION ALL
        SELECT n.item_id, n.collection_id, n.quality_level_id FROM closed c CROSS JOIN LATERAL (
            SELECT b.item_id, b.collection_id, b.quality_level_id FROM inventory.daily_balances b
            WHERE b.user_id = p_user AND b.section_id = p_section
              AND (b.item_id, b.collection_id, b.quality_level_id) > (c.item_id, c.collection_id, c.quality_level_id)
            ORDER BY b.item_id, b.collection_id, b.quality_level_id LIMIT 1) n
    ), variants AS (
        SELECT * FROM moved UNION SELECT * FROM closed
    )
    INSERT INTO inventory.daily_balances
        (user_id, section_id, item_id, collection_id, quality_level_id, balance_date, quantity, created_at)
    SELECT p_user, p_section, v.item_id, v.collection_id, v.quality_level_id, v_yesterday,
           COALESCE(last.quantity, 0) + COALESCE(since.change, 0), clock_timestamp()
    FROM variants v
    LEFT JOIN LATERAL (
        SELECT b.quantity, b.balance_date FROM inventory.daily_balances b
        WHERE b.user_id = p_user AND b.section_id = p_section AND b.item_id = v.item_id
          AND b.collection_id = v.collection_id AND b.quality_level_id = v.quality_level_id
          AND b.balance_date < v_yesterday
        ORDER BY b.balance_date DESC LIMIT 1) last ON true
    LEFT JOIN LATERAL (
        SELECT sum(o.quantity_change) AS change FROM inventory.operations o
        WHERE o.user_id = p_user AND o.section_id = p_section AND o.item_id = v.item_id
          AND o.collection_id = v.collection_id AND o.quality_level_id = v.quality_level_id
          AND o.created_at >= COALESCE((last.balance_date + 1)::timestamp AT TIME ZONE 'UTC', '-infinity')
          AND o.created_at < p_today) since ON true
    WHERE last.quantity IS NOT NULL OR since.change IS NOT NULL
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    RETURN v_rows;
END $$;

-- Whether yesterday still has to be closed. Index probes, no lock.
CREATE FUNCTION inventory.day_is_open(p_user uuid, p_section uuid, p_today timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_yesterday date := (p_today AT TIME ZONE 'UTC')::date - 1;
BEGIN
    IF EXISTS (SELECT 1 FROM inventory.daily_balances
               WHERE user_id = p_user AND section_id = p_section AND balance_date = v_yesterday) THEN
        RETURN false;
    END IF;
    RETURN EXISTS (SELECT 1 FROM inventory.operations
                   WHERE user_id = p_user AND section_id = p_section AND created_at < p_today)
        OR EXISTS (SELECT 1 FROM inventory.daily_balances
                   WHERE user_id = p_user AND section_id = p_section AND balance_date < v_yesterday);
END $$;

-- GET /inventory: every variant of a section above zero. `closed` is yesterday's snapshot (null without one),
-- `quantity` the balance now. A variant that is at zero is listed too when it has a snapshot, because the
-- caller keeps the closed day. `made` is how many snapshot rows this call made, `today` the day that is open.
CREATE FUNCTION inventory.read_section(p_user uuid, p_section uuid)
RETURNS TABLE (item_id uuid, collection_id uuid, quality_level_id uuid, closed bigint, quantity bigint, made integer,
               today date)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_today timestamptz := inventory.day_start(clock_timestamp());
    v_made  integer := 0;
BEGIN
    IF inventory.day_is_open(p_user, p_section, v_today) THEN
        PERFORM inventory.lock_player(p_user);
        v_made := inventory.close_day(p_user, p_section, v_today);
    END IF;
    RETURN QUERY
        SELECT r.item_id, r.collection_id, r.quality_level_id, max(r.closed), sum(r.change)::bigint, v_made,
               (v_today AT TIME ZONE 'UTC')::date
        FROM (
            SELECT b.item_id, b.collection_id, b.quality_level_id, b.quantity AS closed, b.quantity AS change
            FROM inventory.daily_balances b
            WHERE b.user_id = p_user AND b.section_id = p_section
              AND b.balance_date = (v_today AT TIME ZONE 'UTC')::date - 1
            UNION ALL
            SELECT o.item_id, o.collection_id, o.quality_level_id, NULL, o.quantity_change
            FROM inventory.operations o
            WHERE o.user_id = p_user AND o.section_id = p_section AND o.created_at >= v_today
        ) r
        GROUP BY r.item_id, r.collection_id, r.quality_level_id
        HAVING sum(r.change) > 0 OR max(r.closed) IS NOT NULL
        ORDER BY r.item_id, r.collection_id, r.quality_level_id;
END $$;

CREATE TYPE inventory.outcome AS (
    outcome       text,    -- written | repeated | conflict | insufficient | overflow | not_found | not_active
    operation_ids uuid[],
    detail        jsonb,
    made          integer  -- snapshot rows made on the way
);

-- Balances of some variants in one section, now: latest snapshot before today + everything after it. Each variant
-- stands once in the answer, with the sum of its changes and its first position. The caller holds the player's lock.
CREATE FUNCTION inventory.balances_of(p_user uuid, p_section uuid, p_items uuid[], p_collections uuid[],
                                      p_qualities uuid[], p_changes bigint[], p_today timestamptz)
RETURNS TABLE (item_id uuid, collection_id uuid, quality_level_id uuid, quantity numeric, change numeric, pos bigint)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN QUERY
    SELECT v.i, v.c, v.q, COALESCE(last.quantity, 0) + COALESCE(since.change, 0), v.n, v.pos
    FROM (
        SELECT u.i, u.c, u.q, sum(u.n) AS n, min(u.pos) AS pos
        FROM unnest(p_items, p_collections, p_qualities, p_changes) WITH ORDINALITY AS u (i, c, q, n, pos)
        GROUP BY 1, 2, 3
    ) v
    LEFT JOIN LATERAL (
        SELECT b.quantity, b.balance_date FROM inventory.daily_balances b
        WHERE b.user_id = p_user AND b.section_id = p_section AND b.item_id = v.i
          AND b.collection_id = v.c AND b.quality_level_id = v.q
          AND b.balance_date < (p_today AT TIME ZONE 'UTC')::date
        ORDER BY b.balance_date DESC LIMIT 1) last ON true
    LEFT JOIN LATERAL (
        SELECT sum(o.quantity_change) AS change FROM inventory.operations o
        WHERE o.user_id = p_user AND o.section_id = p_section AND o.item_id = v.i
          AND o.collection_id = v.c AND o.quality_level_id = v.q
          AND o.created_at >= COALESCE((last.balance_date + 1)::timestamp AT TIME ZONE 'UTC', '-infinity')) since ON true;
END $$;

-- Checks law 2 and the column's range for a set of changes; null when all is well. Half of the range is kept free for
-- what is moved in from another section (see is_full).
CREATE FUNCTION inventory.refusal(p_user uuid, p_section uuid, p_items uuid[], p_collections uuid[],
                                  p_qualities uuid[], p_changes bigint[], p_today timestamptz)
RETURNS inventory.outcome LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_missing  jsonb;
    v_overflow boolean;
BEGIN
    SELECT jsonb_agg(jsonb_build_object('item_id', b.item_id, 'collection_id', b.collection_id,
                                        'quality_level_id', b.quality_level_id,
                                        'required', -b.change, 'available', b.quantity) ORDER BY b.pos)
               FILTER (WHERE b.change < 0 AND b.quantity + b.change < 0),
           bool_or(b.change > 0 AND b.quantity + b.change > 4611686018427387904)
    INTO v_missing, v_overflow
    FROM inventory.balances_of(p_user, p_section, p_items, p_collections, p_qualities, p_changes, p_today) b;
    IF v_missing IS NOT NULL THEN
        RETURN ('insufficient', NULL, v_missing, 0)::inventory.outcome;
    ELSIF v_overflow THEN
        RETURN ('overflow', NULL, NULL, 0)::inventory.outcome;
    END IF;
    RETURN NULL;
END $$;

-- Whether a section can take what is put into it. Amounts that could not fill a bigint in a million calls are not
-- looked at: the question costs as much as the check of a section that gives.
CREATE FUNCTION inventory.is_full(p_user uuid, p_section uuid, p_items uuid[], p_collections uuid[],
                                  p_qualities uuid[], p_changes bigint[], p_today timestamptz)
RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF (SELECT max(u.n) < 8796093022208 FROM unnest(p_changes) AS u (n)) THEN
        RETURN false;
    END IF;
    RETURN (inventory.refusal(p_user, p_section, p_items, p_collections, p_qualities, p_changes, p_today)).outcome
           IS NOT NULL;
END $$;

-- New row ids in ascending order: a repeat finds them again in the order of the first answer.
CREATE FUNCTION inventory.new_ids(p_count integer) RETURNS uuid[] LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    RETURN (SELECT array_agg(g.id ORDER BY g.id) FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, p_count)) g);
END $$;

-- What an operation_id has written already under one type and section, compared with what is asked now.
-- Null when it is new.
CREATE FUNCTION inventory.earlier(p_operation uuid, p_user uuid, p_type uuid, p_section uuid, p_items uuid[],
                                  p_collections uuid[], p_qualities uuid[], p_changes bigint[], p_comment text)
RETURNS inventory.outcome LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_ids     uuid[];
    v_written text[];
    v_asked   text[];
BEGIN
    IF NOT EXISTS (SELECT 1 FROM inventory.operations WHERE operation_id = p_operation) THEN
        RETURN NULL;
    END IF;
    SELECT array_agg(o.id ORDER BY o.id),
           array_agg((o.item_id, o.collection_id, o.quality_level_id, o.quantity_change)::text
                     ORDER BY o.item_id, o.collection_id, o.quality_level_id, o.quantity_change)
               FILTER (WHERE o.section_id = p_section AND o.comment IS NOT DISTINCT FROM p_comment)
    INTO v_ids, v_written
    FROM inventory.operations o
    WHERE o.operation_id = p_operation AND o.user_id = p_user AND o.operation_type_id = p_type;
    SELECT array_agg((u.i, u.c, u.q, u.n)::text ORDER BY u.i, u.c, u.q, u.n) INTO v_asked
    FROM unnest(p_items, p_collections, p_qualities, p_changes) AS u (i, c, q, n);
    IF v_written = v_asked THEN
        RETURN ('repeated', v_ids, NULL, 0)::inventory.outcome;
    END IF;
    RETURN ('conflict', NULL, NULL, 0)::inventory.outcome;
END $$;

-- POST /inventory/add-items
CREATE FUNCTION inventory.add_items(p_user uuid, p_section uuid, p_type uuid, p_operation uuid, p_items uuid[],
                                    p_collections uuid[], p_qualities uuid[], p_quantities bigint[], p_comment text)
RETURNS inventory.outcome LANGUAGE plpgsql AS $$
DECLARE
    v_ids     uuid[];
    v_now     timestamptz;
    v_outcome inventory.outcome;
BEGIN
    PERFORM inventory.lock_operation(p_operation);
    PERFORM inventory.lock_player(p_user);
    v_outcome := inventory.earlier(p_operation, p_user, p_type, p_section, p_items, p_collections, p_qualities,
                                   p_quantities, p_comment);
    IF v_outcome.outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    v_now := clock_timestamp();
    IF inventory.is_full(p_user, p_section, p_items, p_collections, p_qualities, p_quantities,
                         inventory.day_start(v_now)) THEN
        RETURN ('overflow', NULL, NULL, 0)::inventory.outcome;
    END IF;
    v_ids := inventory.new_ids(cardinality(p_items));
    INSERT INTO inventory.operations (id, user_id, section_id, item_id, collection_id, quality_level_id,
                                      quantity_change, operation_type_id, operation_id, comment, created_at)
    SELECT u.id, p_user, p_section, u.i, u.c, u.q, u.n, p_type, p_operation, p_comment, v_now
    FROM unnest(v_ids, p_items, p_collections, p_qualities, p_quantities) AS u (id, i, c, q, n);
    RETURN ('written', v_ids, NULL, 0)::inventory.outcome;
END $$;

-- POST /inventory/reserve
CREATE FUNCTION inventory.reserve(p_user uuid, p_main uuid, p_factory uuid, p_type uuid, p_operation uuid, p_items uuid[],
                                  p_collections uuid[], p_qualities uuid[], p_quantities bigint[])
RETURNS inventory.outcome LANGUAGE plpgsql AS $$
DECLARE
    v_items       uuid[];
    v_collections uuid[];
    v_qualities   uuid[];
    v_taken       bigint[];
    v_ids         uuid[];
    v_now         timestamptz;
    v_today       timestamptz;
    v_made        integer := 0;
    v_outcome     inventory.outcome;
BEGIN
    PERFORM inventory.lock_operation(p_operation);
    PERFORM inventory.lock_player(p_user);
    -- One variant named twice is one taking of the sum.
    SELECT array_agg(s.i ORDER BY s.pos), array_agg(s.c ORDER BY s.pos), array_agg(s.q ORDER BY s.pos),
           array_agg(s.n ORDER BY s.pos)
    INTO v_items, v_collections, v_qualities, v_taken
    FROM (SELECT u.i, u.c, u.q, -sum(u.n)::bigint AS n, min(u.pos) AS pos
          FROM unnest(p_items, p_collections, p_qualities, p_quantities) WITH ORDINALITY AS u (i, c, q, n, pos)
          GROUP BY 1, 2, 3) s;
    v_outcome := inventory.earlier(p_operation, p_user, p_type, p_main, v_items, v_collections, v_qualities, v_taken, NULL);
    IF v_outcome.outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    v_now := clock_timestamp();
    v_today := inventory.day_start(v_now);
    IF inventory.day_is_open(p_user, p_main, v_today) THEN
        v_made := inventory.close_day(p_user, p_main, v_today);
    END IF;
    v_outcome := inventory.refusal(p_user, p_main, v_items, v_collections, v_qualities, v_taken, v_today);
    IF v_outcome.outcome IS NOT NULL THEN
        v_outcome.made := v_made;
        RETURN v_outcome;
    END IF;
    IF inventory.is_full(p_user, p_factory, v_items, v_collections, v_qualities,
                         ARRAY(SELECT -u.n FROM unnest(v_taken) AS u (n)), v_today) THEN
        RETURN ('overflow', NULL, NULL, v_made)::inventory.outcome;
    END IF;
    v_ids := inventory.new_ids(2 * cardinality(v_taken));
    INSERT INTO inventory.operations (id, user_id, section_id, item_id, collection_id, quality_level_id,
                                      quantity_change, operation_type_id, operation_id, created_at)
    SELECT v_ids[2 * u.pos - side.first], p_user, side.section_id, u.i, u.c, u.q, side.sign * u.n, p_type,
           p_operation, v_now
    FROM unnest(v_items, v_collections, v_qualities, v_taken) WITH ORDINALITY AS u (i, c, q, n, pos)
    CROSS JOIN (VALUES (1, p_main, 1), (0, p_factory, -1)) AS side (first, section_id, sign);
    RETURN ('written', v_ids, NULL, v_made)::inventory.outcome;
END $$;

-- POST /inventory/return-reserve (with p_main) and /inventory/consume-reserve (p_main null)
CREATE FUNCTION inventory.end_reservation(p_user uuid, p_operation uuid, p_main uuid, p_factory uuid,
                                          p_reservation uuid, p_end uuid)
RETURNS inventory.outcome LANGUAGE plpgsql AS $$
DECLARE
    v_items       uuid[];
    v_collections uuid[];
    v_qualities   uuid[];
    v_held        bigint[];
    v_ids         uuid[];
    v_now         timestamptz;
    v_today       timestamptz;
    v_made        integer := 0;
    v_outcome     inventory.outcome;
BEGIN
    PERFORM inventory.lock_player(p_user);
    SELECT array_agg(o.item_id ORDER BY o.id), array_agg(o.collection_id ORDER BY o.id),
           array_agg(o.quality_level_id ORDER BY o.id), array_agg(-o.quantity_change ORDER BY o.id)
    INTO v_items, v_collections, v_qualities, v_held
    FROM inventory.operations o
    WHERE o.operation_id = p_operation AND o.user_id = p_user AND o.operation_type_id = p_reservation
      AND o.section_id = p_factory;
    IF v_held IS NULL THEN
        RETURN ('not_found', NULL, NULL, 0)::inventory.outcome;
    END IF;
    IF EXISTS (SELECT 1 FROM inventory.operations o
               WHERE o.operation_id = p_operation AND o.user_id = p_user AND o.operation_type_id <> p_reservation) THEN
        RETURN ('not_active', NULL, NULL, 0)::inventory.outcome;
    END IF;
    v_now := clock_timestamp();
    v_today := inventory.day_start(v_now);
    IF inventory.day_is_open(p_user, p_factory, v_today) THEN
        v_made := inventory.close_day(p_user, p_factory, v_today);
    END IF;
    v_outcome := inventory.refusal(p_user, p_factory, v_items, v_collections, v_qualities, v_held, v_today);
    IF v_outcome.outcome IS NOT NULL THEN
        v_outcome.made := v_made;
        RETURN v_outcome;
    END IF;
    IF p_main IS NOT NULL AND inventory.is_full(p_user, p_main, v_items, v_collections, v_qualities,
                                                ARRAY(SELECT -u.n FROM unnest(v_held) AS u (n)), v_today) THEN
        RETURN ('overflow', NULL, NULL, v_made)::inventory.outcome;
    END IF;
    v_ids := inventory.new_ids(CASE WHEN p_main IS NULL THEN 1 ELSE 2 END * cardinality(v_held));
    INSERT INTO inventory.operations (id, user_id, section_id, item_id, collection_id, quality_level_id,
                                      quantity_change, operation_type_id, operation_id, created_at)
    SELECT v_ids[CASE WHEN p_main IS NULL THEN u.pos ELSE 2 * u.pos - side.first END], p_user, side.section_id,
           u.i, u.c, u.q, side.sign * u.n, p_end, p_operation, v_now
    FROM unnest(v_items, v_collections, v_qualities, v_held) WITH ORDINALITY AS u (i, c, q, n, pos)
    JOIN (VALUES (1, p_factory, 1), (0, p_main, -1)) AS side (first, section_id, sign) ON side.section_id IS NOT NULL;
    RETURN ('written', v_ids, NULL, v_made)::inventory.outcome;
END $$;

-- POST /admin/inventory/adjust. `detail` holds each variant's balance before and after.
CREATE FUNCTION inventory.adjust(p_admin uuid, p_user uuid, p_section uuid, p_section_code text, p_type uuid, p_operation uuid,
                                 p_items uuid[], p_collections uuid[], p_qualities uuid[], p_quantities bigint[],
                                 p_reason text, p_request text, p_variants jsonb)
RETURNS inventory.outcome LANGUAGE plpgsql AS $$
DECLARE
    v_ids     uuid[];
    v_now     timestamptz;
    v_today   timestamptz;
    v_made    integer := 0;
    v_before  jsonb;
    v_outcome inventory.outcome;
BEGIN
    PERFORM inventory.lock_player(p_user);
    v_now := clock_timestamp();
    v_today := inventory.day_start(v_now);
    IF inventory.day_is_open(p_user, p_section, v_today) THEN
        v_made := inventory.close_day(p_user, p_section, v_today);
    END IF;
    v_outcome := inventory.refusal(p_user, p_section, p_items, p_collections, p_qualities, p_quantities, v_today);
    IF v_outcome.outcome IS NOT NULL THEN
        v_outcome.made := v_made;
        RETURN v_outcome;
    END IF;
    -- p_variants names each position's variant in the caller's words; the audit log keeps those words.
    SELECT jsonb_agg((p_variants -> (b.pos::integer - 1))
                     || jsonb_build_object('before', b.quantity, 'after', b.quantity + b.change) ORDER BY b.pos)
    INTO v_before
    FROM inventory.balances_of(p_user, p_section, p_items, p_collections, p_qualities, p_quantities, v_today) b;
    v_ids := inventory.new_ids(cardinality(p_items));
    INSERT INTO inventory.operations (id, user_id, section_id, item_id, collection_id, quality_level_id,
                                      quantity_change, operation_type_id, operation_id, comment, created_at)
    SELECT u.id, p_user, p_section, u.i, u.c, u.q, u.n, p_type, p_operation, p_reason, v_now
    FROM unnest(v_ids, p_items, p_collections, p_qualities, p_quantities) AS u (id, i, c, q, n);
    INSERT INTO inventory.audit_log (admin_id, user_id, operation_id, section, changes, reason, request_id, created_at)
    VALUES (p_admin, p_user, p_operation, p_section_code, v_before, p_reason, p_request, v_now);
    RETURN ('written', v_ids, v_before, v_made)::inventory.outcome;
END $$;
