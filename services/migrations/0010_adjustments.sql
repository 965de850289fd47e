-- Adjustments are repeated like other writes (contract 4.11), and leave what active reservations hold (4.9).

-- What a set of changes takes from factory that active reservations hold; null when nothing. The rows of reservations
-- and their ends add up to what is held. The caller holds the player's lock.
CREATE FUNCTION inventory.taken_from_reservations(p_user uuid, p_section uuid, p_items uuid[], p_collections uuid[],
                                                  p_qualities uuid[], p_changes bigint[], p_today timestamptz)
RETURNS inventory.outcome LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_types   uuid[] := ARRAY[inventory.code_id('operation_type', 'factory_reservation'),
                              inventory.code_id('operation_type', 'factory_return'),
                              inventory.code_id('operation_type', 'factory_consumption')];
    v_missing jsonb;
BEGIN
    SELECT jsonb_agg(jsonb_build_object('item_id', b.item_id, 'collection_id', b.collection_id,
                                        'quality_level_id', b.quality_level_id, 'required', -b.change,
                                        'available', GREATEST(b.quantity - held.quantity, 0)) ORDER BY b.pos)
    INTO v_missing
    FROM inventory.balances_of(p_user, p_section, p_items, p_collections, p_qualities, p_changes, p_today) b
    CROSS JOIN LATERAL (
        SELECT sum(o.quantity_change) AS quantity FROM inventory.operations o
        WHERE o.user_id = p_user AND o.section_id = p_section AND o.item_id = b.item_id
          AND o.collection_id = b.collection_id AND o.quality_level_id = b.quality_level_id
          AND o.operation_type_id = ANY (v_types)) held
    WHERE b.change < 0 AND held.quantity > 0 AND b.quantity + b.change < held.quantity;
    IF v_missing IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN ('insufficient', NULL, v_missing, 0)::inventory.outcome;
END $$;

-- POST /admin/inventory/adjust. `detail` holds each variant's balance before and after, also when it is a repeat.
CREATE OR REPLACE FUNCTION inventory.adjust(p_admin uuid, p_user uuid, p_section uuid, p_section_code text, p_type uuid, p_operation uuid,
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
    PERFORM inventory.lock_operation(p_operation);
    PERFORM inventory.lock_player(p_user);
    v_outcome := inventory.earlier(p_operation, p_user, p_type, p_section, p_items, p_collections, p_qualities,
                                   p_quantities, p_reason);
    IF v_outcome.outcome = 'repeated' THEN
        SELECT a.changes INTO v_outcome.detail
        FROM inventory.audit_log a WHERE a.user_id = p_user AND a.operation_id = p_operation;
    END IF;
    IF v_outcome.outcome IN ('repeated', 'conflict') THEN
        RETURN v_outcome;
    END IF;
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
    IF p_section_code = 'factory' AND 0 > ANY (p_quantities) THEN
        v_outcome := inventory.taken_from_reservations(p_user, p_section, p_items, p_collections, p_qualities,
                                                       p_quantities, v_today);
        IF v_outcome.outcome = 'insufficient' THEN
            RETURN ('insufficient', NULL, v_outcome.detail, v_made)::inventory.outcome;
        END IF;
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
