"""The containers' health check: exit code 0 when the container's service says that it is ready."""

import http.client
import os
import sys

SPLIT = os.environ.get("DEPLOYMENT_SHAPE", "single") == "split"


def main() -> int:
    """Ask this container's own health address."""
    port = os.environ.get("INTERNAL_PORT", "8090") if SPLIT else os.environ.get("SERVER_PORT", "8080")
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=2.5)
    try:
        connection.request("GET", "/health")
        return int(connection.getresponse().status != http.client.OK)
    except (OSError, http.client.HTTPException):
        return 1


if __name__ == "__main__":
    sys.exit(main())
