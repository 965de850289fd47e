"""Items in words, answers in words, and the ids behind them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from robot.api import SkipExecution

from history.laws import Variant
from libraries.ledger import catalogue, keywords
from libraries.ledger.catalogue import Catalogue, Item
from libraries.ledger.keywords import LedgerKeywords
from libraries.target.settings import Target, parse_target
from reporting.answers import Answer, Call
from tests.libraries.conftest import Stub


def test_words_become_positions(small_catalogue: Catalogue) -> None:
    position = small_catalogue.position("2 wooden tools/axe of winter_2025")
    assert position.variant == Variant("tools", "axe", "wooden", "winter_2025")
    assert position.body() == {
        "item_id": position.item.item_id, "collection": "winter_2025", "quality_level": "wooden", "quantity": 2,
    }  # fmt: skip
    assert str(position) == "2 wooden tools/axe of winter_2025"
    assert small_catalogue.position("-3 stone").body("quantity_change")["quantity_change"] == -3
    assert small_catalogue.position("stone").quantity == 1
    assert str(small_catalogue.position("+5 stone").variant) == "resources/stone"


def test_words_that_do_not_read(small_catalogue: Catalogue) -> None:
    with pytest.raises(AssertionError, match="does not read like"):
        small_catalogue.position("many many many stones")


CODES = {
    **{("levels", one): one for one in ("base", "fine", "rough")}, ("no levels", "base"): "base",
    **{("seasons", one): one for one in ("base", "lunar")}, ("no seasons", "base"): "base",
}  # fmt: skip
PLAIN, RICH = ("no levels", "no seasons"), ("levels", "seasons")
OTHER_ITEMS = [
    Item("1", "blueprints", "hammer", *RICH), Item("2", "ores", "clay", *PLAIN), Item("3", "tools", "chisel", *RICH),
    Item("4", "tools", "hammer", *RICH), Item("5", "ores", "obsidian", *PLAIN),
]  # fmt: skip


@pytest.mark.parametrize("first", ["stone", "tools/axe", "blueprints/axe", "wood"])
def test_what_the_catalogue_lacks_is_played_by_the_same_items_whatever_is_asked_for_first(
    monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    monkeypatch.setattr(catalogue, "target", lambda: Target("other"))
    other = Catalogue(OTHER_ITEMS, CODES)
    other.item(first)
    played = {words: other.item(words).item_id for words in ("stone", "wood", "tools/axe", "blueprints/axe")}
    assert played == {"stone": "2", "wood": "5", "tools/axe": "4", "blueprints/axe": "1"}
    assert str(other.position("3 metal tools/axe of summer_2025")) == "3 fine tools/hammer of lunar"
    assert str(other.position("wooden tools/axe")) == "1 rough tools/hammer"


def test_what_nothing_can_play_is_skipped_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "target", lambda: Target("other"))
    other = Catalogue(OTHER_ITEMS, CODES)
    with pytest.raises(SkipExecution, match="target other has nothing in its catalogue that can stand for griffin"):
        other.item("griffin")
    with pytest.raises(SkipExecution, match=r"tools/hammer of target other comes in no collection .* for winter_2025"):
        other.position("tools/axe of winter_2025")
    alone = Catalogue([one for one in OTHER_ITEMS if one.item_class != "blueprints"], CODES)
    with pytest.raises(SkipExecution, match="can stand for blueprints/axe"):
        alone.item("blueprints/axe")


def test_what_is_there_by_its_name_plays_itself_whatever_it_comes_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "target", lambda: Target("other"))
    axe = Item("6", "tools", "axe", *PLAIN)
    other = Catalogue([axe, *OTHER_ITEMS], CODES)
    assert other.item("tools/axe") == axe
    # Else words made of what there is would name another item.
    assert [other.item(f"{one.item_class}/{one.item_type}") for one in other.items] == list(other.items)


def test_answers_are_named_by_the_catalogue(small_catalogue: Catalogue) -> None:
    entry = small_catalogue.position("metal tools/axe").body()
    assert small_catalogue.variant_of(entry) == Variant("tools", "axe", "metal")
    with pytest.raises(AssertionError, match="which the target's catalogue lacks"):
        small_catalogue.variant_of({"item_id": "nowhere"})


def test_codes_are_looked_up(small_catalogue: Catalogue) -> None:
    assert small_catalogue.code_id("inventory_section", "main") == "id-of-main"
    with pytest.raises(AssertionError, match="has no code 'attic'"):
        small_catalogue.code_id("inventory_section", "attic")


def test_ids_of_the_ledger_become_words_or_are_named(small_catalogue: Catalogue) -> None:
    assert small_catalogue.code_of("id-of-main") == "main"
    assert small_catalogue.knows(["id-of-main", small_catalogue.items[0].item_id, None])
    assert not small_catalogue.knows(["nobody's"])
    with pytest.raises(AssertionError, match="names code nobody's, which the target's classifiers lack"):
        small_catalogue.code_of("nobody's")
    with pytest.raises(AssertionError, match="names item nobody's, which the target's catalogue lacks"):
        small_catalogue.variant_by_ids("nobody's", "id-of-main", "id-of-main")


def test_a_catalogue_file(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.json"
    path.write_text(json.dumps({"items": [{"item_id": "1", "item_class": "keys", "item_type": "key"}]}))
    assert catalogue.from_file(path).item("key").item_id == "1"
    own = {"item_id": "2", "item_class": "tools", "item_type": "axe", "quality_levels": ["metal"], "collections": []}
    path.write_text(json.dumps({"items": [own], "quality_levels": ["stone"], "collections": ["winter_2025"]}))
    axe = catalogue.from_file(path).item("axe")
    assert catalogue.from_file(path).codes_of(axe.quality_levels) == ["base", "metal"]
    assert catalogue.from_file(path).codes_of(axe.collections) == ["base"]
    path.write_text("{}")
    with pytest.raises(AssertionError, match=r"TARGET_CATALOGUE_FILE .* cannot be read"):
        catalogue.from_file(path)


def test_a_catalogue_of_what_a_player_owns(stub: Stub) -> None:
    kept = {"item_id": "7", "item_class": "tools", "item_type": "axe"}
    stub.answers["/api/inventory"] = (
        200,
        {"items": [kept | {"quality_level": "metal", "quantity": 2}, kept | {"collection": "winter_2025"}]},
    )
    stub.answers["/refuses"] = (401, {"error": "unauthorized"})
    settings = {"TARGET_NAME": "t", "TARGET_PUBLIC_URLS": stub.url, "TARGET_CATALOGUE_TOKEN": "the-owner's"}

    found = catalogue.from_answer(parse_target(settings | {"TARGET_CATALOGUE_URL": f"{stub.url}/api/inventory"}))
    assert [str(found.position(one)) for one in ("2 metal axe", "axe of winter_2025")] == [
        f"2 {Variant('tools', 'axe', 'metal', 'base')}",
        f"1 {Variant('tools', 'axe', 'base', 'winter_2025')}",
    ]
    assert len(found.items) == 1
    assert stub.asked[0][1]["authorization"] == "Bearer the-owner's"
    with pytest.raises(AssertionError, match=r"TARGET_CATALOGUE_URL .*/refuses does not list what the owner"):
        catalogue.from_answer(parse_target(settings | {"TARGET_CATALOGUE_URL": f"{stub.url}/refuses"}))


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch, small_catalogue: Catalogue) -> LedgerKeywords:
    monkeypatch.setattr(keywords, "catalogue", lambda: small_catalogue)
    return LedgerKeywords()


def told(small_catalogue: Catalogue, *items: str) -> Answer:
    entries = [small_catalogue.position(item).body() for item in items]
    content = json.dumps({"items": entries}).encode()
    return Answer(Call("GET", "http://h/x"), "r", 200, content, {}, 0, 1)


def test_bodies_leave_out_what_is_none_and_make_ids(words: LedgerKeywords, small_catalogue: Catalogue) -> None:
    body = words.body(["3 stone"], user_id="u", operation_id=None, comment=None)
    assert sorted(body) == ["items", "operation_id", "user_id"]
    assert body["items"] == [{"item_id": small_catalogue.item("stone").item_id, "quantity": 3}]
    assert words.body(user_id="u", operation_id="o") == {"user_id": "u", "operation_id": "o"}


def test_items_are_compared_in_any_order(words: LedgerKeywords, small_catalogue: Catalogue) -> None:
    answer = told(small_catalogue, "3 stone", "1 metal tools/axe")
    words.items_should_be(answer, "items", "1 metal tools/axe", "3 stone")
    for wrong in (["3 stone"], ["3 stone", "2 metal tools/axe"], ["3 stone", "1 tools/axe"]):
        with pytest.raises(AssertionError, match="GET /x told 3 resources/stone, 1 metal tools/axe in items, expected"):
            words.items_should_be(answer, "items", *wrong)


def test_a_variant_that_stands_twice_is_named(words: LedgerKeywords, small_catalogue: Catalogue) -> None:
    with pytest.raises(AssertionError, match="GET /x names resources/stone twice in items"):
        words.items_should_be(told(small_catalogue, "3 stone", "1 stone"), "items", "4 stone")


def test_quantities_are_told_by_lists_only(words: LedgerKeywords, small_catalogue: Catalogue) -> None:
    refused = Answer(Call("GET", "http://h/x"), "r", 400, b'{"items": []}', {}, 0, 1)
    assert words.quantities_told([told(small_catalogue, "3 stone"), told(small_catalogue), refused], "stone") == [3, 0]
