"""Red tests are grouped by what differed, and each cause names its rule."""

from libraries.calls.causes import Red, as_metadata, causes, in_words


def test_the_same_answer_in_several_tests_is_one_cause() -> None:
    found = causes([
        Red("A", "4.5 S. Free text", "[4.5 S] POST /inventory/reserve answered 500 x, expected 200: {\"a\": 1}"),
        Red("B", "law 2: text", "Several failures occurred:\n\n1) POST /inventory/reserve answered 500 x, expected 200"),
        Red("C", "4.4 S", "POST /inventory/add-items answered 500 x, expected 200"),
    ])  # fmt: skip
    assert [cause.tests for cause in found] == [("A", "B"), ("C",)]
    assert in_words(found)[0] == "2 causes explain 3 red tests"


def test_other_statuses_are_other_causes_and_other_numbers_are_not() -> None:
    found = causes([
        Red("A", "4.3 S", "GET /inventory told 3 resources/stone in items, expected 4 resources/stone"),
        Red("B", "4.3 S", "GET /inventory told 7 resources/stone in items, expected 9 resources/stone"),
        Red("C", "4.3 S", "GET /inventory answered 401 x, expected 200"),
        Red("D", "4.3 S", "GET /inventory answered 403 x, expected 200"),
    ])  # fmt: skip
    assert [len(cause.tests) for cause in found] == [2, 1, 1]


def test_a_rule_is_the_one_that_the_check_names_or_those_of_the_test() -> None:
    told, of_the_test, none = causes([
        Red("A", "4.5 S", "Law 2 (no debt): stone in main was at -5"),
        Red("B", "4.5 S, law 4: text", "POST /x answered 500, expected 200"),
        Red("C", "no rule", "an error"),
    ])  # fmt: skip
    assert (told.rule, of_the_test.rule, none.rule) == ("Law 2", "4.5 S, law 4", "no rule named")
    assert as_metadata([none]) == "- no rule named: an error (C)"
