"""The catalogue by id and by code; the gauges that are worked out."""

import json
import time
from uuid import UUID, uuid4

import msgspec
import pytest

from services.inventory import metrics
from services.inventory.catalogue import COLLECTIONS, SECTIONS, Catalogue, parse
from services.inventory.metrics import ActiveUsers, HitRatio
from services.inventory.schemas import Inventory, ItemOut

QUALITY, COLLECTION, SECTION = uuid4(), uuid4(), uuid4()
BASE_QUALITY, STONE_QUALITY, BASE_COLLECTION, WINTER, MAIN = (uuid4() for _ in range(5))
ITEM = uuid4()


@pytest.fixture
def catalogue() -> Catalogue:
    def classifier(own: UUID, **codes: UUID) -> dict[str, object]:
        return {"id": str(own), "codes": {name: str(value) for name, value in codes.items()}}

    classifiers = {
        "quality_level": classifier(QUALITY, base=BASE_QUALITY, stone=STONE_QUALITY),
        COLLECTIONS: classifier(COLLECTION, base=BASE_COLLECTION, winter_2025=WINTER),
        SECTIONS: classifier(SECTION, main=MAIN),
        "empty": {"id": str(uuid4()), "codes": None},
    }
    item = {
        "item_class": "tools",
        "item_type": "axe",
        "quality_levels": str(QUALITY),
        "collections": str(COLLECTION),
    }
    return Catalogue(parse(json.dumps(classifiers), json.dumps({str(ITEM): item})))


def test_codes_become_ids_and_back(catalogue: Catalogue) -> None:
    assert catalogue.code_id(SECTIONS, "main") == MAIN
    assert catalogue.codes[MAIN] == "main"
    assert catalogue.codes_of(COLLECTIONS) == ["base", "winter_2025"]


@pytest.mark.parametrize(("classifier", "code"), [(SECTIONS, "cellar"), ("colours", "red"), ("empty", "any")])
def test_unknown_code_has_no_id(catalogue: Catalogue, classifier: str, code: str) -> None:
    assert catalogue.code_id(classifier, code) is None


def test_no_code_means_the_standard_variant(catalogue: Catalogue) -> None:
    item = catalogue.items[ITEM]
    assert catalogue.quality_id(item, None) == BASE_QUALITY
    assert catalogue.collection_id(item, None) == BASE_COLLECTION
    assert catalogue.quality_id(item, "stone") == STONE_QUALITY
    assert catalogue.collection_id(item, "winter_2025") == WINTER


def test_codes_of_other_classifiers_do_not_fit(catalogue: Catalogue) -> None:
    item = catalogue.items[ITEM]
    assert catalogue.quality_id(item, "winter_2025") is None
    assert catalogue.collection_id(item, "stone") is None


def test_empty_database_has_an_empty_catalogue() -> None:
    assert Catalogue(parse(None, None)).items == {}


def test_hit_ratio_is_hits_over_lookups() -> None:
    ratio = HitRatio("test")
    assert ratio.ratio() == 1.0
    for hit in (True, False, True, True):
        ratio.record(hit)
    assert ratio.ratio() == 0.75


def test_players_are_active_for_one_to_two_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0  # sums of it and of windows are exact
    monkeypatch.setattr(time, "monotonic", lambda: now)
    users = ActiveUsers()
    users.saw("a")
    users.saw("a")
    users.saw("b")
    assert users.count() == 2
    now += metrics.ActiveUsers.WINDOW
    users.saw("c")
    assert users.count() == 3
    now += metrics.ActiveUsers.WINDOW
    assert users.count() == 1
    now += 2 * metrics.ActiveUsers.WINDOW
    assert users.count() == 0


def test_inventory_is_rendered_as_its_schema_says(catalogue: Catalogue) -> None:
    key = ITEM.bytes + WINTER.bytes + STONE_QUALITY.bytes
    standard = ITEM.bytes + BASE_COLLECTION.bytes + BASE_QUALITY.bytes
    for _ in range(2):
        rendered = msgspec.json.decode(catalogue.render([(key, 3), (standard, 2**60)]), type=Inventory)
        assert rendered.items == [
            ItemOut(ITEM, "tools", "axe", 3, "winter_2025", "stone"),
            ItemOut(ITEM, "tools", "axe", 2**60),
        ]
    assert catalogue.render([]) == b'{"items":[]}'
    with pytest.raises(KeyError):
        catalogue.render([(ITEM.bytes * 3, 1)])
