"""Reading the description of a target."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
import requests
from robot.api.types import Secret

from libraries.target import keywords, logs, preparing
from libraries.target.embedded import instance_of
from libraries.target.settings import PARTS, Instance, Target, TargetError, lacks, parse_target
from stack.state import Inventory

VARIABLES = Path(__file__).parents[2] / "variables"
SMALL = {"TARGET_NAME": "small", "TARGET_PUBLIC_URLS": "http://h:1/"}


def settings_of(name: str) -> dict[str, object]:
    return {k: v for k, v in runpy.run_path(str(VARIABLES / name)).items() if k.startswith("TARGET_")}


def test_the_smallest_target_lacks_nearly_everything() -> None:
    found = parse_target(SMALL)
    assert found.first == Instance("inventory-1", "http://h:1")
    there = {part for part in PARTS if lacks(found, part) is None}
    assert there == {"service tokens", "admin tokens", "single shape", "many logins at one instant"}
    assert lacks(found, "database") == "target small has no database (needs TARGET_DATABASE_HOST)"
    with pytest.raises(ValueError, match="there is no part 'rocket'"):
        lacks(found, "rocket")


@pytest.mark.parametrize("name", ["compose.py", "staging_example.py"])
def test_the_variable_files_are_understood(name: str) -> None:
    # The example names files that whoever fills it in brings along.
    found = {key: value for key, value in settings_of(name).items() if not key.endswith("_FILE")}
    assert parse_target(found).name in ("compose", "staging")


def test_compose_is_the_seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB_PASSWORD", "s3cret")
    found = parse_target(settings_of("compose.py"))
    assert found.database_password is not None
    assert (found.database_port, found.database_password.value) == (5432, "s3cret")
    assert found.first.metrics == "http://127.0.0.1:9090/metrics"
    assert "s3cret" not in repr(found)


def test_lists_and_texts_mean_the_same() -> None:
    found = parse_target(SMALL | {
        "TARGET_PUBLIC_URLS": "http://a:1, http://b:1", "TARGET_HEALTH_URLS": ["http://a:1/health", "http://b:1/health"],
        "TARGET_AUTH_URL": "https://auth", "TARGET_LOGIN": "telegram", "TARGET_LOGIN_WAYS": "dev",
        "TARGET_REDIS_HOST": "r", "TARGET_REDIS_PORT": "7", "TARGET_SERVICE_TOKEN": "t", "TARGET_DISPOSABLE": "True",
    })  # fmt: skip
    assert [i.health for i in found.instances] == ["http://a:1/health", "http://b:1/health"]
    assert sorted(found.login_ways) == ["dev", "telegram"]
    assert (found.redis_host, found.redis_port) == ("r", 7)
    assert isinstance(found.service_token, Secret)
    assert found.disposable


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"TARGET_PUBLIC_URLS": None}, "TARGET_PUBLIC_URLS is missing"),
        ({"TARGET_NAME": ""}, "TARGET_NAME is missing"),
        ({"TARGET_PUBLIC_URLS": "h:1"}, "TARGET_PUBLIC_URLS is 'h:1': it must be an address"),
        ({"TARGET_SHAPE": "round"}, "TARGET_SHAPE is 'round': it must be one of single, split"),
        ({"TARGET_DISPOSABLE": "maybe"}, "TARGET_DISPOSABLE is 'maybe': it must be true or false"),
        ({"TARGET_READ_BUDGET_MS": "fast"}, "TARGET_READ_BUDGET_MS is 'fast': it must be a whole number"),
        ({"TARGET_CATALOGUE_FILE": "/no/such.json"}, "TARGET_CATALOGUE_FILE is '/no/such.json': it must be a file"),
        ({"TARGET_HEALTH_URLS": "http://a,http://b"}, "has 2 addresses and TARGET_PUBLIC_URLS 1"),
        ({"TARGET_PUBLIC_URL": "http://h"}, "TARGET_PUBLIC_URL is not known: did you mean TARGET_PUBLIC_URLS?"),
    ],
)
def test_bad_settings_are_named_in_one_line(changes: dict[str, object], problem: str) -> None:
    with pytest.raises(TargetError, match=problem.replace("?", r"\?")) as raised:
        parse_target(SMALL | changes)
    assert "\n" not in str(raised.value)


def test_the_environment_wins_and_embedded_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparing, "_robot_variables", lambda: {"TARGET_SHAPE": "split"})
    found = preparing.gather_settings({"TARGET_READ_BUDGET_MS": "9", "HOME": "/"})
    assert (found["TARGET_NAME"], found["TARGET_SHAPE"], found["TARGET_READ_BUDGET_MS"]) == ("embedded", "split", "9")
    assert "HOME" not in found
    monkeypatch.setattr(preparing, "_robot_variables", lambda: SMALL)
    assert preparing.gather_settings({}) == SMALL


def test_a_setting_in_the_environment_that_is_not_known_is_named() -> None:
    with pytest.raises(TargetError, match="TARGET_PUBLIK_URLS is not known: did you mean TARGET_PUBLIC_URLS"):
        preparing.prepare(preparing.gather_settings({"TARGET_PUBLIK_URLS": "http://h"}))


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"TARGET_PUBLIC_URLS": "http://h:1"}, "TARGET_PUBLIC_URLS is given together with the embedded stack"),
        ({"TARGET_AUTH_URL": "http://h:1"}, "TARGET_AUTH_URL is given together with the embedded stack"),
        ({"TARGET_SHAPE": "round"}, "TARGET_SHAPE is round"),
        ({"TARGET_INSTANCES": "two"}, "TARGET_INSTANCES two: single or split, and a number"),
        ({"TARGET_INSTANCE": "2"}, "TARGET_INSTANCE is not known: did you mean TARGET_INSTANCES?"),
        ({"TARGET_STACK": "docker"}, "TARGET_STACK is 'docker': it must be embedded or none"),
    ],
)
def test_what_does_not_go_with_the_embedded_stack_is_named(changes: dict[str, object], problem: str) -> None:
    with pytest.raises(TargetError, match=problem.replace("?", r"\?")):
        preparing.prepare(settings_of("embedded.py") | changes)


def test_without_robot_there_are_no_robot_variables() -> None:
    assert preparing.gather_settings({})["TARGET_STACK"] == "embedded"


def test_a_target_that_does_not_answer_is_named(stub: object) -> None:
    url = "http://127.0.0.1:9"
    with pytest.raises(TargetError, match=r"does not answer at http://127.0.0.1:9: connection refused.*TARGET_PUBLIC"):
        preparing.probe(Target("x", instances=(Instance("i", url),)), seconds=0.3)


def test_what_an_address_without_a_path_answers_does_not_matter_but_what_health_answers_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refused = requests.Response()
    refused.status_code = 503
    monkeypatch.setattr(requests, "get", lambda *_, **__: refused)
    preparing.probe(Target("x", instances=(Instance("i", "http://h:1"),)), seconds=0.3)
    with pytest.raises(TargetError, match=r"answers status 503 at http://h:2: it is not well, or change TARGET_HEALTH"):
        preparing.probe(Target("x", instances=(Instance("i", "http://h:1", health="http://h:2"),)), seconds=0.3)


def test_every_setting_of_a_secret_is_told_to_nobody() -> None:
    found = parse_target(SMALL | {"TARGET_SERVICE_SECRET": "one secret", "TARGET_REDIS_PASSWORD": Secret("another")})
    assert sorted(found.secrets()) == ["another", "one secret"]
    assert "one secret" not in repr(found)


def test_facts_are_found_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparing, "target", lambda: parse_target(SMALL))
    words = keywords.TargetKeywords()
    assert (words.target_setting("read_budget_ms"), words.target_setting("name")) == (500, "small")
    with pytest.raises(ValueError, match="there is no fact 'budget'; there are: name, shape"):
        words.target_setting("budget")


def test_each_shape_of_the_stack_has_its_addresses() -> None:
    info = Inventory("i", "http://p", "http://q", "http://h", "http://m", pid=1, log="")
    assert instance_of("single", info) == Instance(
        "i", "http://p", "http://q", "http://q/admin/inventory", "http://h", "http://m"
    )
    assert instance_of("split", info) == Instance(
        "i", "http://p/api", "http://q/api", "http://q/api/inventory/admin", "http://h", "http://m"
    )


def test_whole_lines_of_logs_are_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    log = tmp_path / "one.log"
    log.write_text("a one\nb two\na three\na is being writ")
    monkeypatch.setattr(logs, "log_files", lambda _: [log, tmp_path / "gone.log"])
    monkeypatch.setattr(logs, "target", lambda: parse_target(SMALL))
    assert list(logs.log_lines("a ")) == [("one", "a one"), ("one", "a three")]
    monkeypatch.setattr(logs, "_LAST_BYTES", len("ne\nb two\na three\na is being writ"))
    assert [line for _, line in logs.log_lines()] == ["b two", "a three"]


def test_logs_by_a_command_and_a_command_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    found = parse_target(SMALL | {"TARGET_LOG_COMMAND": "printf 'a one\\nb two\\n'"})
    monkeypatch.setattr(logs, "target", lambda: found)
    assert list(logs.log_lines("b")) == [("the log command", "b two")]
    with pytest.raises(AssertionError, match=r"^the command in TARGET_X ended with exit code 3: run it by hand"):
        logs.run_command("TARGET_X", "echo secret; exit 3", 5)
    with pytest.raises(AssertionError, match=r"^the command in TARGET_X was not done after 0 s"):
        logs.run_command("TARGET_X", "sleep 5", 0.1)


def test_all_mistakes_in_settings_are_told_at_once() -> None:
    with pytest.raises(TargetError) as raised:
        parse_target(
            SMALL | {"TARGET_SHAPE": "round", "TARGET_UNHEARD_OF": "1", "TARGET_HEALTH_URLS": "http://a,http://b"}
        )
    assert [str(one).split()[1] for one in raised.value.args] == [
        "TARGET_UNHEARD_OF",
        "TARGET_SHAPE",
        "TARGET_HEALTH_URLS",
    ]
