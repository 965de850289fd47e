-- The database as the last guard (contract 5.4): each service has a role that can do what the service does, and no more.
-- A deployment lets them log in: ALTER ROLE inventory_service LOGIN PASSWORD '…'.
DO $$
DECLARE
    v_role text;
BEGIN
    FOREACH v_role IN ARRAY ARRAY['auth_service', 'inventory_service'] LOOP
        -- Roles belong to the whole server: another database may have made them.
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = v_role) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', v_role);
        END IF;
    END LOOP;
END $$;

GRANT USAGE ON SCHEMA auth TO auth_service, inventory_service;
GRANT SELECT, INSERT, UPDATE ON auth.users, auth.token_memory TO auth_service;
REVOKE EXECUTE ON FUNCTION auth.is_administrator(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION auth.is_administrator(uuid) TO auth_service, inventory_service;

GRANT USAGE ON SCHEMA inventory TO inventory_service;
GRANT SELECT ON ALL TABLES IN SCHEMA inventory TO inventory_service;
GRANT INSERT ON inventory.operations, inventory.daily_balances, inventory.audit_log TO inventory_service;

-- Nor does its owner change the ledger or the audit log by a slip.
CREATE OR REPLACE FUNCTION inventory.refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%.% is append-only: % refused', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER audit_log_is_append_only BEFORE UPDATE OR DELETE ON inventory.audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION inventory.refuse_ledger_change();
