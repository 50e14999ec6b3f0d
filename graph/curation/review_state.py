"""Saves the state of a review, so that it resumes where it stopped.

It is a JSON file beside the table and holds no facts: what is lost with it can be requested again.
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

ANSWER_DAYS: Final = 30  # days that an answer is used


class Progress:
    """The answers of one service by entity, and the pairs that a person was unsure of."""

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
        """Return the saved proposals for `entity`, or None if there are none from the last days."""
        return self._known.get(entity)

    def keep(self, answers: Mapping[str, Sequence[Proposal]]) -> None:
        """Save the answers of the service at once."""
        today = datetime.date.today().isoformat()
        own = self._answers.setdefault(self._service, {})
        for entity, proposals in answers.items():
            own[entity] = {"asked": today, "proposals": [asdict(each) for each in proposals]}
            self._known[entity] = tuple(proposals)
        self._write()

    def leave_open(self, entity: str, item: str) -> None:
        """Save at once that a person is unsure whether `item` is `entity`."""
        self.unsure.add((entity, item))
        self._write()

    def settle(self, entity: str, item: str) -> None:
        """Save that the pair is decided, if a person was unsure before."""
        if (entity, item) in self.unsure:
            self.unsure.remove((entity, item))
            self._write()

    def _read(self, state: dict[str, Any]) -> None:
        self.unsure = {(entity, item) for entity, item in state["unsure"]}
        self._answers = state["answers"]
        since = (datetime.date.today() - datetime.timedelta(days=ANSWER_DAYS)).isoformat()
        for entity, answer in self._answers.get(self._service, {}).items():
            if answer["asked"] >= since:
                self._known[entity] = tuple(map(_proposal, answer["proposals"]))

    def _write(self) -> None:
        state = {"answers": self._answers, "unsure": sorted(self.unsure)}
        files.write_atomically(self._path, json.dumps(state, ensure_ascii=False, indent=1) + "\n")


def _proposal(kept: dict[str, Any]) -> Proposal:
    evidence = tuple(Evidence(**each) for each in kept["evidence"])
    return Proposal(str(kept["item"]), str(kept["label"]), float(kept["score"]), evidence)
