"""What the language of the suites stands on. Robot Framework imports this package by its path.

``Library  ../libraries  AS  Target`` gives the keywords of `libraries.target` and makes the project's packages
importable by name, whatever folder the run was started in.
"""

import gc
import sys
from pathlib import Path

# A run makes much and drops little: looking for garbage after every 700 objects took a twentieth of its time.
gc.set_threshold(100_000)
# First, so that a foreign package of the same name does not take the place of ours; and always, for Robot Framework
# takes the entry away again that it made for this import.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from robot.api.deco import library  # noqa: E402

from libraries.calls.evidence import EvidenceListener  # noqa: E402
from libraries.target.keywords import TargetKeywords  # noqa: E402


@library(scope="GLOBAL", listener=EvidenceListener())
class libraries(TargetKeywords):  # noqa: N801
    """The deployment under test and which of its parts there are (contract 1.1)."""
