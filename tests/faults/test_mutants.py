"""What mutants are made, how they are named, told apart, counted and ordered. No stack is needed."""

import itertools
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from robot import running

from faults.mutants import collect, judged, zygote
from faults.mutants.campaign import Result, Worker, sample
from faults.mutants.collect import changes_since, defined_at, function_mutants, is_real, python_files, python_mutants
from faults.mutants.history import History
from faults.mutants.judged import judgement_of, judgements, rule_of, rules
from faults.mutants.mutant import Mutant, MutantError, numbered
from faults.mutants.python_edits import python_edits
from faults.mutants.report import Outcome, Score, console, wilson, write
from faults.mutants.robots import Cheap, Share, Verdict
from faults.mutants.sql_edits import sql_edits, tree
from stack.state import ProcessKey


def sql(text: str, kind: str) -> list[str]:
    return [edit.applied(text) for edit, _ in numbered(sql_edits(text)) if edit.kind == kind]


def python(text: str, kind: str) -> list[str]:
    return [found.edit.applied(text) for found in python_edits(text) if found.edit.kind == kind]


SQL = [
    (
        "condition dropped",
        "SELECT 1 FROM t WHERE a = 1 AND b",
        ["SELECT 1 FROM t WHERE true AND b", "SELECT 1 FROM t WHERE a = 1 AND true"],
    ),
    ("condition dropped", "SELECT a OR b", ["SELECT false OR b", "SELECT a OR false"]),
    (
        "condition dropped",
        "SELECT 1 FROM t JOIN u ON t.a = u.a WHERE c",
        ["SELECT 1 FROM t JOIN u ON true WHERE c", "SELECT 1 FROM t JOIN u ON t.a = u.a WHERE true"],
    ),
    ("condition dropped", "SELECT x BETWEEN 1 AND 2", []),
    ("condition negated", "SELECT 1 WHERE f(a, b)", ["SELECT 1 WHERE NOT (f(a, b))"]),
    ("condition joined otherwise", "SELECT a AND b", ["SELECT a OR b"]),
    ("comparison shifted", "SELECT a >= b", ["SELECT a > b"]),
    ("comparison shifted", "UPDATE t SET a = 1 WHERE b < 2", ["UPDATE t SET a = 1 WHERE b <= 2"]),
    ("comparison turned", "SELECT a IS NOT NULL", ["SELECT a IS NULL"]),
    ("comparison turned", "SELECT a IS NOT DISTINCT FROM b", ["SELECT a = b"]),
    ("number shifted", "SELECT now()::date - 1", ["SELECT now()::date - 2", "SELECT now()::date - (0)"]),
    ("sign changed", "SELECT a - b, -c", ["SELECT a + b, -c", "SELECT a - b, c"]),
    ("word swapped", "SELECT min(a), min FROM t", ["SELECT max(a), min FROM t"]),
    ("word swapped", "SELECT f(p_main)", ["SELECT f(p_factory)"]),
    ("default dropped", "SELECT COALESCE(a, 0)", ["SELECT (a)", "SELECT (0)"]),
    ("order turned", "SELECT a FROM t ORDER BY a LIMIT 1", ["SELECT a FROM t ORDER BY a DESC LIMIT 1"]),
    ("word swapped", "SELECT a FROM t ORDER BY a DESC", ["SELECT a FROM t ORDER BY a ASC"]),
    (
        "column dropped",
        "INSERT INTO t VALUES (1) ON CONFLICT (a, b) DO NOTHING",
        ["INSERT INTO t VALUES (1) ON CONFLICT (b) DO NOTHING", "INSERT INTO t VALUES (1) ON CONFLICT (a) DO NOTHING"],
    ),
    ("column dropped", "SELECT (a, b) > (c, d)", ["SELECT (b) > (d)", "SELECT (a) > (c)"]),
    (
        "column dropped",
        "SELECT a, b AS c FROM t GROUP BY 1, b",
        ["SELECT (array_agg(a))[1], b AS c FROM t GROUP BY b", "SELECT a, (array_agg(b))[1] AS c FROM t GROUP BY 1"],
    ),
    (
        "column dropped",
        "SELECT (a, b)::text, (a, b)::t",
        ["SELECT (b)::text, (a, b)::t", "SELECT (a)::text, (a, b)::t"],
    ),
    ("union changed", "SELECT 1 UNION ALL SELECT 2", ["SELECT 1 UNION SELECT 2"]),
    ("join changed", "SELECT 1 FROM a LEFT JOIN b ON true", ["SELECT 1 FROM a JOIN b ON true"]),
    (
        "statement dropped",
        "BEGIN IF a THEN RETURN 1; END IF; PERFORM f(); RETURN 2; END",
        [
            "BEGIN IF a THEN NULL; END IF; PERFORM f(); RETURN 2; END",
            "BEGIN IF a THEN RETURN 1; END IF; NULL; RETURN 2; END",
        ],
    ),
    ("value dropped", "SELECT f(p_a, b)", ["SELECT f(NULL, b)"]),
    ("text changed", "SELECT a AT TIME ZONE 'UTC'", ["SELECT a AT TIME ZONE 'Asia/Tokyo'"]),
]

PYTHON = [
    ("condition negated", "if a and b: f()", ["if (not (a and b)): f()"]),
    ("condition dropped", "x = a and b(1)", ["x = (b(1))", "x = (a)"]),
    ("condition never true", "while a < 1: f()", ["while False: f()"]),
    ("comparison shifted", "x = (a) <= b", ["x = (a) < b"]),
    ("comparison shifted", "x = a is not None", ["x = a is None"]),
    ("negation dropped", "x = not a", ["x = bool(a)"]),
    ("statement dropped", "f()\nx.y = 1\nx = 2", ["pass\nx.y = 1\nx = 2", "f()\npass\nx = 2"]),
    (
        "not waited for",
        "async def f():\n    await g(1)",
        ["async def f():\n    __import__('asyncio').ensure_future(g(1))"],
    ),
    ("result dropped", "def f():\n    return 1", ["def f():\n    return None"]),
    ("number shifted", "x = 10", ["x = 11", "x = (9)"]),
    ("constant changed", "x = f(a=True)", ["x = f(a=False)"]),
    ("text changed", 'x = f"a{b}"', ["x = f'XXa{b}'"]),
    ("value dropped", 'x = f"a{b}"', ["x = f'aXX'"]),
    ("argument dropped", "x = f(a, b=1, c=2)", ["x = f(a,  c=2)", "x = f(a, b=1, )"]),
    (
        "elements forgotten",
        "for x in y: f(x)",
        [f"for x in list(y){part}: f(x)" for part in ("[:1]", "[:100]", "[1:]", "[:-1]")],
    ),
    (
        "context dropped",
        "async def f():\n    async with lock:\n        g()",
        ["async def f():\n    if True:\n        g()"],
    ),
    ("error let through", "try:\n    f()\nexcept OSError:\n    g()", ["try:\n    f()\nexcept OSError:\n    raise"]),
    (
        "error not caught",
        "try:\n    f()\nexcept (OSError, ValueError):\n    g()",
        ["try:\n    f()\nexcept (ValueError,):\n    g()", "try:\n    f()\nexcept (OSError,):\n    g()"],
    ),
    ("decorator dropped", "@cache\ndef f(): ...", ["#\ndef f(): ..."]),
    ("type narrowed", "class A:\n    x: int | None", ["class A:\n    x: int", "class A:\n    x: None"]),
    ("type widened", "class A:\n    x: Annotated[int, Meta(ge=1)]", ["class A:\n    x: int"]),
    (
        "condition dropped",
        'Q = "SELECT 1 FROM t WHERE a AND b"',
        ['Q = "SELECT 1 FROM t WHERE true AND b"', 'Q = "SELECT 1 FROM t WHERE a AND true"'],
    ),
    ("text changed", 'def f():\n    """Says what it does."""', []),
    ("text changed", 'x = "ä" + "ö"', ["x = 'XXä' + \"ö\"", "x = \"ä\" + 'XXö'"]),
]


@pytest.mark.parametrize(("kind", "text", "wanted"), SQL, ids=itertools.count())
def test_sql_is_changed_in_each_small_way(kind: str, text: str, wanted: list[str]) -> None:
    assert sorted(sql(text, kind)) == sorted(wanted)


@pytest.mark.parametrize(("kind", "text", "wanted"), PYTHON, ids=itertools.count())
def test_python_is_changed_in_each_small_way(kind: str, text: str, wanted: list[str]) -> None:
    assert sorted(python(text, kind)) == sorted(wanted)


def test_what_python_does_not_see_is_no_mutant() -> None:
    source = "def f():\n    return\n"
    mutants = list(python_mutants(Path("services/auth/x.py"), source))
    assert [(mutant.kind, is_real(mutant)) for mutant in mutants] == [("statement dropped", False)]


def test_text_that_does_not_nest_is_told() -> None:
    with pytest.raises(ValueError, match="stays open"):
        tree("SELECT (1")


DEFINITION = """CREATE OR REPLACE FUNCTION inventory.f()
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE
AS $function$
BEGIN
    RETURN a > 1 AND b > 1;
END $function$
"""


def test_a_mutant_keeps_its_name_when_other_lines_change() -> None:
    before = {mutant.key: mutant.name for mutant in function_mutants("inventory.f", DEFINITION)}
    after = {m.key: m.name for m in function_mutants("inventory.f", DEFINITION.replace("BEGIN", "\n-- why\n\nBEGIN"))}
    assert before == after
    assert len(before) == len(set(before.values())) > 10


def test_equal_changes_in_one_function_are_told_apart() -> None:
    source = "def f(a):\n    if a:\n        g()\n    if a:\n        g()\n"
    names = [m.name for m in python_mutants(Path("services/auth/x.py"), source) if m.kind == "condition never true"]
    assert names == [
        "services/auth/x.py:f: condition never true: a -> False",
        "services/auth/x.py:f: condition never true: a -> False (no. 2)",
    ]


def test_a_function_loses_its_attributes_too() -> None:
    found = [m for m in function_mutants("inventory.f", DEFINITION) if m.kind == "attributes dropped"]
    assert len(found) == 1
    assert found[0].install == DEFINITION.replace(" STABLE\n", " \n")
    assert found[0].restore == DEFINITION


def test_every_python_mutant_is_unlike_its_source_and_has_a_name_of_its_own() -> None:
    known = rules()
    for path in python_files():
        mutants = list(python_mutants(path))
        assert all(mutant.install != mutant.before for mutant in mutants)
        assert len({mutant.key for mutant in mutants}) == len(mutants)
        assert [mutant.name for mutant in mutants if rule_of(mutant, known) == "?"] == []


def mutant(name: str = "f", file: str = "services/auth/x.py", nth: int = 0) -> Mutant:
    return Mutant("python", file, name, "condition dropped", "a and [b]", "a", nth, 3, "a and [b]\n", "a\n")


def test_the_same_seed_draws_the_same_sample() -> None:
    many = [mutant(f"f{number}") for number in range(50)]
    assert sample(many, 5, 1) == sample(many, 5, 1)
    assert sample(many, 5, 1) != sample(many, 5, 2)
    assert len(sample(many, 80, 1)) == 50


# -- what is listed --------------------------------------------------------------------------------


def listing(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "equivalent.toml"
    file.write_text(text)
    return file


def test_an_entry_is_about_the_mutants_that_fit_all_its_patterns(tmp_path: Path) -> None:
    text = '[[equivalent]]\nfile = "services/auth/*"\noriginal = "* and [b]"\nnth = 1\nreason = "why"\n'
    listed = judgements(listing(tmp_path, text))
    assert judgement_of(mutant(nth=1), listed) == listed[0]
    assert judgement_of(mutant(nth=0), listed) is None
    assert judgement_of(mutant(file="services/common/x.py", nth=1), listed) is None


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('[[equivalent]]\nfile = "a"\nkind = "b"', "entry 1: needs a reason"),
        ('[[equivalent]]\nfile = "a"\nreason = "b"', "at least one of function"),
        ('[[equivalent]]\nfile = "a"\nkind = "b"\nreason = "c"\nline = 1', "'line' is not known: choose from"),
        ("[[equivalent", "cannot be read"),
    ],
)
def test_an_entry_that_cannot_be_checked_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(MutantError, match=complaint):
        judgements(listing(tmp_path, text))


def test_a_test_that_is_named_as_judge_is_there() -> None:
    root = Path(judged.__file__).parents[2]
    for entry in judgements():
        for name in entry.judged_by.split(", ") if entry.judged_by else ():
            assert (root / name.partition("::")[0]).is_file()


# -- order, counting -------------------------------------------------------------------------------


def test_the_tests_that_noticed_the_neighbours_come_first(tmp_path: Path) -> None:
    suite = tmp_path / "a.robot"
    suite.touch()
    history = History(tmp_path / "history.json")
    assert history.first(mutant()) == {}
    history.learn(mutant("g"), "Of The File", str(suite))
    history.learn(mutant("f", nth=1), "Of The Function", str(suite))
    history.learn(mutant("f"), "Its Own", str(suite))
    history.learn(mutant("f", file="services/auth/y.py"), "Of Another File", str(suite))
    history.learn(mutant("f", nth=2), "Gone", str(tmp_path / "gone.robot"))
    history.save()
    again = History(tmp_path / "history.json")
    assert list(again.first(mutant())) == ["Its Own", "Of The Function", "Of The File"]


def test_what_took_least_comes_first() -> None:
    top = running.TestSuite("All")
    for name, tests in {"Slow": "ab", "Quick": "cd"}.items():
        suite = top.suites.create(name)
        for test in tests:
            suite.tests.create(test)
    seconds = {"All.Slow": 3.0, "All.Slow.a": 0.2, "All.Slow.b": 0.1, "All.Quick.c": 0.9, "All.Quick.d": 0.3}
    top.visit(Cheap(seconds))
    assert [test.name for test in top.all_tests] == ["d", "c", "b", "a"]


@pytest.mark.parametrize("workers", [1, 2, 3, 7])
def test_each_file_of_tests_is_one_workers(workers: int) -> None:
    dealt: list[str] = []
    for which in range(1, workers + 1):
        top = running.TestSuite("All")
        for folder in ("One", "Two"):
            for name in ("a", "b", "c")[: 3 if folder == "One" else 2]:
                top.suites.create(folder).suites.create(name).tests.create(f"{folder}.{name}")
        top.visit(Share((which, workers)))
        mine = [test.name for test in top.all_tests]
        assert abs(len(mine) - 5 / workers) < 1
        dealt += mine
    assert sorted(dealt) == ["One.a", "One.b", "One.c", "Two.a", "Two.b"]


def test_a_damaged_history_is_as_good_as_none(tmp_path: Path) -> None:
    file = tmp_path / "history.json"
    file.write_text('{"sources": [], "killers": 3}')
    assert History(file).first(mutant()) == {}


@pytest.mark.parametrize(
    ("noticed", "asked", "low", "high"), [(95, 100, 0.8882, 0.9785), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0)]
)
def test_confidence_is_wilsons(noticed: int, asked: int, low: float, high: float) -> None:
    assert wilson(noticed, asked) == pytest.approx((low, high), abs=1e-4)


def test_what_is_no_mutant_does_not_count_and_a_time_limit_does(tmp_path: Path) -> None:
    one, two, three, four = (mutant(name) for name in "abcd")
    results = [
        Result(one, "killed", "Test"),
        Result(two, "survived"),
        Result(three, "no mutant"),
        Result(four, "timeout"),
    ]
    outcome = Outcome(results, [], {"python": 4}, {two.key: "3.1"}, 1.0, 7, None)
    assert outcome.score() == Score(2, 3)
    told = console(outcome)
    assert two.name in told
    assert one.name not in told
    write(outcome, tmp_path)
    page = (tmp_path / "mutants.md").read_text()
    assert "-a and [b]\n+a\n" in page
    assert "Rule 3.1" in page
    assert '"seed": 7' in (tmp_path / "mutants.json").read_text()


# -- what changed ----------------------------------------------------------------------------------


def test_lines_of_a_migration_tell_the_objects_they_define() -> None:
    text = (
        "CREATE TABLE a.t (\n x int\n);\nCREATE OR REPLACE FUNCTION a.f() AS $$\nbody\n$$;\nCREATE INDEX i ON t (x);\n"
    )
    assert list(defined_at(text, [2])) == ["a.t"]
    assert list(defined_at(text, [5, 6])) == ["a.f"]


def test_an_unknown_revision_is_told_in_one_line() -> None:
    with pytest.raises(MutantError, match=r"git merge-base failed: .*no-such-revision"):
        changes_since("no-such-revision")


def test_only_what_changed_since_a_revision_is_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collect, "ROOT", tmp_path)
    file = tmp_path / "services" / "auth" / "x.py"
    file.parent.mkdir(parents=True)
    file.write_text("a = 1\nb = 1\nc = 1\nd = 1\ne = 1\nf = 1\n")
    for arguments in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-qm", "a"],
    ):
        collect._git(*arguments)
    file.write_text(file.read_text().replace("e = 1", "e = 2"))
    changes = changes_since("HEAD")
    touched = {m.line for m in python_mutants(file, file.read_text()) if changes.touch(m)}
    assert touched == {4, 5, 6}


# -- the changed module ----------------------------------------------------------------------------


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    (tmp_path / "small_module.py").write_text("x = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    before = list(sys.meta_path)
    yield tmp_path / "small_module.py"
    sys.meta_path[:] = before
    sys.modules.pop("small_module", None)


def test_a_module_is_loaded_from_the_changed_text(module: Path) -> None:
    sys.meta_path.insert(0, zygote._Finder({"small_module": (str(module), "x = 2\n")}))
    import small_module  # type: ignore[import-not-found]

    assert (small_module.x, small_module.__file__) == (2, str(module))
    assert not (module.parent / "__pycache__").exists()


@pytest.mark.parametrize(
    ("verdicts", "noticed_by"),
    [
        ([Verdict(True, "one"), Verdict(True, "one")], "one"),
        ([Verdict(True, "one"), Verdict(False), Verdict(True, "two"), Verdict(True, "two")], "two"),
        ([Verdict(True, "one"), Verdict(False), Verdict(False)], None),
        ([Verdict(True, "nothing answers"), Verdict(True, "nothing answers")], "nothing answers"),
        ([Verdict(True, "nothing answers"), Verdict(False)], None),
    ],
)
def test_a_mutant_is_noticed_by_what_is_red_twice(
    monkeypatch: pytest.MonkeyPatch, verdicts: list[Verdict], noticed_by: str | None
) -> None:
    for name in ("SHARD_STACK_STATE", zygote.FOLDER):
        # A worker sets them for its own process, which here is that of other tests too.
        monkeypatch.setenv(name, "")
    worker = Worker((1, 1), Path("nowhere"), ProcessKey(1, 1), "single")
    answers = iter(verdicts)
    monkeypatch.setattr(worker._suites, "ask", lambda *_, **__: next(answers))
    verdict = worker._ask_twice({"one": "a.robot", "two": "b.robot"})
    assert (verdict.test if verdict.red else None) == noticed_by
    assert next(answers, None) is None
