"""Builds the services' images without an engine and starts the services from what was built: ``make images-check``.

buildah makes them in its chroot isolation, from a base that debootstrap makes here once (Debian with its Python stands
in for the base image that the Dockerfiles name). Each service then runs from its built root, mounted read-only, as
the image's own user, on the embedded stack's data. Needs root, buildah and debootstrap; says so when they are missing.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from stack import client, components
from stack.ports import Ports
from stack.state import State

ROOT = Path(__file__).resolve().parent.parent
CACHE = Path(os.environ.get("IMAGES_CACHE", Path.home() / ".cache" / "shard-legends" / "images"))
BASE = "localhost/shard-legends/base:bookworm"
MIRROR = "http://deb.debian.org/debian"
PACKAGES = "python3,python3-venv,ca-certificates"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
TARGETS = ("migrations", "auth", "inventory")
_READY_SECONDS = 30
# Plain copies: overlay file systems are not to be had everywhere.
_ENV = os.environ | {"STORAGE_DRIVER": "vfs", "BUILDAH_ISOLATION": "chroot"}


class CheckError(Exception):
    """Something did not do what it should; the message says what."""


def output(*command: str) -> str:
    """Run a command and return what it printed. Raises CheckError with the end of its output."""
    done = subprocess.run(command, env=_ENV, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode != 0:
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-12:])
        raise CheckError(f"{' '.join(command[:3])}… ended with exit code {done.returncode}:\n{tail}")
    return done.stdout.strip()


def missing() -> str | None:
    """Why this cannot run here, or None."""
    if os.geteuid() != 0:
        return "it needs root"
    absent = [program for program in ("buildah", "debootstrap") if shutil.which(program) is None]
    return f"not installed: {', '.join(absent)} (apt-get install {' '.join(absent)})" if absent else None


def make_base() -> None:
    """Make the base image, from a root that is kept for the next time."""
    root = CACHE / "bookworm"
    if not (root / "made").exists():
        shutil.rmtree(root, ignore_errors=True)
        root.parent.mkdir(parents=True, exist_ok=True)
        output("debootstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", str(root), MIRROR)
        (root / "made").touch()
    container = output("buildah", "from", "scratch")
    output("buildah", "copy", "--quiet", container, str(root), "/")
    if CERTIFICATES.exists():
        # This machine's ways out may be through a proxy with a certificate of its own.
        output("buildah", "copy", "--quiet", container, str(CERTIFICATES), str(CERTIFICATES))
        output("buildah", "config", "--env", f"PIP_CERT={CERTIFICATES}", container)
    output("buildah", "commit", "--quiet", "--rm", container, BASE)


def build(target: str) -> str:
    """Build one target and return the image's name."""
    image = f"localhost/shard-legends/{target}:check"
    arguments = ["--build-arg", f"BASE_IMAGE={BASE}", "--file", "docker/service.Dockerfile", "--target", target]
    output("buildah", "bud", "--layers", "--quiet", *arguments, "--tag", image, ".")
    return image


@contextlib.contextmanager
def built_root(image: str) -> Iterator[Path]:
    """The image's root, mounted read-only for the time of the block."""
    container = output("buildah", "from", image)
    shown = Path(tempfile.mkdtemp(prefix="image-"))
    try:
        output("mount", "--bind", output("buildah", "mount", container), str(shown))
        output("mount", "-o", "remount,ro,bind", str(shown))
        yield shown
    finally:
        subprocess.run(["umount", "--recursive", str(shown)], check=False, capture_output=True)
        shown.rmdir()
        output("buildah", "rm", container)


def inspected(image: str) -> tuple[str, list[str], dict[str, str]]:
    """The user, the command and the environment that the image says."""
    config = json.loads(output("buildah", "inspect", "--type", "image", image))["OCIv1"]["config"]
    return config["User"], config["Cmd"], dict(word.split("=", 1) for word in config["Env"])


def in_root(shown: Path, image: str, settings: dict[str, str], command: list[str] | None = None) -> list[str]:
    """The command line that runs in the built root as the image's user, with its environment and the settings."""
    user, own, environment = inspected(image)
    if user.split(":")[0] in ("", "0", "root"):
        raise CheckError(f"{image} runs as {user or 'root'}")
    words = [f"{name}={value}" for name, value in (environment | settings).items()]
    inner = ["env", "-i", "-C", "/app", *words, *(command or own)]
    return ["chroot", f"--userspec={user}", str(shown), *inner]


def check_service(name: str, image: str, settings: dict[str, str], port: int) -> None:
    """Start a service from its root; it must become healthy, write nothing to its root, and end when told to."""
    with built_root(image) as shown, contextlib.ExitStack() as undo:
        if name == "auth":
            keys = shown / "var/lib/auth-keys"
            output("mount", "-t", "tmpfs", "-o", "uid=10001,gid=10001,mode=0700", "tmpfs", str(keys))
            undo.callback(output, "umount", str(keys))
        process = subprocess.Popen(in_root(shown, image, settings), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        try:
            _wait_healthy(process, port)
            output(*in_root(shown, image, settings, ["python3", "healthcheck.py"]))
            touch = in_root(shown, image, settings, ["touch", "/app/x"])
            if subprocess.run(touch, check=False, capture_output=True).returncode == 0:
                raise CheckError(f"{name} could write to its root")
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    if process.returncode != 0:
        raise CheckError(f"{name} ended with exit code {process.returncode} after SIGTERM")


def _wait_healthy(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while components.status_of(f"http://127.0.0.1:{port}/health") != http.client.OK:
        if process.poll() is not None:
            text = process.stdout.read().decode() if process.stdout else ""
            raise CheckError(f"it ended with exit code {process.returncode}: {text[-500:]}")
        if time.monotonic() > deadline:
            raise CheckError(f"it was not healthy within {_READY_SECONDS} s")
        time.sleep(0.1)


def start_all(state: State, images: dict[str, str]) -> None:
    """Run the migrations, auth-service and inventory-service from their roots on the stack's data."""
    data = components.data_env(state.postgres.port, state.load_secrets().db_password, state.redis.port)
    with built_root(images["migrations"]) as shown:
        print(f"    migrations: {output(*in_root(shown, images['migrations'], data))}")
    ports = Ports()
    auth_port, port, metrics = ports.take("auth"), ports.take("inventory"), ports.take("metrics")
    auth = data | {"SERVER_PORT": str(auth_port), "AUTH_DEV_LOGIN": "true"}
    check_service("auth", images["auth"], auth, auth_port)
    print("    auth: healthy from its read-only root as user 10001, ended with 0")
    inventory = data | components.inventory_env("single", port, 0, metrics, state.auth.url)
    check_service("inventory", images["inventory"], inventory, port)
    print("    inventory: healthy from its read-only root as user 10001, ended with 0")


def main() -> int:
    """Build and start; returns 0 when all passed or nothing could run, 1 when something failed."""
    reason = missing()
    if reason:
        print(f"not run: images-check, because {reason}")
        return 0
    try:
        started = time.monotonic()
        make_base()
        print(f"passed: base image ({time.monotonic() - started:.0f} s)")
        images = {}
        for target in TARGETS:
            started = time.monotonic()
            images[target] = build(target)
            print(f"passed: built {target} ({time.monotonic() - started:.0f} s)", flush=True)
        start_all(client.attach_or_start(), images)
        print("passed: the services start from the built roots")
    except CheckError as error:
        print(f"failed: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
