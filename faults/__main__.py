"""``python -m faults list | run NAME,… SERVICE | prove [NAME ...] | dialects [NAME ...]``."""

import argparse
import os
import runpy
import signal
import sys
from pathlib import Path

from faults.fault import Fault, FaultError, find, install, names
from faults.mutants import zygote
from faults.parts import HELP, part_of

SERVICES = ("auth", "inventory")


def main(arguments: list[str]) -> int:
    """Do what the command line says; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m faults", description="Known ways to be wrong.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="name the faults and the rules they break")
    run = commands.add_parser("run", help="run a service that has faults or speaks dialects")
    run.add_argument("names", metavar="NAME,...")
    run.add_argument("service", choices=SERVICES)
    proof = commands.add_parser("prove", help="run the suites against faults and demand that they go red")
    proof.add_argument("names", nargs="*", metavar="NAME")
    proof.add_argument("--short", action="store_true", help="be done with a fault at its first red test")
    proof.add_argument("--part", metavar="N/M", help=HELP)
    proof.add_argument("--results", default="results", metavar="FOLDER", help="where faults.json goes")
    proof.add_argument(
        "--record", action="store_true", help="note which test noticed each fault, to be asked first everywhere"
    )
    proof.add_argument("--suites", metavar="FOLDER", help="the suites to run (default: all, or what the fault needs)")
    proof.add_argument("--test", action="append", default=[], metavar="NAME", help="with --suites: only these tests")
    spoken = commands.add_parser("dialects", help="run the suites against dialects and demand that no S test goes red")
    spoken.add_argument("names", nargs="*", metavar="NAME", help="bare and single ones (default: all)")
    what = spoken.add_mutually_exclusive_group()
    what.add_argument("--short", action="store_true", help="only bare, in both shapes")
    what.add_argument("--part", default="", metavar="N/M", help=f"without bare, and {HELP}")
    spoken.add_argument(
        "--shape", choices=("single", "split"), help="only in this shape (default: single, bare in both)"
    )
    spoken.add_argument("--results", default="results", metavar="FOLDER", help="where dialects.json goes")
    options = parser.parse_args(arguments)
    try:
        if options.command == "list":
            for name in names():
                fault = find(name)
                print(f"{name:32} {fault.rule}: {fault.summary}")
            from faults import dialects
            from faults.dialects.dialect import KNOWN

            for one in (KNOWN[name] for name in dialects.names()):
                print(f"{one.name:32} freedom of {one.rule}: {one.summary}")
            return 0
        if options.command == "run" and options.names == zygote.FAULT:
            zygote.serve(options.service)
            return 0
        if options.command == "run":
            install(_changes(options.names))
            sys.argv = [f"services.{options.service}"]
            runpy.run_module(f"services.{options.service}", run_name="__main__", alter_sys=True)
            return 0
        # Whoever is told to end stops the stack and takes the results' folder along, as after Ctrl-C.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        if options.command == "dialects":
            from faults.measure import measure

            return measure(options.names, options.shape, Path(options.results), short=options.short, part=options.part)
        from faults.prove import KILLING, Run, prove

        chosen = [find(name) for name in options.names or names()]
        faults = [fault for fault in chosen if options.names or fault.proven_by in ("suites", KILLING)]
        if options.part:
            faults = part_of(faults, options.part)
        asked = Run(options.suites, tuple(options.test)) if options.suites else None
        return prove(faults, Path(options.results), short=options.short, chosen=asked, record=options.record)
    except FaultError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted: nothing was left running", file=sys.stderr)
        return 130


def _changes(wish: str) -> list[Fault]:
    """Return what is to be changed: dialects first, so that a fault finds what they made."""
    # They load the services, which a mutant's process must not have loaded already.
    from faults import dialects
    from faults.dialects.dialect import KNOWN, Shape

    spoken = [name for name in wish.split(",") if name.removeprefix("-") in {dialects.BARE, *KNOWN}]
    faults = [name for name in wish.split(",") if name not in spoken]
    shape: Shape = "split" if os.environ.get("DEPLOYMENT_SHAPE") == "split" else "single"
    return [*(dialects.spoken(",".join(spoken), shape) if spoken else ()), *(find(name) for name in faults)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
