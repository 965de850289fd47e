"""Every command of docs/deployment/README.md is run, or checked where it needs others' machines."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from stack.ports import is_free
from tests.deploy.world import ROOT, stand_in
from tools import ops_rules

GUIDE = ROOT / "docs" / "deployment" / "README.md"
COPIED = [
    "deploy",
    "stack",
    "services",
    "reporting",
    "history",
    "libraries",
    "resources",
    "variables",
    "suites",
    "faults",
]
READS_ENV = "set -a; . ./.env; set +a"
LOCAL_PORT = 8088
# Reads the variable file and all suites, and runs none.
ROBOT_READS = "python -m robot --exclude '*' --runemptysuite --output NONE --console none "


def commands() -> list[str]:
    """The commands of the guide's bash blocks, in their order."""
    blocks = re.findall(r"^```bash\n(.*?)^```", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy to run commands in, so that they leave nothing in this checkout."""
    # Not below pytest's folders: PostgreSQL's user must be able to enter the stack's home, which is elsewhere anyway.
    folder = tmp_path_factory.mktemp("guide")
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("Makefile", "requirements.txt"):
        shutil.copy(ROOT / name, folder / name)
    stand_in(folder / ".venv" / "bin")
    (folder / ".venv" / ".run").touch()
    for file in (folder / "deploy" / "environments").glob("*.env"):
        file.unlink()
    yield folder
    shell(folder, "python -m stack down")


def shell(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the guide in the copy, with this Python as ``python``."""
    programs = folder / "programs"
    for name in ("python", "python3"):
        stand_in(programs, name)
    # Whoever runs these tests by make is not whose make the guide's reader runs: a sub-make tells its folder.
    others = ("TARGET_", "SHARD_", "MAKE", "MFLAGS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    path = os.pathsep.join([str(programs), str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=kept | {"PATH": path, "PYTHONPATH": str(folder), "PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def runs(folder: Path, command: str) -> None:
    done = shell(folder, command)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"


def runs_dry(folder: Path, command: str) -> None:
    """A deployment to somebody else's machines: its dry run, with the example's settings."""
    environment = command.split()[1]
    example = folder / "deploy" / "environments" / f"{environment}.env.example"
    assert "DRIVER=" in example.read_text("utf-8")
    runs(folder, command if command.endswith("--dry-run") else f"{command} --dry-run")


def activates(_: Path, __: str) -> None:
    """`make install`, the command before, makes the .venv that is activated."""
    assert "VENV    := .venv\n" in (ROOT / "Makefile").read_text("utf-8")


def copies(_: Path, command: str) -> None:
    assert (ROOT / command.split()[1]).is_file()


def composes(_: Path, command: str) -> None:
    """Docker Compose: the file, the profile and the service that the command names are there."""
    words = command.split()
    assert words[words.index("-f") + 1] == ops_rules.COMPOSE
    services = ops_rules.compose_of(ROOT)["services"]
    if "--profile" in words:
        assert words[words.index("--profile") + 1] in services[words[-1]]["profiles"]
    else:
        assert words[-3:] == ["up", "-d", "--wait"]


def makes(_: Path, command: str) -> None:
    done = subprocess.run(
        ["make", "-n", *command.split()[1:]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def curls_compose(_: Path, command: str) -> None:
    port = re.search(r":(\d+)/", command)
    outside = {host for host, _ in ops_rules.published(ops_rules.compose_of(ROOT)["services"]["inventory-service"])}
    assert port is not None
    assert int(port.group(1)) in outside


def migrates(folder: Path, _: str) -> None:
    """Its settings are those of the `.env` that was copied, as a shell reads it; the database is a stack's."""
    runs(folder, "python -m stack up --instances 1")
    state = json.loads(shell(folder, "python -m stack status --json").stdout)
    password = json.loads(Path(state["secrets"]).read_text("utf-8"))["db_password"]
    example = (ROOT / ".env.example").read_text("utf-8")
    assert example.count("DB_PASSWORD=change-me\n") == example.count("DB_PORT=5432\n") == 1
    told = example.replace("DB_PASSWORD=change-me", f"DB_PASSWORD='{password}'")
    (folder / ".env").write_text(told.replace("DB_PORT=5432", f"DB_PORT={state['postgres']['port']}"), "utf-8")
    done = shell(folder, f'set -e; {READS_ENV}; make migrate-up; printf %s "$AUTH_SERVICE_CREDENTIALS"')
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    migrated, credentials = done.stdout.splitlines()
    assert migrated == "nothing to apply: the database is up to date"
    assert json.loads(credentials) == {"game-service": "change-me"}
    runs(folder, "python -m stack down")


def reads_env(_: Path, command: str) -> None:
    """Is run by the command that needs it."""
    assert command == READS_ENV


def has_tests(_: Path, command: str) -> None:
    assert all((ROOT / word).is_dir() for word in command.split()[1:])


def makes_secret(_: Path, command: str) -> None:
    """The secret's name and keys are those that the manifests refer to."""
    name = command.split("generic ")[1].split()[0]
    given = set(re.findall(r"--from-file=(\S+)", command))
    referred = set()
    for file in (ROOT / "deploy/kubernetes").rglob("*.yaml"):
        text = file.read_text("utf-8")
        referred |= set(re.findall(rf"secretKeyRef:\s+name: {name}\s+key: (\S+)", text))
    assert given == referred


def kustomizes(folder: Path, command: str) -> None:
    if shutil.which("kubectl") is None:
        assert yaml.safe_load((ROOT / command.split()[-1] / "kustomization.yaml").read_text("utf-8"))["resources"]
    else:
        runs(folder, command)


def robot_dry(folder: Path, command: str) -> None:
    done = shell(folder, command.replace("robot ", ROBOT_READS, 1))
    assert done.returncode == 0, done.stdout + done.stderr


def asks_for_the_catalogue(folder: Path, command: str) -> None:
    words = command.split()
    assert (ROOT / words[words.index("--file") + 1]).is_file()
    example = (folder / "deploy" / "environments" / "production.env.example").read_text("utf-8")
    assert f"TARGET_CATALOGUE_FILE={words[-1]}\n" in example


def on_a_docker_host(folder: Path, command: str) -> None:
    """The host and folder are the example's; what is done there fits the files that lie there."""
    example = (ROOT / "deploy/environments/staging.env.example").read_text("utf-8")
    found = re.fullmatch(r'ssh (\S+) "cd (\S+) && (.*)"', command)
    assert found is not None
    assert f"DEPLOY_HOST={found[1]}\nDEPLOY_DIR={found[2]}\n" in example
    if found[3].startswith("sed "):
        shutil.copy(ROOT / "deploy/compose/env.example", folder / "host.env")
        runs(folder, found[3].removesuffix(".env") + "host.env")
        assert "\nAUTH_TAG=1.2.0\n" in (folder / "host.env").read_text("utf-8")
    else:
        services = yaml.safe_load((ROOT / "deploy/compose/compose.yml").read_text("utf-8"))["services"]
        assert "${AUTH_TAG" in services[found[3].split()[-1]]["image"]


CHECKS: list[tuple[str, Callable[[Path, str], None]]] = [
    (r"cp \.env\.example \.env", copies),
    (r"docker compose -f ", composes),
    (r"make migrate-up", migrates),
    (r"make ", makes),
    (r"\. \.venv/bin/activate", activates),
    (r"set -a; ", reads_env),
    (r"curl --fail http://localhost:\d+/health", curls_compose),
    (r"curl --fail http://127\.0\.0\.1:8088/health", runs),
    (r"robot ", robot_dry),
    (r"python -m stack ", runs),
    (r"deploy/(deploy|smoke|rollback)\.sh staging", runs_dry),
    (r"deploy/(deploy|smoke)\.sh local", runs),
    (r"cp deploy/environments/", runs),
    (r"kubectl .*create secret", makes_secret),
    (r"kubectl kustomize ", kustomizes),
    (r"pytest ", has_tests),
    (r"psql ", asks_for_the_catalogue),
    (r"ssh ", on_a_docker_host),
]


def test_every_command_does_what_the_guide_says(checkout: Path) -> None:
    found = commands()
    assert len(found) > 20
    if not is_free(LOCAL_PORT):
        pytest.skip(f"port {LOCAL_PORT}, which the guide's example uses, is taken on this machine")
    for command in found:
        check = next((check for pattern, check in CHECKS if re.match(pattern, command)), None)
        assert check is not None, f"nobody checks the guide's command: {command}"
        check(checkout, command)
