"""The one error that the tools here show to their user."""

from __future__ import annotations

import sys
from collections.abc import Callable


class BenchError(Exception):
    """A measurement cannot be made; the message is one line that says what to do."""


def run_tool(main: Callable[[], int]) -> int:
    """Run a tool's main function; an expected failure is one line on stderr and exit code 2.

    Code 1 is left to verdicts: it says that the measurement was made and that its result is bad.
    """
    try:
        return main()
    except BenchError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted: nothing was left running", file=sys.stderr)
        return 130
