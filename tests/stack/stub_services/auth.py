"""Stub of auth-service."""

from . import serve

serve("auth", ["SERVER_PORT"])
