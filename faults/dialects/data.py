"""Freedoms of the database and the caches (contract, section 5)."""

from typing import Any

import msgspec

from faults.dialects.dialect import dialect
from faults.patching import replace
from services.inventory import store

_MORE_TYPES = """
INSERT INTO inventory.classifier_items (classifier_id, code, description)
SELECT c.id, v.code, 'From another catalogue'
FROM (VALUES ('resource_type', 'clay'), ('resource_type', 'iron'), ('reagent_type', 'flux'), ('tool_type', 'hammer'),
             ('booster_type', 'luck'), ('quality_level', 'mythril')) AS v (classifier, code)
JOIN inventory.classifiers c ON c.code = v.classifier
"""
# Of the known types only few have an item, and each class has one that is new or few at all.
_OTHER_ITEMS = """
CREATE TEMPORARY TABLE dialect_items ON COMMIT DROP AS
SELECT class.id AS class_id, type.id AS type_id, quality.id AS quality_id, collection.id AS collection_id
FROM (VALUES ('resources', 'resource_type', 'clay'), ('resources', 'resource_type', 'iron'),
             ('resources', 'resource_type', 'wood'), ('reagents', 'reagent_type', 'flux'),
             ('boosters', 'booster_type', 'luck'), ('blueprints', 'tool_type', 'hammer'),
             ('tools', 'tool_type', 'hammer'), ('tools', 'tool_type', 'axe'), ('keys', 'key_type', 'key'),
             ('currencies', 'currency_type', 'diamonds')) AS v (class_code, list, type_code)
JOIN inventory.classifiers classes ON classes.code = 'item_class'
JOIN inventory.classifier_items class ON class.classifier_id = classes.id AND class.code = v.class_code
JOIN inventory.classifiers types ON types.code = v.list
JOIN inventory.classifier_items type ON type.classifier_id = types.id AND type.code = v.type_code
JOIN inventory.classifiers quality ON quality.code = 'quality_level'
JOIN inventory.classifiers collection ON collection.code = 'collection';
DELETE FROM inventory.item_images;
DELETE FROM inventory.items;
INSERT INTO inventory.items (item_class_id, item_type_id, quality_levels_classifier_id, collections_classifier_id)
SELECT class_id, type_id, quality_id, collection_id FROM dialect_items;
INSERT INTO inventory.item_images (item_id, collection_id, quality_level_id, image_url)
SELECT i.id, collection.id, quality.id, 'https://cdn.example/' || i.id || '.webp'
FROM inventory.items i
JOIN inventory.classifier_items collection
    ON collection.classifier_id = i.collections_classifier_id AND collection.code = 'base'
JOIN inventory.classifier_items quality
    ON quality.classifier_id = i.quality_levels_classifier_id AND quality.code = 'base'
"""
_NO_SEASONS = """
DELETE FROM inventory.item_images i USING inventory.classifier_items c, inventory.classifiers l
WHERE i.collection_id = c.id AND c.classifier_id = l.id AND l.code = 'collection' AND c.code <> 'base';
DELETE FROM inventory.classifier_items c USING inventory.classifiers l
WHERE c.classifier_id = l.id AND l.code = 'collection' AND c.code <> 'base'
"""
_NO_CURRENCIES = """
CREATE TEMPORARY TABLE dialect_currencies ON COMMIT DROP AS
SELECT i.id FROM inventory.items i JOIN inventory.classifier_items class ON class.id = i.item_class_id
WHERE class.code = 'currencies';
DELETE FROM inventory.item_images WHERE item_id IN (SELECT id FROM dialect_currencies);
DELETE FROM inventory.items WHERE id IN (SELECT id FROM dialect_currencies)
"""
_NO_TRIGGERS = """
DO $$
DECLARE
    v_trigger record;
BEGIN
    FOR v_trigger IN SELECT t.tgname, t.tgrelid::regclass AS on_table
                     FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
                     WHERE NOT t.tgisinternal AND c.relnamespace = 'inventory'::regnamespace LOOP
        EXECUTE format('DROP TRIGGER %I ON %s', v_trigger.tgname, v_trigger.on_table);
    END LOOP;
END $$
"""


@dialect("5", statements=[_MORE_TYPES, _OTHER_ITEMS])
def other_items() -> None:
    """The catalogue has other items, some of new types, and a quality level more."""


@dialect("5", statements=[_NO_SEASONS])
def no_seasonal_collections() -> None:
    """There is the standard collection only."""


@dialect("5", statements=[_NO_CURRENCIES])
def no_currencies() -> None:
    """No item is a currency."""


@dialect("5.3")
def damaged_cache_fails() -> None:
    """A damaged entry of the cache fails the call that reads it."""

    def strict(_: Any) -> Any:
        def decode(decode_packed: Any, _: str, packed: bytes | None) -> Any:
            try:
                return None if packed is None else decode_packed(packed[store._SEAL :])
            except msgspec.DecodeError as error:
                raise ValueError("the cache is damaged") from error

        return decode

    replace(store, "_decode", strict)


@dialect("5.4", statements=["GRANT UPDATE, DELETE, TRUNCATE ON inventory.operations TO inventory_service"])
def services_may_change_rows() -> None:
    """The services' own role could change the ledger."""


@dialect("5.4", statements=[_NO_TRIGGERS])
def rows_can_be_changed() -> None:
    """Nothing in the database keeps its users from changing the ledger."""
