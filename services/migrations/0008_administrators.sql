-- Who may act as an administrator now, whatever their token says (contract 2.13). Both services ask this one function,
-- so that inventory-service needs no right to read users.
CREATE FUNCTION auth.is_administrator(p_user uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM auth.users u WHERE u.id = p_user AND u.role = 'admin' AND u.is_active);
END $$;

-- Since when Redis knows all revocations (contract 3.8), in seconds since 1970: 0 until it loses its data for the first
-- time. Redis keeps a copy, whose absence tells of the loss.
CREATE TABLE auth.token_memory (
    id    boolean PRIMARY KEY DEFAULT true CHECK (id),
    since bigint NOT NULL
);
