"""Keeps what has been asked and what was left open, so that a review goes on where it stopped.

It is a JSON file beside the table, and no fact: what is lost with it can be asked again.
"""

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from graph.core import files
from graph.core.errors import BadInput
from graph.core.files import read_text
from graph.curation.proposals import Evidence, Proposal

LASTS: Final = 30  # days that an answer is used


class Progress:
    """What one service has answered, by our entities, and the pairs that somebody was unsure of."""

    def __init__(self, path: Path, service: str) -> None:
        """Read the file at `path` if there is one; raise BadInput if it is none of ours."""
        self._path, self._service = path, service
        self._answers: dict[str, dict[str, Any]] = {}
        self.unsure: set[tuple[str, str]] = set()
        self._known: dict[str, tuple[Proposal, ...]] = {}
        if path.exists():
            try:
                self._read(json.loads(read_text(path)))
            except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
                raise BadInput(
                    "it is not what an earlier review has kept",
                    where=str(path),
                    rule="state of the review",
                    remedy="delete it: what it held will be asked again",
                ) from error

    def answer(self, entity: str) -> tuple[Proposal, ...] | None:
        """Return what the service has proposed for `entity`, or None if it was not asked of late."""
        return self._known.get(entity)

    def keep(self, answers: Mapping[str, Sequence[Proposal]]) -> None:
        """Write down at once what the service has answered."""
        today = datetime.date.today().isoformat()
        own = self._answers.setdefault(self._service, {})
        for entity, proposals in answers.items():
            own[entity] = {"asked": today, "proposals": [asdict(each) for each in proposals]}
            self._known[entity] = tuple(proposals)
        self._write()

    def leave_open(self, entity: str, item: str) -> None:
        """Write down at once that somebody is unsure whether `item` is `entity`."""
        self.unsure.add((entity, item))
        self._write()

    def settle(self, entity: str, item: str) -> None:
        """Write down that it is settled, if somebody was unsure before."""
        if (entity, item) in self.unsure:
            self.unsure.remove((entity, item))
            self._write()

    def _read(self, state: dict[str, Any]) -> None:
        self.unsure = {(entity, item) for entity, item in state["unsure"]}
        self._answers = state["answers"]
        since = (datetime.date.today() - datetime.timedelta(days=LASTS)).isoformat()
        for entity, answer in self._answers.get(self._service, {}).items():
            if answer["asked"] >= since:
                self._known[entity] = tuple(map(_proposal, answer["proposals"]))

    def _write(self) -> None:
        state = {"answers": self._answers, "unsure": sorted(self.unsure)}
        files.write_atomically(self._path, json.dumps(state, ensure_ascii=False, indent=1) + "\n")


def _proposal(kept: dict[str, Any]) -> Proposal:
    evidence = tuple(Evidence(**each) for each in kept["evidence"])
    return Proposal(str(kept["item"]), str(kept["label"]), float(kept["score"]), evidence)
