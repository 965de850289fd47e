"""Small libraries that the suites' language stands on.

Robot Framework imports this package by its path (``Library  ../libraries  AS  Target``), which also makes it and the
project's other packages importable by name, whatever folder the run was started in.
"""

import sys
from pathlib import Path

# Always, for Robot Framework takes the entry away again that it made for this import.
sys.path.append(str(Path(__file__).resolve().parent.parent))

from libraries.deployment import Deployment


class libraries(Deployment):  # noqa: N801
    """The keywords of `Deployment`, under the name by which Robot Framework finds a package's library."""


__all__ = ["libraries"]
