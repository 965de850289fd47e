"""After a run: the ledger of every player that took part, and the services' logs."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from robot.libraries.BuiltIn import BuiltIn

from history.laws import violations
from libraries.calls import evidence
from libraries.ledger.keywords import quantities_told
from libraries.ledger.rows import read_ledger
from libraries.target.preparing import need
from load.acknowledged import differences, written_of
from load.players import Cast, quiet
from load.records import Record


def ledger_violations(cast: Cast, records: Sequence[Record]) -> list[str]:
    """Return every breach of the ledger's laws 1 to 5 in words, for all players of a run.

    Law 1 is compared with what ``GET /inventory`` says. Skips the test when the target has no database access.
    """
    need("database")
    # What the load tool wrote stands in no history of ours.
    evidence.histories.leave_out([player.user_id for player in cast.players])
    by_player: dict[int, list[Record]] = defaultdict(list)
    for record in records:
        by_player[record.player].append(record)
    found = []
    with quiet():
        for number, player in enumerate(cast.players):
            own = evidence.journal.get(player.user_id, [])
            written = [*own, *written_of(player.user_id, by_player[number])]
            answers = BuiltIn().run_keyword("Read All Sections", player)
            said = {section: quantities_told(answer, "items") for section, answer in answers.items()}
            ledger = read_ledger(player.user_id)
            others = frozenset(entry.operation_id for entry in own if entry.operation_id)
            broken = [
                *violations(ledger, said, written),
                *differences(ledger, by_player[number], cast.variants, others),
            ]
            found += [f"{player}: {problem}" for problem in broken]
    return found


class Logs:
    """The services' log files from where they stand now."""

    def __init__(self, stack: Any) -> None:
        infos = () if stack is None else (*stack.inventory, stack.auth)
        self._files = {info.name: Path(info.log) for info in infos}
        self._offsets = {name: path.stat().st_size for name, path in self._files.items()}

    @property
    def readable(self) -> bool:
        """Whether the target's logs can be read at all."""
        return bool(self._files)

    def errors(self) -> Mapping[str, list[str]]:
        """Return, by service, the lines since then that tell of an error: its level, or a status of 5xx."""
        return {name: self._errors_in(name, path) for name, path in self._files.items()}

    def _errors_in(self, name: str, path: Path) -> list[str]:
        with path.open("rb") as file:
            file.seek(self._offsets[name])
            return [line.decode("utf-8", "replace").rstrip() for line in file if _is_error(line)]


def _is_error(line: bytes) -> bool:
    try:
        entry = json.loads(line)
    except ValueError:
        # A service writes JSON only; anything else is what an interpreter says when it dies.
        return bool(line.strip())
    if not isinstance(entry, dict):
        return True
    status = entry.get("status")
    return entry.get("level") in ("error", "critical") or (isinstance(status, int) and status >= 500)
