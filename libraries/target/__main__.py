"""``python -m libraries.target check FILE``: looks a target over before the first run; ``tools/check`` does it."""

import runpy

runpy.run_module("tools.check", run_name="__main__")
