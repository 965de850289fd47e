"""Small libraries that the suites' language stands on.

Robot Framework imports this package by its path (``Library  ../libraries  AS  Target``), which also makes it and the
project's other packages importable by name, whatever folder the run was started in.
"""

import gc
import sys
from pathlib import Path

# A run makes much and drops little: looking for garbage after every 700 objects took a twentieth of its time.
gc.set_threshold(20_000)
# Always, for Robot Framework takes the entry away again that it made for this import.
sys.path.append(str(Path(__file__).resolve().parent.parent))

from libraries.deployment import Deployment  # noqa: E402


class libraries(Deployment):  # noqa: N801
    """The keywords of `Deployment`, under the name by which Robot Framework finds a package's library."""


__all__ = ["libraries"]
