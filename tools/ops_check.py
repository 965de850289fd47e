"""Checks all of containers, pipelines and deployment that needs no engine: ``make ops-check``.

One line each: passed, failed, or not run and why. What did not run never counts as passed. Exit code 1 when any failed.
With ``--strict`` also when any did not run, for pipelines that install every tool.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from stack.places import results_folder  # noqa: E402
from tools import ops_rules  # noqa: E402

WORKFLOWS = sorted(str(path.relative_to(ROOT)) for path in (ROOT / ".github/workflows").glob("*.yml"))
_TOOLS = ROOT / ".tools" / "bin"
_COMPOSE_FILES = ((ops_rules.COMPOSE, ".env.example"), ("deploy/compose/compose.yml", "deploy/compose/env.example"))
_OVERLAYS = ("staging", "production")


class NotRun(Exception):
    """A check could not run; the message says why."""


def program(*names: str) -> str:
    """The first of these programs that is beside this Python, in .tools/bin or on PATH. Raises NotRun."""
    folders = os.pathsep.join([str(Path(sys.executable).parent), str(_TOOLS), os.environ.get("PATH", "")])
    for name in names:
        found = shutil.which(name, path=folders)
        if found:
            return found
    raise NotRun(f"{' or '.join(names)} is not installed (make ops-tools)")


def complaints_of(*command: str) -> list[str]:
    """Run a command; its output when it failed, else nothing."""
    beside = os.pathsep.join([str(Path(sys.executable).parent), str(_TOOLS), os.environ.get("PATH", "")])
    env = os.environ | {"PATH": beside}
    first = Path(command[0])
    if first.parent == Path(sys.executable).parent and first.read_bytes().startswith(b"#!"):
        # The first line of pip's scripts does not bear a checkout's path with a quote or a dollar.
        command = (sys.executable, *command)
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return []
    return [line for line in (done.stdout + done.stderr).splitlines() if line.strip()] or [f"exit {done.returncode}"]


def check_hadolint() -> list[str]:
    files = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docker").glob("*.Dockerfile"))
    return complaints_of(program("hadolint"), *files)


def check_compose_config() -> list[str]:
    compose = _compose()
    found = []
    for file, env in _COMPOSE_FILES:
        found += complaints_of(*compose, "--env-file", env, "-f", file, "config", "-q")
    return found


def _compose() -> list[str]:
    docker = shutil.which("docker")
    plugin = [docker, "compose", "version"] if docker else None
    if docker and plugin and subprocess.run(plugin, capture_output=True, check=False).returncode == 0:
        return [docker, "compose"]
    return [program("docker-compose")]


def check_shellcheck() -> list[str]:
    shellcheck = program("shellcheck")
    scripts = [*(ROOT / "deploy").rglob("*.sh"), *(ROOT / "deploy/local-versions").iterdir()]
    return complaints_of(shellcheck, "-x", *sorted(str(path.relative_to(ROOT)) for path in scripts))


def check_actionlint() -> list[str]:
    return complaints_of(program("actionlint"), *WORKFLOWS)


def check_zizmor() -> list[str]:
    return complaints_of(program("zizmor"), "--offline", "--no-progress", *WORKFLOWS)


def check_workflow_schema() -> list[str]:
    return complaints_of(program("check-jsonschema"), "--builtin-schema", "vendor.github-workflows", *WORKFLOWS)


def check_yamllint() -> list[str]:
    yamls = [*WORKFLOWS, ops_rules.COMPOSE, "deploy"]
    return complaints_of(program("yamllint"), "--strict", "-c", ".github/yamllint.yml", *yamls)


def rendered(overlay: str) -> str:
    """What kustomize makes of an overlay. Raises NotRun without it, RuntimeError when it fails."""
    folder = f"deploy/kubernetes/overlays/{overlay}"
    try:
        command = [program("kustomize"), "build", folder]
    except NotRun:
        command = [program("kubectl", "kustomize"), "kustomize", folder]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip())
    return done.stdout


def check_kustomize() -> list[str]:
    found = []
    for overlay in _OVERLAYS:
        documents = [one for one in yaml.safe_load_all(rendered(overlay)) if one]
        found += [f"{overlay}: {problem}" for problem in ops_rules.kubernetes(documents)]
    job = yaml.safe_load((ROOT / "deploy/kubernetes/jobs/migrate.yaml").read_text("utf-8"))
    return found + list(ops_rules.kubernetes([job]))


def check_kubernetes_schema() -> list[str]:
    validate = program("kubernetes-validate")
    found = []
    folder = (results_folder() / "kubernetes").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for overlay in _OVERLAYS:
        file = folder / f"{overlay}.yaml"
        file.write_text(rendered(overlay), "utf-8")
        found += complaints_of(validate, "--strict", "--quiet", str(file))
    return found + complaints_of(validate, "--strict", "--quiet", "deploy/kubernetes/jobs/migrate.yaml")


def check_jenkinsfile() -> list[str]:
    text = (ROOT / "Jenkinsfile").read_text("utf-8")
    if text.count("{") != text.count("}"):
        return ["Jenkinsfile: braces do not pair"]
    raise NotRun("only a Jenkins can check a Jenkinsfile; its make targets and scripts are checked under `pipelines`")


def agreement(rule: Callable[[Path], Iterable[str]]) -> Callable[[], list[str]]:
    """A check of tools/ops_rules.py."""
    return lambda: list(rule(ROOT))


CHECKS: dict[str, Callable[[], list[str]]] = {
    "hadolint": check_hadolint,
    "compose config": check_compose_config,
    "compose rules": agreement(ops_rules.compose_rules),
    "compose and settings": agreement(ops_rules.compose_settings),
    "compose and paths": agreement(ops_rules.compose_paths),
    "compose and suites": agreement(ops_rules.suites_ports),
    "compose and Prometheus": agreement(ops_rules.prometheus_targets),
    "compose and Grafana": agreement(ops_rules.grafana_paths),
    "Dockerfiles": agreement(ops_rules.dockerfiles),
    "Dockerfiles and settings": agreement(ops_rules.exposed_ports),
    "pins of images": agreement(ops_rules.image_pins),
    "deployment guide": agreement(ops_rules.deployment_guide),
    "catalogue files": agreement(ops_rules.catalogue_files),
    "shellcheck": check_shellcheck,
    "pipelines": agreement(ops_rules.pipelines),
    "Jenkins": agreement(ops_rules.jenkins),
    "pushed images": agreement(ops_rules.pushed_images),
    "actionlint": check_actionlint,
    "zizmor": check_zizmor,
    "workflow schema": check_workflow_schema,
    "yamllint": check_yamllint,
    "kustomize": check_kustomize,
    "Kubernetes schema": check_kubernetes_schema,
    "Jenkinsfile": check_jenkinsfile,
}


def main(arguments: list[str]) -> int:
    """Run all checks, or those whose names are given; print one line each and the complaints below."""
    strict = "--strict" in arguments
    wanted = [name for name in arguments if name != "--strict"] or list(CHECKS)
    unknown = set(wanted) - set(CHECKS)
    if unknown:
        print(f"error: there is no check {', '.join(sorted(unknown))}; there are: {', '.join(CHECKS)}", file=sys.stderr)
        return 2
    passed = failed = absent = 0
    for name in wanted:
        try:
            problems = CHECKS[name]()
        except NotRun as reason:
            absent += 1
            print(f"not run: {name}, because {reason}", flush=True)
            continue
        except (OSError, KeyError, RuntimeError, yaml.YAMLError) as error:
            problems = [f"{type(error).__name__}: {error}"]
        passed, failed = passed + (not problems), failed + bool(problems)
        print(f"{'FAILED' if problems else 'passed'}: {name}", flush=True)
        for problem in problems:
            print(f"    {problem}")
    print(f"{passed} passed, {failed} failed, {absent} not run")
    return int(bool(failed or (strict and absent)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
