"""However busy a service is, only health and liveness are answered beside the queue."""

import re

from services.common import edge

RULE = "6.5 H: readiness is answered however busy a service is"


def patch() -> None:
    """Leave readiness out."""
    edge._PROBES = re.compile(rb"^/(health(/live)?($|\?)|metrics|jwks|public-key)")
