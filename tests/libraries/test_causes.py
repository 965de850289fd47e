"""Red tests are grouped by what differed, and each cause names its rule."""

from reporting.causes import Red, as_metadata, causes, in_words


def test_the_same_answer_in_several_tests_is_one_cause() -> None:
    found = causes([
        Red("A", "4.5 S. Free text", "[4.5 S] POST /inventory/reserve answered 500 x, expected 200: {\"a\": 1}"),
        Red("B", "law 2", "Several failures occurred:\n\n1) POST /inventory/reserve answered 500 x, expected 200"),
        Red("C", "4.4 S", "POST /inventory/add-items answered 500 y, expected 200"),
        Red("D", "4.4 S", "3 of 20 calls together: POST /inventory/add-items answered 500 y, expected 200"),
        Red("E", "4.4 S", "POST /inventory/add-items answered 400 y, expected 200"),
        Red("F", "4.4 S", "POST /inventory/add-items answered 400 y, expected 400 z"),
        Red("G", "4.4 S", "POST /inventory/add-items answered 400 y, expected 400 w"),
    ])  # fmt: skip
    assert [cause.tests for cause in found] == [("A", "B", "C", "D"), ("E",), ("F",), ("G",)]
    assert in_words(found)[0] == "4 causes explain 7 red tests"


def test_other_statuses_are_other_causes_and_other_numbers_are_not() -> None:
    found = causes([
        Red("A", "4.3 S", "GET /inventory told 3 resources/stone in items, expected 4 resources/stone"),
        Red("B", "4.3 S", "GET /inventory told 7 resources/stone in items, expected 9 resources/stone"),
        Red("C", "4.3 S", "GET /inventory answered 401 x, expected 200"),
        Red("D", "4.3 S", "GET /inventory answered 403 x, expected 200"),
        Red("E", "4.5 S", "GET /inventory told nothing in items, expected 1 metal tools/axe of winter_2025, 2 keys/k"),
    ])  # fmt: skip
    assert [cause.tests for cause in found] == [("A", "B", "E"), ("C",), ("D",)]


def test_a_law_is_a_cause_and_another_law_or_check_is_another() -> None:
    found = causes([
        Red("A", "4.5 S", "Law 1 (balance): resources/stone in main: latest snapshot and the rows after it make 5"),
        Red("B", "4.5 S", "Law 1 (balance): tools/axe in trade: GET /inventory says 0, the ledger's rows make -1"),
        Red("C", "4.5 S", "Law 2 (no debt): resources/stone in main was at -5"),
        Red("D", "4.5 S", "30 calls together were answered 17 x 200, 13 x 400 few; expected 10 x 200, 20 x few"),
        Red("E", "4.5 S", "12 calls together were answered 12 x 200; expected 6 x 200, 6 x operation_conflict"),
        Red("F", "4.5 S", "factory_return wrote -4 resources/stone in main; expected no rows"),
        Red("G", "5.1 S", "daily balances in main are 2026-01-02: 4 tools/axe; expected none"),
    ])  # fmt: skip
    assert [cause.tests for cause in found] == [("A", "B"), ("D", "E"), ("C",), ("F",), ("G",)]


def test_a_rule_is_the_one_that_the_check_names_or_those_of_the_test() -> None:
    told, of_the_test, none = causes([
        Red("A", "4.5 S", "Law 2 (no debt): stone in main was at -5"),
        Red("B", "4.5 S, law 4: text", "POST /x answered 500, expected 200"),
        Red("C", "no rule", "an error"),
    ])  # fmt: skip
    assert (told.rule, of_the_test.rule, none.rule) == ("Law 2", "4.5 S, law 4", "no rule named")
    assert as_metadata([none]) == "- no rule named: an error (C)"
