"""The Makefile in a checkout whose path has a space, a quote and a dollar, with what users may give it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deploy.world import ROOT, stand_in
from tools import clean

PASSES = "*** Test Cases ***\nPasses\n    No Operation\n"
NO_LOG = "This run has written no log"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with one suite, whose packages are those of this Python."""
    folder = tmp_path / 'we ird"$HOME'
    for name in (
        "Makefile",
        "deploy/ops.mk",
        "tools",
        "requirements.txt",
        "requirements-load.txt",
        "requirements-dev.txt",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)
    for name in ("suites", "load", "monitoring"):
        (folder / name).mkdir()
        (folder / name / "one.robot").write_text(PASSES)
    stand_in(folder / ".venv" / "bin")
    for stamp in (".run", ".load", ".dev"):
        (folder / ".venv" / stamp).touch()
    return folder


def make(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "OUT", "DB_HOST")
    }
    return subprocess.run(
        ["make", *words], cwd=folder, env=kept | settings, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.parametrize("target", ["run", "pabot", "load", "monitoring"])
def test_the_log_that_is_named_is_there(checkout: Path, target: str) -> None:
    done = make(checkout, target, 'OUT=my "results')
    assert done.returncode == 0, done.stdout + done.stderr
    named = [line.removeprefix("The log: ") for line in done.stdout.splitlines() if line.startswith("The log: ")]
    folder = checkout / 'my "results'
    assert named == [str((folder / "monitoring" if target == "monitoring" else folder) / "log.html")]
    assert Path(named[0]).is_file()


@pytest.mark.parametrize("target", ["run", "pabot"])
def test_a_run_that_could_not_begin_names_no_older_log(checkout: Path, target: str) -> None:
    assert make(checkout, target).returncode == 0
    failed = make(checkout, target, "ROBOT_ARGS=--nosuchoption")
    assert failed.returncode != 0
    assert NO_LOG in failed.stdout
    assert "The log: " not in failed.stdout


def test_clean_removes_results_and_nothing_else(checkout: Path) -> None:
    for name in ("results", "my results"):
        assert make(checkout, "run", f"OUT={name}").returncode == 0
    (checkout / ".mypy_cache").mkdir()
    subprocess.run(["git", "init", "-q"], cwd=checkout, check=True)
    subprocess.run(["git", "add", "suites"], cwd=checkout, check=True)
    assert make(checkout, "clean", OUT="suites").returncode == 0
    assert list((checkout / "results").iterdir()) == []
    assert not (checkout / ".mypy_cache").exists()
    assert (checkout / "suites" / "one.robot").exists()
    assert (checkout / "my results" / "log.html").exists()
    assert make(checkout, "clean", "OUT=my results").returncode == 0
    assert list((checkout / "my results").iterdir()) == []


def test_an_empty_out_stops_every_target(checkout: Path) -> None:
    done = make(checkout, "-n", "clean", "OUT=")
    assert (done.returncode, done.stdout) == (2, "")
    assert "OUT is empty: name the folder for results, or leave it out" in done.stderr


# Asked of the function, not of `make clean`: where a refusal is missing, this machine must not lose its files.
@pytest.mark.parametrize(
    ("folder", "words"),
    [
        (" ", "empty text"),
        (".", "not inside this checkout"),
        ("..", "not inside this checkout"),
        ("/", "not inside this checkout"),
        ("results/../..", "not inside this checkout"),
        ("out", "not inside this checkout"),
        (".git/objects", "git's own"),
        ("suites", "suites holds suites/one.robot, which git keeps"),
    ],
)
def test_clean_refuses_what_holds_no_results(checkout: Path, tmp_path: Path, folder: str, words: str) -> None:
    (tmp_path / "elsewhere").mkdir()
    (checkout / "out").symlink_to(tmp_path / "elsewhere")
    subprocess.run(["git", "init", "-q"], cwd=checkout, check=True)
    subprocess.run(["git", "add", "suites"], cwd=checkout, check=True)
    assert words in (clean.problem(checkout, folder) or "")


def test_clean_says_in_one_line_why_not(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert clean.main(["suites"], checkout) == 2
    assert capsys.readouterr().err == "error: git cannot tell what in suites is kept: remove it by hand\n"
    assert (checkout / "suites" / "one.robot").exists()


@pytest.mark.parametrize(
    ("words", "settings", "sentence"),
    [
        (["bench-compare"], {}, "error: name the commit to compare with: make bench-compare BASE=main"),
        (["suites-services", "SHAPE=nope"], {}, "error: SHAPE is 'nope': it must be single or split"),
        (["suites-services"], {"SHAPE": "nope"}, "error: SHAPE is 'nope': it must be single or split"),
        (["suites-services", "SHARD=2"], {}, "error: SHARD is '2': it must be like 1/2, the first part of two"),
        (["images-push", "VERSION=1"], {"IMAGE_REGISTRY": ""}, "error: give REGISTRY and VERSION"),
    ],
)
def test_what_is_missing_or_unknown_is_one_sentence(
    checkout: Path, words: list[str], settings: dict[str, str], sentence: str
) -> None:
    done = make(checkout, *words, **settings)
    assert done.returncode == 2
    assert [line for line in done.stderr.splitlines() if not line.startswith("make: ***")] == [sentence]


@pytest.mark.parametrize("password", ["", 'pass "word$'])
def test_all_images_are_pushed_after_a_login_where_there_is_a_password(checkout: Path, password: str) -> None:
    programs, calls = checkout / "programs", checkout / "calls"
    programs.mkdir()
    (programs / "docker").write_text(
        '#!/bin/bash\necho "$*" >> "$CALLS"; [ "$1" != login ] || cat >> "$CALLS"\n[[ $* != *"$FAIL"* ]]\n'
    )
    (programs / "docker").chmod(0o755)
    settings = {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "CALLS": str(calls), "FAIL": "nothing",
        "REGISTRY": "registry.example/game", "REGISTRY_USER": "robot", "REGISTRY_PASSWORD": password,
    }  # fmt: skip
    done = make(checkout, "images-push", "VERSION=1.2.0", **settings)
    assert done.returncode == 0, done.stderr
    told = calls.read_text().splitlines()
    if password:
        login = "login --username robot --password-stdin registry.example"
        assert (told[:2], told[-1]) == ([login, password], "logout registry.example")
        told = told[2:-1]
    assert [re.findall(r"--tag (\S+)", line) for line in told] == [
        [f"registry.example/game/{name}:1.2.0"] for name in ("inventory-service", "auth-service", "migrations", "tests")
    ]
    assert all("--file docker/" in line and line.endswith("--push .") for line in told)
    failed = make(checkout, "images-push", "VERSION=1.2.0", **settings | {"FAIL": "migrations"})
    assert failed.returncode != 0
    assert "tests:1.2.0" not in calls.read_text().split("migrations:1.2.0", 2)[2]


def test_what_a_pipeline_names_is_not_run(checkout: Path) -> None:
    done = make(checkout, "bench-compare", BASE=f"$(shell touch {checkout.parent}/ran)`touch {checkout.parent}/ran`")
    assert done.returncode != 0
    assert not (checkout.parent / "ran").exists()


def test_the_summary_reads_runs_whose_names_have_spaces(checkout: Path) -> None:
    assert make(checkout, "run", "OUT=my results/first run").returncode == 0
    done = make(checkout, "ops-summary", "OUT=my results")
    assert "my results/first run/output.xml" in done.stdout, done.stderr
    assert make(checkout, "ops-summary", "OUT=none yet").stdout == "no output.xml below none yet\n"


@pytest.mark.parametrize("name", ["staging", "production"])
def test_git_ignores_the_files_that_tell_of_deployments(name: str) -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("this is no checkout of git")
    for file in (f"variables/{name}.py", f"deploy/environments/{name}.env"):
        assert subprocess.run(["git", "check-ignore", "-q", file], cwd=ROOT, check=False).returncode == 0, file


@pytest.mark.parametrize("name", ["pabot_results/x", "pabot_manager.log", ".pabotsuitenames", "output.xml", "log.html"])
@pytest.mark.parametrize("folder", ["", "suites/e2e/", "docs/"])
def test_git_ignores_what_runs_write_where_they_are_started(folder: str, name: str) -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("this is no checkout of git")
    assert subprocess.run(["git", "check-ignore", "-q", folder + name], cwd=ROOT, check=False).returncode == 0
