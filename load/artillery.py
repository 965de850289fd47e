"""Runs Artillery with the seed's scenario. `python -m load.artillery` says how to get it where it is missing."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from load.k6 import Progress, ToolError, Watch, bare_environment, find, running, wait
from stack.processes import log_tail

SCENARIO = Path(__file__).with_name("artillery_loadtest.yml")
REMEDY = "npm install --global --ignore-scripts artillery@2.0.21 (Node 20; 590 MB), then run this again"
# Artillery ends with this code when a limit under `ensure` is crossed; the records are judged by us as well.
_CROSSED = 1
_SHORT = {"config": {"phases": [{"duration": 4, "arrivalRate": rate} for rate in (5, 10, 20)]}}


@dataclass(frozen=True)
class Run:
    """One run. ``profile`` is ``seed`` for the scenario's own three phases (4 min), or ``smoke`` for 12 s."""

    players: Path
    folder: Path
    profile: str

    def start(self, report: Callable[[Progress], None]) -> Path:
        """Run Artillery to its end; return the record file. Raises ToolError when it is missing or fails."""
        program = find("artillery", REMEDY)
        records, log = self.folder / "artillery.records", self.folder / "artillery.log"
        for path in (records, log):
            path.unlink(missing_ok=True)
        records.touch()
        command = [program, "run", "--quiet", "--output", str(self.folder / "artillery.json")]
        if self.profile != "seed":
            command += ["--overrides", json.dumps(_SHORT)]
        environment = bare_environment(
            PLAYERS=str(self.players), RECORDS=str(records), ARTILLERY_DISABLE_TELEMETRY="true", CI="true"
        )
        with running([*command, str(SCENARIO)], environment, log) as process:
            code = wait(process, Watch([records]), report)
        if code not in (0, _CROSSED) or not records.stat().st_size:
            raise ToolError(f"artillery ended with exit code {code}; the end of {log}:\n{log_tail(log)}")
        return records


def main() -> int:
    """Return 0 when Artillery is installed; say in one line how to install it otherwise."""
    try:
        find("artillery", REMEDY)
    except ToolError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
