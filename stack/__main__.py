"""Command line: ``python -m stack up | status | logs | down``.

Exit codes: 0 done, 1 it failed or a component is dead (one line on stderr says why or which), 2 wrong
arguments, 3 ``status`` or ``logs`` without a stack, 130 interrupted.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sys
from pathlib import Path

from . import client, components
from .errors import StackError
from .places import Places, hand_name, places
from .processes import key_of, log_tail
from .state import Spec, State, load_state, write_json

PURPOSES = ("inventory", "internal", "metrics", "auth", "auth-internal", "postgres", "redis")
ALL_PORTS = range(1, 65536)


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        code = int(options.run(options))
        sys.stdout.flush()
        return code
    except StackError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted: nothing was left running", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader, for instance `head`, has had enough; nothing may be flushed to it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m stack", description="The stack, without Docker.")
    commands = parser.add_subparsers(required=True, metavar="up | status | logs | down")
    up = commands.add_parser("up", help="start a stack that later test runs of this checkout use")
    up.add_argument("--shape", choices=("single", "split"), default="single")
    up.add_argument("--instances", type=_count, metavar="N", help="inventory-services (default 2)")
    up.add_argument("--fault", metavar="NAME", help="make the services wrong in this known way")
    up.add_argument("--dialect", metavar="NAME,...", help="make them differ where the contract leaves it open")
    up.add_argument("--restart", action="store_true", help="start again what has died, as an orchestrator would")
    up.add_argument("--env", type=_setting, action="append", default=[], metavar="KEY=VALUE", help="a setting")
    up.add_argument("--ports", type=_ports, default={}, metavar="NAME=PORT,...", help=", ".join(PURPOSES))
    up.set_defaults(run=_up)
    status = commands.add_parser("status", help="print the addresses")
    status.add_argument("--json", action="store_true", help="print the state file")
    status.set_defaults(run=_status)
    logs = commands.add_parser("logs", help="print the last lines of the logs")
    logs.add_argument("component", nargs="?", help="only of this one, for instance inventory-1")
    logs.add_argument("-n", type=_count, default=20, metavar="LINES", help="how many (default 20)")
    logs.set_defaults(run=_logs)
    down = commands.add_parser("down", help="stop the stack")
    down.set_defaults(run=_down)
    supervise = commands.add_parser("supervise")
    supervise.add_argument("name")
    supervise.add_argument("--lock", type=int, required=True)
    supervise.set_defaults(run=_supervise)
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return int(text)


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not KEY=VALUE")
    return name, value


def _ports(text: str) -> dict[str, int]:
    chosen: dict[str, int] = {}
    for part in text.split(","):
        name, _, number = part.partition("=")
        if name not in PURPOSES or not number.isdecimal() or int(number) not in ALL_PORTS:
            known = ", ".join(PURPOSES)
            raise argparse.ArgumentTypeError(f"{part!r} is not NAME=PORT with a name of {known}")
        if name in chosen or int(number) in chosen.values():
            raise argparse.ArgumentTypeError(f"{part!r} repeats a name or a port")
        chosen[name] = int(number)
    return chosen


def _up(options: argparse.Namespace) -> int:
    where = places()
    spoken = components.spoken(options.dialect, options.shape)
    spec = Spec(
        name=hand_name(),
        starter=key_of(os.getpid()),
        shape=options.shape,
        instances=options.instances or spoken.instances or 2,
        fault=options.fault,
        dialect=options.dialect,
        env=dict(options.env),
        ports=options.ports,
        mends=options.restart,
    )
    found = client.running(where, spec.name)
    if found is None:
        where.error_file(spec.name).unlink(missing_ok=True)
        state = client.start_or_join(where, spec)
        print(f"the stack is up after {state.ready_after_seconds:.1f} s; stop it with: python -m stack down")
    else:
        state = found
        before = state.load_spec()
        if before and before.wish() != spec.wish():
            raise StackError("a stack with other options is up already: run `python -m stack down` first")
        print("the stack is already up")
    _print_table(state)
    return _tell_dead(state)


def _found(where: Places) -> State | None:
    named = os.environ.get("SHARD_STACK_STATE")
    return load_state(Path(named)) if named else client.running(where, hand_name())


def _status(options: argparse.Namespace) -> int:
    state = _found(places())
    if state is None:
        return _nothing_up()
    if options.json:
        print(json.dumps(dataclasses.asdict(state), indent=1))
    else:
        _print_table(state)
    return _tell_dead(state)


def _tell_dead(state: State) -> int:
    if not state.dead:
        return 0
    names = ", ".join(one.name for one in state.dead)
    verb = "is" if len(state.dead) == 1 else "are"
    print(f"{names} {verb} dead: look at `python -m stack logs`, then run `python -m stack down`", file=sys.stderr)
    return 1


def _logs(options: argparse.Namespace) -> int:
    state = _found(places())
    if state is None:
        return _nothing_up()
    files = {path.stem: path for path in sorted((Path(state.run_dir) / "logs").glob("*.log"))}
    if options.component and options.component not in files:
        raise StackError(f"there is no log of {options.component!r}; there are: {', '.join(files)}")
    for name in [options.component] if options.component else files:
        if not options.component:
            print(f"==> {name} <==")
        print(log_tail(files[name], options.n))
    return 0


def _down(_options: argparse.Namespace) -> int:
    state = client.running(places(), hand_name())
    if state is None:
        places().sweep()
        print("no stack is up in this checkout")
        return 0
    client.stop(state)
    print("the stack is down")
    return 0


def _supervise(options: argparse.Namespace) -> int:
    # Its imports cost time that the other commands need not spend.
    try:
        from .supervisor import supervise
    except ModuleNotFoundError as error:
        where = places()
        report = {"message": f"{error.name} is missing: pip install -r requirements.txt", "details": ""}
        write_json(where.error_file(options.name), report)
        where.release(options.name)
        return 1
    return supervise(options.name, options.lock)


def _nothing_up() -> int:
    print("no stack is up in this checkout: python -m stack up", file=sys.stderr)
    return 3


def _print_table(state: State) -> None:
    rows = [("component", "address", "pid", "state")]
    dead = {one.name: f"dead, exit code {one.exit_code}" for one in state.dead}
    for one in state.inventory:
        rows.append((one.name, one.public_url, str(one.pid), dead.get(one.name, "up")))
        if one.internal_url != one.public_url:
            rows.append(("  internal", one.internal_url, "", ""))
        rows.append(("  metrics", one.metrics_url, "", ""))
    rows.append(("auth", state.auth.url, str(state.auth.pid), dead.get("auth", "up")))
    if state.auth.internal_url != state.auth.url:
        rows.append(("  internal", state.auth.internal_url, "", ""))
    database, redis = state.postgres, state.redis
    address = f"{database.host}:{database.port}/{database.dbname}"
    rows.append(("postgres", address, str(database.pid), dead.get("postgres", "up")))
    rows.append(("redis", f"{redis.host}:{redis.port}", str(redis.pid), dead.get("redis", "up")))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    fault = f", fault {state.fault}" if state.fault else ""
    dialect = f", dialect {state.dialect}" if state.dialect else ""
    print(f"shape {state.shape}{fault}{dialect}, logs in {state.run_dir}/logs")


if __name__ == "__main__":
    sys.exit(main())
