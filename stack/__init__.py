"""Embedded stack: PostgreSQL, Redis, auth-service and inventory-service without Docker.

By hand: ``python -m stack up | status | logs | down``. From Python: :mod:`stack.client`.

Who does what:

* ``client``      what callers use: find a running stack or start one, extra instances, keep logs
* ``supervisor``  one detached process a stack: starts, watches and stops everything
* ``template``    the migrated data directory, built once a version and copied for each stack
* ``postgres``    how PostgreSQL is set up, started and reached
* ``components``  the commands and settings of the services, in one place
* ``binaries``    where PostgreSQL and Redis come from
* ``processes``   children that die with their parent, process identities, log tails
* ``fork_server`` what services beside those of a stack are forked from
* ``clock``       a clock that is ahead, for troubles that come at midnight
* ``ports``       free ports outside the ephemeral range
* ``places``      folders, locks, and the removal of what a killed stack left
* ``state``       the typed form of the files that stacks and their users exchange

Everything listens on 127.0.0.1 only. ``SHARD_STACK_HOME`` moves the folder for caches and runs
(default ``/var/tmp/shard-legends-stack-<uid>``); ``SHARD_STACK_STATE`` makes callers use the stack
that this state file describes.
"""

import sys

if sys.platform != "linux":
    raise ImportError("it needs Linux; elsewhere use Docker (docker-compose.dev.yml, variables/compose.py)")
