"""Redaction, shapes, tables, words for items, spoiled bodies, metrics pages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from libraries import catalogue, operations, redaction, shapes, tables, validation
from libraries.catalogue import Catalogue, Variant
from libraries.signing import Signer
from libraries.tokens import claims_for


def test_tokens_keys_and_known_secrets_are_hidden() -> None:
    token = Signer.stranger("k").sign(claims_for("u", 1, []))
    pem = "-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----"
    redaction.remember_secret("correct-horse-battery")
    shown = redaction.redact(f"Bearer {token.value} {pem} correct-horse-battery host.example.org")
    assert shown == "Bearer <hidden> <hidden> <hidden> host.example.org"


def test_a_token_that_was_cut_short_is_hidden_too() -> None:
    token = Signer.stranger("k").sign(claims_for("u", 1, []))
    assert "eyJ" not in redaction.redact(token.value[:40])


def test_short_secrets_do_not_garble_texts() -> None:
    redaction.remember_secret("password")
    assert redaction.redact("the password field") == "the password field"


def test_members_with_telling_names_are_hidden() -> None:
    value = {"token": "x", "list": [{"Password": "y", "name": "z"}]}
    assert redaction.redact_value(value) == {"token": "<hidden>", "list": [{"Password": "<hidden>", "name": "z"}]}


def test_json_is_shown_cut() -> None:
    assert redaction.show_json(None) == "(no JSON)"
    assert redaction.show_json({"a": "b" * 50}, 10) == '{"a": "bbb… (59 characters)'


def test_shapes_name_the_first_difference() -> None:
    shape = {"items": [{"id": shapes.is_uuid, "note?": shapes.is_text}]}
    good = {"items": [{"id": "11111111-1111-4111-8111-111111111111", "more": 1}]}
    assert shapes.difference(good, shape) is None
    assert shapes.difference({"items": {}}, shape) == "the answer.items is no list"
    assert shapes.difference([], shape) == "the answer is no object"
    assert shapes.difference({"items": [{}]}, shape) == "the answer.items[0] lacks id"
    assert shapes.difference({"items": [{"id": 5}]}, shape) == (
        "the answer.items[0].id is not what is uuid asks for, but of type int"
    )


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (shapes.is_count, 1, 0), (shapes.is_count, 5, True), (shapes.is_balance, 0, -1), (shapes.is_true, True, 1),
        (shapes.is_text, "a", ""), (shapes.is_whole, -5, 1.0),
    ],
)  # fmt: skip
def test_checks(check: shapes.Check, good: object, bad: object) -> None:
    assert check(good)
    assert not check(bad)


def test_tables_escape_and_end() -> None:
    shown = tables.table(("a<b",), [("<x>",)] * 203)
    assert "a&lt;b" in shown
    assert shown.count("&lt;x&gt;") == 200
    assert "and 3 more" in shown


def test_words_become_positions(small_catalogue: Catalogue) -> None:
    position = small_catalogue.position("2 wooden tools/axe of winter_2025")
    assert position.variant == Variant("tools", "axe", "wooden", "winter_2025")
    assert position.body() == {
        "item_id": position.item_id, "collection": "winter_2025", "quality_level": "wooden", "quantity": 2,
    }  # fmt: skip
    assert str(position) == "2 wooden tools/axe of winter_2025"
    assert small_catalogue.position("-3 stone").quantity == -3
    assert small_catalogue.position("stone").quantity == 1
    assert str(small_catalogue.position("+5 stone").variant) == "resources/stone"


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("2 axe", "has 2 items 'axe'"), ("1 unicorn", "has no item 'unicorn'; it has blueprints/axe"),
        ("many many many stones", "does not read like"),
    ],
)  # fmt: skip
def test_words_that_name_no_one_item(small_catalogue: Catalogue, words: str, problem: str) -> None:
    with pytest.raises(AssertionError, match=problem):
        small_catalogue.position(words)


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
    path.write_text("{}")
    with pytest.raises(AssertionError, match=r"TARGET_CATALOGUE_FILE .* cannot be read"):
        catalogue.from_file(path)


def test_bodies_are_spoiled_in_one_place() -> None:
    good = {"items": [{"quantity": 1}], "user_id": "u"}
    assert validation.with_member(good, "items.0.quantity", '"5"') == {"items": [{"quantity": "5"}], "user_id": "u"}
    assert validation.with_member(good, "items.0", "null") == {"items": [None], "user_id": "u"}
    assert validation.with_member(good, "user_id", validation.MISSING) == {"items": [{"quantity": 1}]}
    assert good == {"items": [{"quantity": 1}], "user_id": "u"}


def test_metrics_pages() -> None:
    page = '# TYPE a_total counter\na_total{x="1"} 2\n'
    assert operations.samples(page) == [("a_total", {"x": "1"}, 2.0)]
    with pytest.raises(AssertionError, match="Prometheus"):
        operations.samples("a{ 1\n")
