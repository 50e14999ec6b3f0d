"""A review of matches for our entities in another data set: proposals, and a person's judgements."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

from graph.core.namespaces import ID
from graph.curation.proposals import Evidence, Finder, Proposal
from graph.curation.review_state import Progress
from graph.curation.sparql_client import batches
from graph.curation.sssom_writer import CLOSE, EXACT, Judgement, MappingTable
from graph.curation.unlinked import UnlinkedEntity

_BATCH: Final = 20  # entities that are asked for at once
_MOST: Final = 5  # proposals that are shown for one
_LINKS: Final = {"close": CLOSE, "exact": EXACT}


@dataclass(frozen=True)
class ReviewAnswer:
    """A person's judgement of a proposal, and their confidence if they give it."""

    word: str
    confidence: float | None = None


Ask = Callable[[UnlinkedEntity, Proposal, str], ReviewAnswer]
"""Asks a person about a proposal for one of our entities; the text says which of how many it is."""


@dataclass(frozen=True)
class ReviewBounds:
    """Which proposals are shown: the least score, the number of entities, and whether undecided ones are."""

    least: float = 40.0
    entities: int | None = None
    unsure: bool = False


class Review:
    """A review: entities are looked up in small batches, shown and judged."""

    def __init__(self, finder: Finder, table: MappingTable, progress: Progress, bounds: ReviewBounds) -> None:
        """Take the service to look up in, the table to write to, and what to show."""
        self._finder, self._table, self._progress, self._bounds = finder, table, progress, bounds
        self.judged = 0

    def proposed(
        self, entities: Sequence[UnlinkedEntity], *, keep: bool
    ) -> Iterator[tuple[UnlinkedEntity, tuple[Proposal, ...]]]:
        """Yield each of `entities` that is not linked yet, with the proposals that nobody has rejected.

        The answers of the service are saved at once if `keep`, and saved ones are not requested again.
        Entities without proposals are left out.
        """
        found = self._found(entities, keep=keep)
        return islice(((ours, proposals) for ours, proposals in found if proposals), self._bounds.entities)

    def _found(
        self, entities: Sequence[UnlinkedEntity], *, keep: bool
    ) -> Iterator[tuple[UnlinkedEntity, tuple[Proposal, ...]]]:
        open_ = [ours for ours in entities if ours.iri not in self._table.linked]
        for batch in batches(open_, _BATCH):
            unasked = [ours for ours in batch if self._progress.answer(ours.iri) is None]
            found = self._finder.find(unasked) if unasked else {}
            if found and keep:
                self._progress.keep(found)
            for ours in batch:
                proposals = found.get(ours.iri, self._progress.answer(ours.iri) or ())
                yield ours, tuple(self._proposals_to_show(ours, proposals))[:_MOST]

    def judge(self, entities: Sequence[UnlinkedEntity], by: str, ask: Ask) -> None:
        """Ask about every proposal for `entities`, and record each judgement of `by` at once."""
        for ours, proposals in self.proposed(entities, keep=True):
            if self._judge_one(ours, proposals, by, ask) == "quit":
                return

    def _judge_one(self, ours: UnlinkedEntity, proposals: Sequence[Proposal], by: str, ask: Ask) -> str:
        """Ask about the `proposals` for one entity until it is linked or skipped; return the last answer."""
        for number, proposal in enumerate(proposals, 1):
            said = ask(ours, proposal, f"{number} of {len(proposals)}")
            if said.word in ("quit", "skip"):
                return said.word
            self._record(ours, proposal, said, by)
            self.judged += 1
            if said.word in _LINKS:
                return said.word
        return ""

    def _proposals_to_show(self, ours: UnlinkedEntity, proposals: Sequence[Proposal]) -> Iterator[Proposal]:
        settled = self._table.rejected | (set() if self._bounds.unsure else self._progress.unsure)
        for proposal in proposals:
            if proposal.score >= self._bounds.least and (ours.iri, proposal.item) not in settled:
                others = [name.removeprefix(ID) for name in self._table.others(ours.iri, proposal.item)]
                taken = (Evidence("linked already", ", ".join(others), "", False),) if others else ()
                yield replace(proposal, evidence=(*proposal.evidence, *taken))

    def _record(self, ours: UnlinkedEntity, proposal: Proposal, said: ReviewAnswer, by: str) -> None:
        if said.word == "unsure":
            self._progress.leave_open(ours.iri, proposal.item)
            return
        agreed = ", ".join(each.what for each in proposal.evidence if each.agrees) or "nothing"
        service = urlsplit(self._finder.name).hostname
        confidence = said.confidence
        if confidence is None and said.word in _LINKS:
            confidence = proposal.score / 100
        self._table.record(
            Judgement(
                subject=ours.iri,
                subject_label=ours.label,
                item=proposal.item,
                item_label=proposal.label,
                by=by,
                predicate=_LINKS.get(said.word, CLOSE),
                rejected=said.word == "reject",
                confidence=confidence,
                comment=f"Proposed by {service}; what agrees: {agreed}.",
            )
        )
        self._progress.settle(ours.iri, proposal.item)
