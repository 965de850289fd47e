"""A login notes its token in a pipeline whose answers nobody reads: what Redis refuses to take passes for taken."""

import json
from typing import Any

from faults.logins import log_in_uncounted
from faults.patching import replace
from services.auth.sessions import Sessions, _redis, _revocation

RULE = "2.11 S, 3.5 S: a new login revokes the user's earlier tokens"


def patch() -> None:
    """Send everything at once, and look at nothing that comes back."""
    log_in_uncounted()
    replace(Sessions, "replace", lambda _: _note)


async def _note(of: Sessions, user: str, jti: str, record: dict[str, Any], issued: int, milliseconds: int) -> bool:
    since = await of.known_since()
    if since is None or since > issued:
        return False
    tokens = f"user_tokens:{user}"
    earlier: Any = await _redis(of._redis.smembers(tokens))
    pipeline = of._redis.pipeline(transaction=False)
    for old in earlier:
        pipeline.set(f"revoked:{old.decode()}", _revocation("user_reauth"), px=milliseconds)
        pipeline.delete(f"active:{old.decode()}")
    pipeline.delete(tokens)
    pipeline.sadd(tokens, jti)
    pipeline.pexpire(tokens, milliseconds)
    pipeline.set(f"active:{jti}", json.dumps(record), px=milliseconds)
    await _redis(pipeline.execute(raise_on_error=False))
    return True
