"""Stub of inventory-service."""

import os

from . import serve

split = os.environ["DEPLOYMENT_SHAPE"] == "split"
serve("inventory", ["SERVER_PORT", "INTERNAL_PORT" if split else "METRICS_PORT"])
