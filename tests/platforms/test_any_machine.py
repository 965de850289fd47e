"""The suites against a deployment elsewhere need neither Linux nor the embedded stack."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from robot.api import ExecutionResult

from stack.client import attach_or_start
from tests.platforms import imports

ROOT = imports.ROOT
NEEDED = ("reporting", "history", "libraries", "resources", "suites", "variables")
# A call of each kind, in each direction, and no services of its own.
PART = ("suites/e2e/workflow.robot", "suites/auth/roles.robot")


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """Return a checkout without stack/ and services/, for interpreters that lack what other machines lack."""
    checkout = tmp_path / "checkout"
    for name in NEEDED:
        shutil.copytree(ROOT / name, checkout / name, ignore=shutil.ignore_patterns("__pycache__"))
    hook = tmp_path / "hook"
    hook.mkdir()
    shutil.copy(imports.__file__, hook / "imports.py")
    (hook / "sitecustomize.py").write_text("import subprocess, imports\nimports.take_away()\n")
    return checkout


def run(checkout: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TARGET_")}
    env = kept | settings | {"PYTHONPATH": str(checkout.parent / "hook")}
    command = [sys.executable, "-m", "robot", "--outputdir", str(checkout.parent), *words]
    return subprocess.run(command, cwd=checkout, env=env, capture_output=True, text=True, timeout=300, check=False)


def test_every_library_is_imported_without_what_only_linux_has() -> None:
    command = [sys.executable, str(Path(imports.__file__))]
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{len(imports.modules())} modules imported")
    assert len(imports.modules()) > 20


def test_the_check_sees_what_only_linux_has() -> None:
    script = "import imports; imports.take_away(); import libraries.target.embedded"
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(imports.__file__).parent), str(ROOT)])}
    done = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=False)
    assert "stack is not to be had on every machine" in done.stderr


def test_the_suites_are_read_without_the_stack(elsewhere: Path) -> None:
    # What a file imports it imports for its first test too.
    (elsewhere.parent / "hook" / "first_tests.py").write_text(
        "from robot.api import SuiteVisitor\n\n\nclass first_tests(SuiteVisitor):\n"
        "    def start_suite(self, suite):\n        del suite.tests[1:]\n"
    )
    done = run(elsewhere, "--dryrun", "--prerunmodifier", "first_tests", "suites")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout[-2000:]


def test_suites_run_against_a_target_elsewhere_without_the_stack(elsewhere: Path) -> None:
    state = attach_or_start()
    secrets, inventory = state.load_secrets(), state.inventory[0]
    settings = {
        "TARGET_NAME": "elsewhere", "TARGET_STACK": "none", "TARGET_PUBLIC_URLS": inventory.public_url,
        "TARGET_INTERNAL_URLS": inventory.internal_url,
        "TARGET_ADMIN_URLS": f"{inventory.internal_url}/admin/inventory", "TARGET_HEALTH_URLS": inventory.health_url,
        "TARGET_METRICS_URLS": inventory.metrics_url, "TARGET_AUTH_URL": state.auth.url,
        "TARGET_SERVICE_NAME": secrets.service_name, "TARGET_SERVICE_SECRET": secrets.service_secret,
        "TARGET_DATABASE_HOST": state.postgres.host, "TARGET_DATABASE_PORT": str(state.postgres.port),
        "TARGET_DATABASE_PASSWORD": secrets.db_password, "TARGET_CAN_MAKE_ADMIN": "true",
    }  # fmt: skip
    done = run(elsewhere, *PART, **settings)
    assert done.returncode == 0, done.stdout[-3000:]
    statuses = [test.status for test in ExecutionResult(elsewhere.parent / "output.xml").suite.all_tests]
    # Nothing fails, and what needs no disposable data is proven, not skipped.
    assert "FAIL" not in statuses
    assert statuses.count("PASS") > statuses.count("SKIP")


def test_without_the_stack_a_run_says_so_in_one_line(elsewhere: Path) -> None:
    done = run(elsewhere, "suites")
    assert done.returncode == 1
    assert "the embedded stack cannot be used here" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
