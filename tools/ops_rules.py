"""What must agree across the compose file, Dockerfiles, manifests, pipelines, documents and the services' settings.

Each check takes the root of the checkout and returns its complaints, one line each; none means that all agree.
"""

from __future__ import annotations

import re
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from services.auth.settings import AuthSettings
from services.inventory.settings import InventorySettings
from services.migrations.__main__ import MigrationSettings

COMPOSE = "docker-compose.dev.yml"
README = "docs/deployment/README.md"
# Of the images, not of the services: which service the dev target is for.
_IMAGE_VARIABLES = {"SERVICE"}
# Of compose itself and of the suites.
# Compose itself reads the first two, the migrations on this machine the others.
_OTHER_VARIABLES = {"COMPOSE_PROJECT_NAME", "PROFILE", "DB_HOST", "DB_PORT", "DB_NAME", "DB_USER"}
_SETTINGS = {"inventory-service": InventorySettings, "auth-service": AuthSettings, "migrate": MigrationSettings}
_PINNED = re.compile(r"^[^:]+(:\d+/[^:]+)?:(?!latest$)[\w.-]*\d[\w.-]*(@sha256:[0-9a-f]{64})?$")
_ACTION = re.compile(r"uses:\s*(\S+?)(\s+#\s*(v[\d.]+))?\s*$", re.MULTILINE)
_PLUGINS = {
    "robot": "Robot Framework", "junit": "JUnit", "sshagent": "SSH Agent", "withCredentials": "Credentials Binding",
    "lock": "Lockable Resources", "timestamps": "Timestamper",
}  # fmt: skip
# What both pipelines ask of every change.
_ASKED = {
    "lint", "ops-check", "unit", "suites-services", "resilience", "fuzz", "dialects", "load", "monitoring-tools",
    "monitoring",
}  # fmt: skip
# What else the nights ask.
_ASKED_AT_NIGHT = {"dialects", "faults", "coverage", "resilience", "fuzz", "flakes", "load", "suites", "suites-pabot"}
_OF_EACH = {"inventory-service": _ASKED, "Jenkinsfile": _ASKED | {"coverage", "faults"}, "nightly": _ASKED_AT_NIGHT}
# What a Jenkins stage does that a night must not, and how it says so.
_DEPLOYS = re.compile(r"make images-push|deploy/deploy\.sh|^ *input \{", re.MULTILINE)
_NOT_AT_NIGHT = "not { triggeredBy 'TimerTrigger' }"
_MAKE = re.compile(r"\bmake ((?:[a-z][a-z-]*(?:\s|$|'|\"))+)")


def compose_of(root: Path) -> dict[str, Any]:
    """The compose file as plain data, anchors resolved."""
    content: dict[str, Any] = yaml.safe_load((root / COMPOSE).read_text("utf-8"))
    return content


def fields(kind: Any) -> dict[str, Any]:
    """Settings by their names in the environment, with their pydantic fields."""
    return {name.upper(): field for name, field in kind.model_fields.items()}


def stages(dockerfile: Path) -> dict[str, list[str]]:
    """The instructions of each stage of a Dockerfile, continued lines joined."""
    found: dict[str, list[str]] = {}
    text = re.sub(r"^\s*#.*\n", "", dockerfile.read_text("utf-8"), flags=re.MULTILINE)
    current = ""
    for line in text.replace("\\\n", " ").splitlines():
        start = re.match(r"FROM \S+ AS (\S+)", line)
        if start:
            current = start.group(1)
            found[current] = []
        if current and line.strip():
            found[current].append(line.strip())
    return found


def compose_rules(root: Path) -> Iterator[str]:
    """House rules of the compose file: pinned, bounded, healthy, on loopback, without secrets."""
    content = compose_of(root)
    if "version" in content:
        yield f"{COMPOSE}: the key `version` is dead"
    for name, service in content["services"].items():
        yield from (f"{COMPOSE}: {name}: {problem}" for problem in _service_problems(service, content["services"]))


def _service_problems(service: dict[str, Any], services: dict[str, Any]) -> Iterator[str]:
    once = service.get("restart") == "no"
    if "build" not in service and not _PINNED.match(service["image"]):
        yield f"image {service['image']} has no exact tag"
    if "healthcheck" not in service and not once:
        yield "no health check"
    if not {"mem_limit", "cpus", "pids_limit"} <= set(service):
        yield "no limits of memory, processors and processes"
    for port in service.get("ports", ()):
        if not str(port).startswith("127.0.0.1:"):
            yield f"port {port} is not bound to loopback"
    for other, how in service.get("depends_on", {}).items():
        wanted = "service_completed_successfully" if services[other].get("restart") == "no" else "service_healthy"
        if how["condition"] != wanted:
            yield f"waits for {other} to be {how['condition']}, not {wanted}"
    for variable, value in (service.get("environment") or {}).items():
        if re.search("PASSWORD|SECRET|TOKEN|CREDENTIALS", variable) and not str(value).startswith("${"):
            yield f"{variable} is written down instead of coming from .env"


def compose_settings(root: Path) -> Iterator[str]:
    """The compose file's variables and ports are those of the services' settings, and .env.example has its names."""
    services = compose_of(root)["services"]
    for name, kind in _SETTINGS.items():
        given = set(services[name]["environment"]) - _IMAGE_VARIABLES
        known = fields(kind)
        yield from (f"{COMPOSE}: {name}: there is no setting {one}" for one in sorted(given - set(known)))
        required = {setting for setting, field in known.items() if field.is_required()}
        yield from (f"{COMPOSE}: {name}: required {one} is missing" for one in sorted(required - given))
    inventory, auth = InventorySettings.model_fields, AuthSettings.model_fields
    wanted = {
        "inventory-service": {inventory["server_port"].default, inventory["metrics_port"].default},
        "auth-service": {auth["server_port"].default},
    }
    for name, ports in wanted.items():
        found = {inside for _, inside in published(services[name])}
        if found != ports:
            yield f"{COMPOSE}: {name} publishes {sorted(found)}, its settings say {sorted(ports)}"
    used = set(re.findall(r"\$\{(\w+)", (root / COMPOSE).read_text("utf-8")))
    example = set(re.findall(r"^(\w+)=", (root / ".env.example").read_text("utf-8"), re.MULTILINE))
    yield from (f".env.example lacks {one}" for one in sorted(used - example))
    yield from (f".env.example has {one}, which nothing uses" for one in sorted(example - used - _OTHER_VARIABLES))


def published(service: dict[str, Any]) -> set[tuple[int, int]]:
    """The ports of a compose service: on the host, in the container."""
    pairs = (str(port).split(":")[-2:] for port in service.get("ports", ()))
    return {(int(outside), int(inside)) for outside, inside in pairs}


def compose_paths(root: Path) -> Iterator[str]:
    """What the compose file mounts and builds is there; what it points at is a service of it."""
    services = compose_of(root)["services"]
    for name, service in services.items():
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            if source.startswith("./") and not (root / source).exists():
                yield f"{COMPOSE}: {name}: {source} is not there"
        build = service.get("build")
        if build and build["target"] not in stages(root / build["dockerfile"]):
            yield f"{COMPOSE}: {name}: {build['dockerfile']} has no stage {build['target']}"
        for value in (service.get("environment") or {}).values():
            address = urlsplit(str(value))
            if address.scheme == "http" and address.hostname and not _reaches(services, address.hostname, address.port):
                yield f"{COMPOSE}: {name}: {value} is no service and port of this file"


def prometheus_targets(root: Path) -> Iterator[str]:
    """What Prometheus scrapes are services and ports of the compose file."""
    services = compose_of(root)["services"]
    prometheus = yaml.safe_load((root / "monitoring/prometheus/prometheus.yml").read_text("utf-8"))
    for job in prometheus["scrape_configs"]:
        for group in job.get("static_configs", ()):
            for target in group["targets"]:
                host, _, port = target.partition(":")
                if host not in ("localhost", "127.0.0.1") and not _reaches(services, host, int(port)):
                    yield f"monitoring/prometheus/prometheus.yml: {target} is no service and port of {COMPOSE}"


def grafana_paths(root: Path) -> Iterator[str]:
    """What Grafana's provisioning names is mounted by the compose file and reachable in it."""
    services = compose_of(root)["services"]
    mounted = {volume.split(":")[1] for volume in services["grafana"]["volumes"]}
    for file in sorted((root / "monitoring/grafana/provisioning").rglob("*.y*ml")):
        content = yaml.safe_load(file.read_text("utf-8"))
        for provider in content.get("providers", ()):
            if provider["options"]["path"] not in mounted:
                yield f"{file.relative_to(root)}: {provider['options']['path']} is no mount of grafana in {COMPOSE}"
        for source in content.get("datasources", ()):
            address = urlsplit(source["url"])
            if not _reaches(services, str(address.hostname), address.port):
                yield f"{file.relative_to(root)}: {source['url']} is no service and port of {COMPOSE}"


def _reaches(services: dict[str, Any], host: str, port: int | None) -> bool:
    return host in services and port in {inside for _, inside in published(services[host])}


def suites_ports(root: Path) -> Iterator[str]:
    """variables/compose.py points at the ports that the compose file publishes."""
    outside = {host for service in compose_of(root)["services"].values() for host, _ in published(service)}
    for name, value in runpy.run_path(str(root / "variables/compose.py")).items():
        for one in value if isinstance(value, list) else [value]:
            port = urlsplit(one).port if isinstance(one, str) and one.startswith("http") else None
            port = one if name.endswith("_PORT") else port
            if port is not None and port not in outside:
                yield f"variables/compose.py: {name} names port {port}, {COMPOSE} publishes {sorted(outside)}"


def dockerfiles(root: Path) -> Iterator[str]:
    """Each stage copies what is there and what the context has, is not root's, and has a health check."""
    ignored = (root / ".dockerignore").read_text("utf-8")
    context = [line[1:] for line in ignored.splitlines() if line.startswith("!")]
    for file in sorted((root / "docker").glob("*.Dockerfile")):
        for image in re.findall(r"^ARG \w*IMAGE=(\S+)", file.read_text("utf-8"), re.MULTILINE):
            if not _PINNED.match(image):
                yield f"docker/{file.name}: {image} has no exact tag"
        for stage, lines in stages(file).items():
            yield from (f"docker/{file.name}: {stage}: {one}" for one in _stage_problems(root, lines, context))


def _stage_problems(root: Path, lines: list[str], context: list[str]) -> Iterator[str]:
    for source in (word for line in lines for word in _copied(line)):
        if not (root / source).exists():
            yield f"{source} is not there"
        if not any(source == one or source.startswith(f"{one}/") for one in context):
            yield f".dockerignore keeps {source} out"
    first_words = {line.split()[0] for line in lines}
    if "CMD" in first_words and not any(line.startswith("USER 10001") for line in lines):
        yield "runs as root"
    if "CMD" in first_words and "HEALTHCHECK" not in first_words:
        yield "has no health check"


def exposed_ports(root: Path) -> Iterator[str]:
    """The images expose the ports of the services' settings."""
    found = stages(root / "docker/service.Dockerfile")
    settings = InventorySettings.model_fields
    wanted = {
        "inventory": {settings[name].default for name in ("server_port", "internal_port", "metrics_port")},
        "auth": {AuthSettings.model_fields[name].default for name in ("server_port", "internal_port")},
    }
    for stage, ports in wanted.items():
        exposed = {int(port) for line in found[stage] if line.startswith("EXPOSE") for port in line.split()[1:]}
        if exposed != ports:
            yield f"docker/service.Dockerfile: {stage} exposes {sorted(exposed)}, its settings say {sorted(ports)}"


def _copied(line: str) -> list[str]:
    words = line.split()
    return words[1:-1] if words[0] == "COPY" and not words[1].startswith("--from") else []


def image_pins(root: Path) -> Iterator[str]:
    """The images hold the versions that the suites are proven with."""

    def pins(file: Path) -> dict[str, str]:
        return dict(re.findall(r"^([\w.-]+)==([^\s;]+)", file.read_text("utf-8"), re.MULTILINE))

    known = pins(root / "requirements.txt")
    for file in sorted((root / "docker").glob("requirements-*.txt")):
        for name, version in pins(file).items():
            if known.get(name, version) != version:
                yield f"docker/{file.name}: {name}=={version}, requirements.txt has {known[name]}: run `make lock`"


def kubernetes(rendered: list[dict[str, Any]]) -> Iterator[str]:
    """The manifests use the services' settings and ports, and keep the house's rules for pods."""
    known = set(fields(InventorySettings)) | set(fields(AuthSettings)) | set(fields(MigrationSettings))
    maps = [one for one in rendered if one["kind"] == "ConfigMap"]
    for name, value in ((n, v) for one in maps for n, v in one["data"].items()):
        if name not in known:
            yield f"ConfigMap: there is no setting {name}"
        default = fields(InventorySettings)[name].default if name in fields(InventorySettings) else None
        if name.endswith("_PORT") and isinstance(default, int) and str(default) != value:
            yield f"ConfigMap: {name} is {value}, the probes' ports are the default {default}"
    for one in rendered:
        if one["kind"] in ("Deployment", "Job"):
            yield from (f"{one['kind']} {one['metadata']['name']}: {p}" for p in _pod_problems(one, known))
        if one["kind"] == "Secret":
            yield f"Secret {one['metadata']['name']} stands in the manifests"


def _pod_problems(workload: dict[str, Any], known: set[str]) -> Iterator[str]:
    pod = workload["spec"]["template"]["spec"]
    if not pod["securityContext"].get("runAsNonRoot"):
        yield "may run as root"
    for container in pod["containers"]:
        rights = container.get("securityContext", {})
        if not rights.get("readOnlyRootFilesystem") or rights.get("allowPrivilegeEscalation") is not False:
            yield "its root file system can be written, or it may gain rights"
        if rights.get("capabilities", {}).get("drop") != ["ALL"]:
            yield "keeps capabilities"
        if workload["kind"] == "Deployment" and not {"livenessProbe", "readinessProbe"} <= set(container):
            yield "has no probes"
        for variable in container.get("env", ()):
            if variable["name"] not in known:
                yield f"there is no setting {variable['name']}"
            if re.search("PASSWORD|SECRET|TOKEN|CREDENTIALS", variable["name"]) and "valueFrom" not in variable:
                yield f"{variable['name']} is written down"


def make_targets(root: Path) -> set[str]:
    """The targets of the Makefile and of what it includes."""
    text = (root / "Makefile").read_text("utf-8")
    included = re.findall(r"^include (\S+)", text, re.MULTILINE)
    text += "".join((root / name).read_text("utf-8") for name in included)
    return set(re.findall(r"^([a-z][a-z-]*):", text, re.MULTILINE))


def pipelines(root: Path) -> Iterator[str]:
    """Actions are pinned by hash with their version beside it; every make target and script of a step is there, and
    both pipelines ask the same of a change.
    """
    targets = make_targets(root)
    files = [*sorted((root / ".github/workflows").glob("*.yml")), root / "Jenkinsfile"]
    for file in files:
        text, place = file.read_text("utf-8"), file.relative_to(root)
        for action, _, version in _ACTION.findall(text):
            if not re.search(r"@[0-9a-f]{40}$", action) or not version:
                yield f"{place}: {action} is not pinned by a full hash with its version as comment"
        code = re.sub(r"^\s*(#|//).*$", "", text, flags=re.MULTILINE)
        used = {word.strip("'\"") for words in _MAKE.findall(code) for word in words.split()}
        yield from (f"{place}: there is no make target {one}" for one in sorted(used - targets))
        yield from (f"{place}: nothing asks for `make {one}`" for one in sorted(_OF_EACH.get(file.stem, set()) - used))
        scripts = set(re.findall(r"\b(?:deploy|tools)/[\w/-]+\.(?:sh|py)", code))
        yield from (f"{place}: {one} is not there" for one in sorted(scripts) if not (root / one).exists())


def jenkins(root: Path) -> Iterator[str]:
    """The Jenkinsfile names the plugins of its steps, counts each run of Robot Framework once, and uses the credentials
    that it binds. A night deploys nothing, whoever is asked keeps no agent, and no branch's build ends another.
    """
    text = (root / "Jenkinsfile").read_text("utf-8")
    recipes = text + (root / "deploy/ops.mk").read_text("utf-8")
    for name in re.findall(r"(?:username|password)?[vV]ariable: '(\w+)'", text):
        if not re.search(rf"\$\$?{name}\b", recipes) and name != "KUBECONFIG":
            yield f"Jenkinsfile: {name} is bound, and nothing uses it"
    if re.search(r"abortPrevious: true", text):
        yield "Jenkinsfile: abortPrevious also ends deployments of a branch"
    for stage in re.split(r"^ *stage\(", text, flags=re.MULTILINE)[1:]:
        name = stage.split("'")[1]
        if _DEPLOYS.search(stage) and _NOT_AT_NIGHT not in stage:
            yield f"Jenkinsfile: {name} also runs at night"
        if re.search(r"^ *input \{", stage, re.MULTILINE) and ("agent {" in stage or "\n    agent none\n" not in text):
            yield f"Jenkinsfile: {name} keeps an agent while it waits"
    told = " ".join(line.removeprefix("//").strip() for line in text.split("pipeline {")[0].splitlines())
    for step, plugin in _PLUGINS.items():
        if re.search(rf"\b{step}\b *[(\[{{ ]", text.split("pipeline {", 1)[1]) and plugin not in told:
            yield f"Jenkinsfile: the plugin {plugin}, which {step} needs, is not told"
    for patterns in re.findall(r"outputFileName: '([^']*)'", text):
        found = [pattern for pattern in patterns.split(",") if "**" in pattern]
        yield from (f"Jenkinsfile: {pattern} counts pabot's parts too" for pattern in found)


def pushed_images(root: Path) -> Iterator[str]:
    """The workflow and `make images-push` build the same images."""
    workflow = yaml.safe_load((root / ".github/workflows/inventory-service.yml").read_text("utf-8"))
    built = {
        f"{Path(one['file']).stem}:{one['target']}:{one['image']}"
        for one in workflow["jobs"]["images"]["strategy"]["matrix"]["include"]
    }
    told = re.search(r"^IMAGES := (.*)$", (root / "deploy/ops.mk").read_text("utf-8"), re.MULTILINE)
    pushed = set(told[1].split()) if told else set()
    yield from (f"the workflow and deploy/ops.mk do not both build {one}" for one in sorted(built ^ pushed))


def deployment_guide(root: Path) -> Iterator[str]:
    """The deployment guide's settings, defaults, paths, ports and exit codes are those of the code."""
    text = (root / README).read_text("utf-8")
    known = fields(InventorySettings) | fields(AuthSettings) | fields(MigrationSettings)
    told = set()
    for name, default in re.findall(r"^- `([A-Z_]+)` - [^\n]*?(?:\(default: ([^)]*)\))?\.?$", text, re.MULTILINE):
        told.add(name)
        if name not in known:
            yield f"{README}: there is no setting {name}"
        elif default and _said(known[name].default) != default:
            yield f"{README}: {name} defaults to {_said(known[name].default)}, not {default}"
        elif not default and not known[name].is_required() and _has_default(known[name]):
            yield f"{README}: the default of {name}, {_said(known[name].default)}, is not told"
    yield from (f"{README}: {one} is not told" for one in sorted(set(known) - told))
    for path in re.findall(r"\b(?:deploy|docker|docs|monitoring|tools|variables|tests)/[\w./-]*\w", text):
        if (
            not re.fullmatch(r"deploy/environments/.*\.env|variables/.*_catalogue\.json", path)
            and not (root / path).exists()
        ):
            yield f"{README}: {path} is not there"
    said = {int(code) for code in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)}
    library = (root / "deploy/lib.sh").read_text("utf-8")
    real = {0, 130} | {int(code) for code in re.findall(r"EXIT_[A-Z_]+=(\d+)", library)}
    if said != real:
        yield f"{README}: exit codes {sorted(said ^ real)} are told or real, not both"


def catalogue_files(root: Path) -> Iterator[str]:
    """The deployment guide says how to make the files that the environments' examples name."""
    text = (root / README).read_text("utf-8")
    for example in sorted((root / "deploy/environments").glob("*.env.example")):
        for path in re.findall(r"^TARGET_CATALOGUE_FILE=(\S+)", example.read_text("utf-8"), re.MULTILINE):
            if path not in text:
                yield f"{README}: how to make {path} of {example.name} is not told"


def _has_default(field: Any) -> bool:
    return field.default_factory is None and field.default is not None


def _said(default: Any) -> str:
    value = getattr(default, "value", default)
    if value == "":
        return "none"
    return f"{value:g}" if isinstance(value, float) else str(value).lower() if isinstance(value, bool) else str(value)
