-- inventory-service: catalogue, ledger, snapshots, audit log (contract, section 5).

CREATE SCHEMA IF NOT EXISTS inventory;

CREATE TABLE inventory.classifiers (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    code        text        NOT NULL UNIQUE,
    description text,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE inventory.classifier_items (
    id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    classifier_id uuid        NOT NULL REFERENCES inventory.classifiers (id),
    code          text        NOT NULL,
    description   text,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    UNIQUE (classifier_id, code)
);

CREATE TABLE inventory.items (
    id                           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    item_class_id                uuid        NOT NULL REFERENCES inventory.classifier_items (id),
    item_type_id                 uuid        NOT NULL REFERENCES inventory.classifier_items (id),
    quality_levels_classifier_id uuid        NOT NULL REFERENCES inventory.classifiers (id),
    collections_classifier_id    uuid        NOT NULL REFERENCES inventory.classifiers (id),
    created_at                   timestamptz NOT NULL DEFAULT now(),
    updated_at                   timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE inventory.item_images (
    item_id          uuid        NOT NULL REFERENCES inventory.items (id),
    collection_id    uuid        NOT NULL REFERENCES inventory.classifier_items (id),
    quality_level_id uuid        NOT NULL REFERENCES inventory.classifier_items (id),
    image_url        text        NOT NULL,
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (item_id, collection_id, quality_level_id)
);

CREATE TABLE inventory.daily_balances (
    user_id          uuid        NOT NULL,
    section_id       uuid        NOT NULL REFERENCES inventory.classifier_items (id),
    item_id          uuid        NOT NULL REFERENCES inventory.items (id),
    collection_id    uuid        NOT NULL REFERENCES inventory.classifier_items (id),
    quality_level_id uuid        NOT NULL REFERENCES inventory.classifier_items (id),
    balance_date     date        NOT NULL,
    quantity         bigint      NOT NULL CHECK (quantity >= 0),
    created_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, section_id, item_id, collection_id, quality_level_id, balance_date)
);

-- One player's closed day is one short range.
CREATE INDEX daily_balances_by_day ON inventory.daily_balances (user_id, section_id, balance_date);

CREATE TABLE inventory.operations (
    id                uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id           uuid        NOT NULL,
    section_id        uuid        NOT NULL REFERENCES inventory.classifier_items (id),
    item_id           uuid        NOT NULL REFERENCES inventory.items (id),
    collection_id     uuid        NOT NULL REFERENCES inventory.classifier_items (id),
    quality_level_id  uuid        NOT NULL REFERENCES inventory.classifier_items (id),
    quantity_change   bigint      NOT NULL CHECK (quantity_change <> 0),
    operation_type_id uuid        NOT NULL REFERENCES inventory.classifier_items (id),
    operation_id      uuid        NOT NULL,
    recipe_id         uuid,
    comment           text,
    created_at        timestamptz NOT NULL DEFAULT now()
);

-- Reading a section: today's rows of one player are one short range.
CREATE INDEX operations_by_day ON inventory.operations (user_id, section_id, created_at);
-- Checking a variant before taking from it: its rows since the last snapshot, from the index alone.
CREATE INDEX operations_by_variant ON inventory.operations
    (user_id, section_id, item_id, collection_id, quality_level_id, created_at) INCLUDE (quantity_change);
-- Repeats and reservations are found by the business operation.
CREATE INDEX operations_by_operation ON inventory.operations (operation_id);

CREATE FUNCTION inventory.refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'inventory.operations is append-only: % refused', TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER operations_are_append_only BEFORE UPDATE OR DELETE ON inventory.operations
    FOR EACH STATEMENT EXECUTE FUNCTION inventory.refuse_ledger_change();

CREATE TABLE inventory.audit_log (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    admin_id     uuid        NOT NULL,
    user_id      uuid        NOT NULL,
    operation_id uuid        NOT NULL,
    section      text        NOT NULL,
    changes      jsonb       NOT NULL,
    reason       text        NOT NULL,
    request_id   text,
    created_at   timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX audit_log_by_user ON inventory.audit_log (user_id, id DESC);
