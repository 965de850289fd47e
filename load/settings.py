"""Which load, by which tool. Robot's own `--variable` wins over the environment."""

import os

PROFILE = os.environ.get("PROFILE", "smoke")
TOOL = os.environ.get("TOOL", "k6")
