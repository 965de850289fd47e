"""The catalogue: classifiers and items, by id and by code (contract, section 5)."""

from collections.abc import Iterable
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from services.inventory.schemas import ItemOut

BASE = "base"
SECTIONS = "inventory_section"
OPERATION_TYPES = "operation_type"

_encode = msgspec.json.Encoder().encode
_QUANTITY = b'"quantity":0'

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
    """Turns codes into ids and back. Never changes; a newer catalogue is a new object.

    A variant's ``key`` is the bytes of its three ids, in the order item, collection, quality level.
    """

    def __init__(self, data: CatalogueData) -> None:
        self.items = data.items
        self._by_name = {name: classifier.codes or {} for name, classifier in data.classifiers.items()}
        self._by_id = {c.id: c.codes or {} for c in data.classifiers.values()}
        self.codes = {value: code for codes in self._by_name.values() for code, value in codes.items()}
        self._rendered: dict[bytes, tuple[bytes, bytes]] = {}

    def code_id(self, classifier: str, code: str) -> UUID | None:
        """Return the id of a classifier's code, or None."""
        return self._by_name.get(classifier, {}).get(code)

    def codes_of(self, classifier: str) -> list[str]:
        """Return all codes of a classifier."""
        return list(self._by_name.get(classifier, {}))

    def render(self, balances: Iterable[tuple[bytes, int]]) -> bytes:
        """Return an inventory as JSON: each variant's words are the same every time, so they are encoded once.

        Raises KeyError when the catalogue does not know a variant.
        """
        items = []
        for key, quantity in balances:
            before, after = self._rendered.get(key) or self._render(key)
            items.append(b"%b%d%b" % (before, quantity, after))
        return b'{"items":[%b]}' % b",".join(items)

    def _render(self, key: bytes) -> tuple[bytes, bytes]:
        item, collection, quality = (UUID(bytes=key[at : at + 16]) for at in (0, 16, 32))
        known = self.items[item]
        codes = (shown(self.codes[collection]), shown(self.codes[quality]))
        before, name, after = _encode(ItemOut(item, known.item_class, known.item_type, 0, *codes)).partition(_QUANTITY)
        rendered = self._rendered[key] = (before + name[:-1], after)
        return rendered

    def quality_id(self, item: Item, code: str | None) -> UUID | None:
        """Return the id of a quality level that the item comes in, or None. No code means the standard variant."""
        return self._by_id.get(item.quality_levels, {}).get(BASE if code is None else code)

    def collection_id(self, item: Item, code: str | None) -> UUID | None:
        """Return the id of a collection that the item comes in, or None. No code means the standard variant."""
        return self._by_id.get(item.collections, {}).get(BASE if code is None else code)


def shown(code: str) -> str | UnsetType:
    """Return a code as answers show it: the standard one is left out."""
    return UNSET if code == BASE else code


def parse(classifiers: str | None, items: str | None) -> CatalogueData:
    """Build the catalogue from the two JSON columns of LOAD."""
    return CatalogueData(
        msgspec.json.decode(classifiers or "{}", type=dict[str, Classifier]),
        msgspec.json.decode(items or "{}", type=dict[UUID, Item]),
    )
