"""The catalogue: classifiers and items, by id and by code (contract, section 5)."""

from uuid import UUID

import msgspec

BASE = "base"
SECTIONS = "inventory_section"
OPERATION_TYPES = "operation_type"
QUALITY_LEVELS = "quality_level"
COLLECTIONS = "collection"

LOAD = """
SELECT (SELECT jsonb_object_agg(c.code, jsonb_build_object('id', c.id, 'codes', (
            SELECT jsonb_object_agg(ci.code, ci.id) FROM inventory.classifier_items ci WHERE ci.classifier_id = c.id)))
        FROM inventory.classifiers c)::text AS classifiers,
       (SELECT jsonb_object_agg(i.id, jsonb_build_object('item_class', class.code, 'item_type', type.code,
            'quality_levels', i.quality_levels_classifier_id, 'collections', i.collections_classifier_id))
        FROM inventory.items i
        JOIN inventory.classifier_items class ON class.id = i.item_class_id
        JOIN inventory.classifier_items type ON type.id = i.item_type_id)::text AS items
"""


class Classifier(msgspec.Struct, frozen=True):
    """One classifier: its id and the ids of its codes."""

    id: UUID
    codes: dict[str, UUID] | None = None


class Item(msgspec.Struct, frozen=True):
    """One item of the catalogue and the classifiers that its quality levels and collections come from."""

    item_class: str
    item_type: str
    quality_levels: UUID
    collections: UUID


class CatalogueData(msgspec.Struct, frozen=True):
    """The catalogue as it is stored in Redis."""

    classifiers: dict[str, Classifier]
    items: dict[UUID, Item]


class Catalogue:
    """Turns codes into ids and back. Never changes; a newer catalogue is a new object."""

    def __init__(self, data: CatalogueData) -> None:
        self.items = data.items
        self._by_name = {name: classifier.codes or {} for name, classifier in data.classifiers.items()}
        self._by_id = {c.id: c.codes or {} for c in data.classifiers.values()}
        self.codes = {value: code for codes in self._by_name.values() for code, value in codes.items()}

    def code_id(self, classifier: str, code: str) -> UUID | None:
        """Return the id of a classifier's code, or None."""
        return self._by_name.get(classifier, {}).get(code)

    def codes_of(self, classifier: str) -> list[str]:
        """Return all codes of a classifier."""
        return list(self._by_name.get(classifier, {}))

    def quality_id(self, item: Item, code: str | None) -> UUID | None:
        """Return the id of a quality level that the item comes in, or None. No code means the standard variant."""
        return self._by_id.get(item.quality_levels, {}).get(code or BASE)

    def collection_id(self, item: Item, code: str | None) -> UUID | None:
        """Return the id of a collection that the item comes in, or None. No code means the standard variant."""
        return self._by_id.get(item.collections, {}).get(code or BASE)


def parse(classifiers: str | None, items: str | None) -> CatalogueData:
    """Build the catalogue from the two JSON columns of LOAD."""
    return CatalogueData(
        msgspec.json.decode(classifiers or "{}", type=dict[str, Classifier]),
        msgspec.json.decode(items or "{}", type=dict[UUID, Item]),
    )
