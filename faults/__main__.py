"""``python -m faults list | run NAME SERVICE | prove [NAME ...]``."""

import argparse
import runpy
import sys

from faults.fault import FaultError, find, install, names
from faults.mutants import zygote
from faults.prove import prove

SERVICES = ("auth", "inventory")


def main(arguments: list[str]) -> int:
    """Do what the command line says; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m faults", description="Known ways to be wrong.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="name the faults and the rules they break")
    run = commands.add_parser("run", help="run a service that has a fault")
    run.add_argument("name")
    run.add_argument("service", choices=SERVICES)
    proof = commands.add_parser("prove", help="run the suites against faults and demand that they go red")
    proof.add_argument("names", nargs="*", metavar="NAME")
    options = parser.parse_args(arguments)
    try:
        if options.command == "list":
            for name in names():
                fault = find(name)
                print(f"{name:32} {fault.rule}: {fault.summary}")
            return 0
        if options.command == "run" and options.name == zygote.FAULT:
            zygote.serve(options.service)
            return 0
        if options.command == "run":
            install(find(options.name))
            sys.argv = [f"services.{options.service}"]
            runpy.run_module(f"services.{options.service}", run_name="__main__", alter_sys=True)
            return 0
        chosen = [find(name) for name in options.names or names()]
        return prove([fault for fault in chosen if options.names or fault.proven_by == "suites"])
    except FaultError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
