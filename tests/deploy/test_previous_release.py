"""The rule of docs/migrations.md: the previous release's service works on today's schema."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from stack import client
from tests.deploy.world import ROOT, World

CONTRACTS = re.compile(r"\A-- contracts: \d{4}_\w+\.sql")
FORBIDDEN = re.compile(
    r"\b(DROP\s+(TABLE|COLUMN|CONSTRAINT)|RENAME|SET\s+NOT\s+NULL|ALTER\s+COLUMN\s+\S+\s+TYPE)\b", re.IGNORECASE
)


def git(*words: str) -> str:
    """Ask git; skips the test where there is no history."""
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"git {words[0]} tells nothing here: {done.stderr.strip()[:200]}")
    return done.stdout.strip()


def previous_release() -> tuple[str, bool]:
    """The last tag before HEAD, or the commit before the last that changed services/; and whether it is a tag."""
    tags = git("tag", "--list", "v*", "--sort=-v:refname", "--no-contains", "HEAD").splitlines()
    if tags:
        return tags[0], True
    commits = git("log", "--format=%H", "-n", "2", "--", "services").splitlines()
    if len(commits) < 2:
        pytest.skip("there is no previous release: no tag, and services/ never changed since it was added")
    return commits[1], False


@pytest.fixture(scope="module")
def previous(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bool]:
    """The services of the previous release, and whether it was released under a tag."""
    revision, tagged = previous_release()
    done = subprocess.run(["git", "archive", revision, "services"], cwd=ROOT, capture_output=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"{revision} has no services/ to take")
    folder = tmp_path_factory.mktemp("previous")
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder, tagged


def test_the_previous_service_passes_the_smoke_suite_on_todays_schema(
    previous: tuple[Path, bool], tmp_path: Path
) -> None:
    folder, _ = previous
    world = World(client.attach_or_start(), tmp_path / "deploy")
    # `python -m` looks into the current folder first, so these are the previous release's services.
    world.add_version("previous", f"cd '{folder}' || exit 1")
    env = world.environment | {
        "STATE_DIR": str(world.folder / "state"),
        "LOCAL_VERSIONS_DIR": str(world.versions),
        "LOCAL_ROUTER_PORT": str(world.port),
        "LOCAL_STACK_STATE": str(Path(world.state.run_dir) / "state.json"),
    }
    try:
        for step in ("start", "ready"):
            words = [sys.executable, "-m", "deploy.local", step, "previous"]
            subprocess.run(words, cwd=ROOT, env=env, check=True, timeout=60)
        done = world.script("smoke", "local", "previous")
        assert done.returncode == 0, done.stdout + done.stderr
    finally:
        world.down()


def test_expand_only(previous: tuple[Path, bool]) -> None:
    folder, tagged = previous
    before = {path.name: path.read_text("utf-8") for path in (folder / "services/migrations").glob("*.sql")}
    for path in sorted((ROOT / "services/migrations").glob("*.sql")):
        text = path.read_text("utf-8")
        if path.name in before:
            if tagged:
                assert before[path.name] == text, f"{path.name} was released and has changed since"
        elif not CONTRACTS.match(text):
            found = FORBIDDEN.search(text)
            assert found is None, f"{path.name} says {found.group()}: docs/migrations.md, rule 2" if found else ""
