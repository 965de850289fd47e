"""The catalogue by id and by code; the gauges that are worked out."""

import asyncio
import json
import time
from uuid import UUID, uuid4

import msgspec
import pytest

from services.common.admission import Turnstiles
from services.common.database import connect
from services.common.settings import ServiceSettings, load_settings
from services.inventory import service as inventory_service
from services.inventory.catalogue import SECTIONS, Catalogue, parse
from services.inventory.ledger import Ledger
from services.inventory.metrics import ActiveUsers, HitRatio
from services.inventory.schemas import Inventory, ItemOut
from services.inventory.service import CATALOGUE_SECONDS, InventoryService
from services.inventory.store import CATALOGUE_KEY, Store
from tests.services.world import World, environment, new_id

QUALITY, COLLECTION, SECTION = uuid4(), uuid4(), uuid4()
BASE_QUALITY, STONE_QUALITY, BASE_COLLECTION, WINTER, MAIN = (uuid4() for _ in range(5))
ITEM = uuid4()


@pytest.fixture
def catalogue() -> Catalogue:
    def classifier(own: UUID, **codes: UUID) -> dict[str, object]:
        return {"id": str(own), "codes": {name: str(value) for name, value in codes.items()}}

    classifiers = {
        "quality_level": classifier(QUALITY, base=BASE_QUALITY, stone=STONE_QUALITY),
        "collection": classifier(COLLECTION, base=BASE_COLLECTION, winter_2025=WINTER),
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
    assert catalogue.codes_of("collection") == ["base", "winter_2025"]


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


def test_catalogue_in_memory_does_not_serve_for_ever(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment(world).items():
        monkeypatch.setenv(name, value)
    settings = load_settings(ServiceSettings)
    code = f"code_{new_id()}"

    async def ask() -> list[bool]:
        database, store = connect(settings, "test", lambda *_: None), Store(settings, lambda *_: None)
        service = InventoryService(Ledger(database, Turnstiles(2, 10, 1.0), 1.0), store, database)

        async def knows() -> bool:
            return (await service.catalogue()).code_id("collection", code) is not None

        try:
            before = await knows()
            world.rows(
                "INSERT INTO inventory.classifier_items (classifier_id, code)"
                " SELECT id, %s FROM inventory.classifiers WHERE code = 'collection'",
                code,
            )
            assert 0 < world.ask_redis("TTL", CATALOGUE_KEY, database=1) + CATALOGUE_SECONDS <= 24 * 3600
            world.ask_redis("DEL", CATALOGUE_KEY, database=1)
            kept = await knows()
            monkeypatch.setattr(inventory_service, "CATALOGUE_SECONDS", 0.0)
            return [before, kept, await knows()]
        finally:
            await store.close()
            await database.close()

    assert asyncio.run(ask()) == [False, False, True]


def test_hit_ratio_is_hits_over_lookups() -> None:
    ratio = HitRatio("test")
    assert ratio.ratio() == 1.0
    for hit in (True, False, True, True):
        ratio.record(hit)
    assert ratio.ratio() == 0.75


def test_players_are_active_for_one_to_two_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0  # sums of it and of windows are exact
    monkeypatch.setattr(time, "monotonic", lambda: now)
    users = ActiveUsers(300.0)
    users.saw("a")
    users.saw("a")
    users.saw("b")
    assert users.count() == 2
    now += 300.0
    users.saw("c")
    assert users.count() == 3
    now += 300.0
    assert users.count() == 1
    now += 600.0
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
