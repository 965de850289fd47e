"""Which system a run has proven, in the words of the top of its log."""

from __future__ import annotations

from typing import Any

import requests

from reporting.strength import commit


def facts_about(target: Any) -> dict[str, str]:
    """Return a target's name, shape, addresses, version and planted fault, as far as there are any (contract 1.1)."""
    stack, addresses = target.stack, ", ".join(instance.public for instance in target.instances)
    facts = {"Target": target.name, "Shape": target.shape, "Inventory": addresses, "Auth": target.auth_url}
    facts["Version"] = _version_of(target)
    if stack is not None:
        facts |= {"Commit": commit(), "Planted fault": stack.fault, "Dialect": stack.dialect}
    return {name: value for name, value in facts.items() if value}


def _version_of(target: Any) -> str | None:
    if target.first.health is None:
        return None
    try:
        told = requests.get(target.first.health, timeout=2.0, verify=target.ca_file or True).json()
    except (requests.RequestException, ValueError):
        return None
    version = told.get("version") if isinstance(told, dict) else None
    return None if version is None else str(version)[:100]
