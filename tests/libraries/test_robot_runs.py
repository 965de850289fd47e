"""Runs of robot from outside: suites that must pass or fail, targets that lack parts or do not answer."""

from __future__ import annotations

import base64
import re
import textwrap
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest
from robot.api import ExecutionResult

from stack.client import attach_or_start, stop
from stack.state import State
from tests.libraries.conftest import ROBOTS, ROOT, Run

Runner = Callable[..., Run]
# A suite of each kind, at the log level that shows most: secrets and tokens of all sorts pass through these.
TALKATIVE = (
    "admin/audit_log.robot",
    "auth/jwt.robot",
    "auth/login.robot",
    "e2e/workflow.robot",
    "operations/logs.robot",
)


def messages(run: Run) -> dict[str, str]:
    result = ExecutionResult(run.folder / "output.xml")
    return {test.name: f"{test.status}: {test.message}" for test in result.suite.all_tests}


def secrets_of(state: State) -> list[str]:
    found = asdict(state.load_secrets())
    return [found[name] for name in ("db_password", "service_secret", "telegram_bot_token")]


def assert_no_secrets(run: Run, state: State) -> None:
    for secret in secrets_of(state):
        assert secret not in run.files
    # The beginning of every JWT: {"alg":, {"typ":, {"kid": and the like.
    for start in ('{"alg"', '{"typ"', '{"kid"', '{"iss"', '{"sub"'):
        assert base64.b64encode(start.encode()).decode()[:6] not in run.files
    assert "PRIVATE KEY" not in run.files


def test_a_green_run_tells_no_secrets(run_robot: Runner, stack_state: State) -> None:
    run = run_robot("--loglevel", "TRACE", *(f"suites/{name}" for name in TALKATIVE), state=stack_state)
    failed = {name: text for name, text in messages(run).items() if text.startswith("FAIL")}
    assert failed == {}
    assert run.code == 0
    assert not (run.folder / "service-logs").exists()
    assert_no_secrets(run, stack_state)


def test_what_must_fail_fails_and_names_the_rule(run_robot: Runner, stack_state: State) -> None:
    run = run_robot("--loglevel", "TRACE", str(ROBOTS / "must_fail.robot"), state=stack_state)
    found = messages(run)
    assert run.code == len(found) == 14
    wanted = {
        "An Unexpected Status": "POST /inventory/reserve answered 400 insufficient_items, expected 200: ",
        "An Unexpected Success": "GET /inventory answered 200, expected 401 token_expired",
        "A Wrong Balance": "GET /inventory told 3 resources/stone in items, expected 4 resources/stone",
        "A Broken Law": "Law 2 (no debt): resources/stone in main was at -5",
        "A History Behind A Snapshot": "would make it wrong. Write the history before the first read.",
        "A Forgery That Is Let In": "GET /inventory answered 200, expected 401 invalid_token_signature",
        "A Changed Token That Is Let In": "(its token: exp=now + 60, signed_by=target, text=HEADER.PAYLOAD.SIGNATURE)",
        "A Race Of Nothing": "Get Variable Value sends nothing: it cannot be prepared",
        "A Caller That Nobody Knows": "there is no caller 'STRANGER'; there are: SERVICE",
        "Rows That Are Not There": "chest_reward wrote +3 resources/stone in main; expected +2 resources/stone in main",
        "A Snapshot That Is Not There": "daily balances in main are none; expected ",
        "A Wrong Answer To Missing Items": "are resources/stone 3 1; expected are resources/stone 3 2",
        "Too Many Successes": "6 calls together were answered 5 x 200, 1 x 400 insufficient_items; expected 6 x 200",
        "A Player Passed Through Keywords And Logs": "<token …",
    }
    for name, words in wanted.items():
        assert found[name].startswith("FAIL"), name
        assert words in found[name]
    kept = {path.name for path in (run.folder / "service-logs").iterdir()}
    assert {"auth.log", "inventory-1.log", "postgres.log"} <= kept
    assert_no_secrets(run, stack_state)


def test_a_failure_shows_call_rows_and_server_log(run_robot: Runner, stack_state: State) -> None:
    run = run_robot("--test", "A Wrong Balance", str(ROBOTS / "must_fail.robot"), state=stack_state)
    output = (run.folder / "output.xml").read_text("utf-8")
    assert "Ledger of player" in output
    assert "Server log lines of this test" in output
    assert "chest_reward" in output


def test_what_is_prepared_is_sent_once_and_together(run_robot: Runner, stack_state: State) -> None:
    run = run_robot(str(ROBOTS / "prepared.robot"), state=stack_state)
    assert {text[:4] for text in messages(run).values()} == {"PASS"}, messages(run)


def test_the_first_keyword_of_a_newcomer(run_robot: Runner, stack_state: State, tmp_path: Path) -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    keyword, suite = (
        textwrap.dedent(block) for block in re.findall(r" +```robotframework\n(.*?)```", guide, re.DOTALL)
    )
    text = f"{suite}\n\n*** Keywords ***\n{keyword}".replace("../../", f"{ROOT}/")
    file = tmp_path / "summary.robot"
    file.write_text(text)
    assert run_robot(str(file), state=stack_state).code == 0
    file.write_text(text.replace("    expect=404", "").replace("200=10    not_found=10", "200=20"))
    found = messages(run_robot(str(file), state=stack_state))
    (shown,) = re.findall(r" +```text\n(.*?)```", guide, re.DOTALL)
    assert [f"FAIL: {line.strip()}" for line in shown.strip().splitlines()] == list(found.values())


def test_a_variable_file_that_cannot_be_read_is_no_embedded_target(run_robot: Runner, tmp_path: Path) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("TARGET_NAME = 'mine'\nraise RuntimeError('no such vault')\n")
    for name in (str(broken), "variables/no_such_file.py"):
        (message,) = messages(run_robot("-V", name, "suites")).values()
        assert "variable file" in message.lower()
        assert Path(name).name in message


def test_a_target_that_does_not_answer_fails_once(run_robot: Runner) -> None:
    run = run_robot("-V", "variables/compose.py", "suites", TARGET_PUBLIC_URLS="http://127.0.0.1:9")
    found = messages(run)
    assert len(found) == 1
    (message,) = found.values()
    assert "target compose does not answer at http://127.0.0.1:9: connection refused" in message
    assert "change TARGET_PUBLIC_URLS in the variable file" in message
    assert run.code == 1


def test_a_single_file_stops_at_a_target_that_does_not_answer(run_robot: Runner) -> None:
    run = run_robot("-V", "variables/compose.py", "suites/auth/jwt.robot", TARGET_PUBLIC_URLS="http://127.0.0.1:9")
    texts = list(messages(run).values())
    assert sum("does not answer at" in text for text in texts) == 1
    assert run.code > 0


def remote_settings(state: State) -> dict[str, str]:
    """Describe the embedded stack as if it were somebody else's, by the settings of a variable file."""
    secrets = state.load_secrets()
    inventory = state.inventory[0]
    return {
        "TARGET_NAME": "remote", "TARGET_STACK": "none", "TARGET_PUBLIC_URLS": inventory.public_url,
        "TARGET_INTERNAL_URLS": inventory.internal_url,
        "TARGET_ADMIN_URLS": f"{inventory.internal_url}/admin/inventory",
        "TARGET_AUTH_URL": state.auth.url, "TARGET_SERVICE_NAME": secrets.service_name,
        "TARGET_SERVICE_SECRET": secrets.service_secret, "TARGET_DATABASE_HOST": state.postgres.host,
        "TARGET_DATABASE_PORT": str(state.postgres.port), "TARGET_DATABASE_PASSWORD": secrets.db_password,
    }  # fmt: skip


@pytest.fixture
def needs_single(stack_state: State) -> State:
    if stack_state.shape != "single":
        pytest.skip("written for shape single")
    return stack_state


def test_parts_that_are_not_there_are_skipped_with_the_reason(run_robot: Runner, needs_single: State) -> None:
    environment = remote_settings(needs_single) | {"TARGET_CATALOGUE_FILE": ""}
    del environment["TARGET_DATABASE_HOST"]
    run = run_robot("suites/auth", "suites/e2e/daily_balances.robot", "suites/operations", **environment)
    found = messages(run)
    assert not [text for text in found.values() if text.startswith("FAIL")]
    assert any(text.startswith("PASS") for text in found.values())
    reasons = " ".join(text for text in found.values() if text.startswith("SKIP"))
    for setting in ("TARGET_SIGNING_KEY_FILE", "TARGET_DATABASE_HOST", "TARGET_TELEGRAM_BOT_TOKEN", "embedded stack"):
        assert setting in reasons


def test_tables_of_a_target_that_is_not_disposable_are_safe(run_robot: Runner, needs_single: State) -> None:
    run = run_robot(str(ROBOTS / "not_disposable.robot"), **remote_settings(needs_single))
    found = messages(run)
    assert all(text.startswith("FAIL") for text in found.values())
    assert all("refuses: target remote is not marked disposable. Set TARGET_DISPOSABLE" in t for t in found.values())
    assert_no_secrets(run, needs_single)


def test_tables_are_emptied_and_filled_again(run_robot: Runner) -> None:
    own = attach_or_start(env={"JWKS_MIN_REFRESH_SECONDS": "1"})
    if Path(own.run_dir).name.startswith("hand-"):
        pytest.skip("the stack that was started by hand is not for emptying")
    try:
        run = run_robot(str(ROBOTS / "clean_up.robot"), state=own)
        assert messages(run) == {"Tables Are Emptied And Classifiers Come Back": "PASS: "}
    finally:
        stop(own)
