"""Stub of auth-service."""

import os

from . import serve

serve("auth", ["SERVER_PORT"] + ["INTERNAL_PORT"] * (os.environ["DEPLOYMENT_SHAPE"] == "split"))
