-- auth-service: who can log in (contract, section 2).

CREATE SCHEMA IF NOT EXISTS auth;

CREATE TABLE auth.users (
    id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    telegram_id   bigint      NOT NULL UNIQUE CHECK (telegram_id > 0),
    username      text,
    first_name    text        NOT NULL CHECK (btrim(first_name) <> ''),
    last_name     text,
    language_code text,
    is_premium    boolean     NOT NULL DEFAULT false,
    photo_url     text,
    role          text        NOT NULL DEFAULT 'player' CHECK (role IN ('player', 'admin')),
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    last_login_at timestamptz,
    is_active     boolean     NOT NULL DEFAULT true
);
