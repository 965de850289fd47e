"""Logins fail from when Redis has forgotten its scripts until the auth-service is started again."""

from typing import Any

from redis.commands.core import AsyncScript

from faults.patching import replace

RULE = "2.1 S: a login is answered 200"


def patch() -> None:
    """Load each script once, before its first call, and call it by its hash alone."""
    known: set[str] = set()

    async def call(script: Any, keys: Any, args: Any) -> Any:
        client = script.registered_client
        if script.sha not in known:
            await client.script_load(script.script)
            known.add(script.sha)
        return await client.evalsha(script.sha, len(keys), *keys, *args)

    replace(AsyncScript, "__call__", lambda _: call)
