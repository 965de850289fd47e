"""Deployments against the embedded stack, and what surrounds them."""
