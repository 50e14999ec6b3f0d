"""Resolution of what a person types to the entity that is meant, or to the nearest entities."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from graph.core.errors import BadInput
from graph.core.terms import Term
from graph.index.protocol import StoreReader
from graph.matching.identifiers import parse_entity_name
from graph.matching.name_parser import MAX_NAME_LENGTH
from graph.matching.reconciler import Reconciler, ReconciliationCandidate
from graph.matching.reconciliation_request import ReconciliationRequest
from graph.read.entities import Entities
from graph.read.organisation_names import find_organisations
from graph.search.analysis import fold_accents, truncate
from graph.search.suggest import suggest
from graph.search.text_index import TextIndex

MAX_NEAREST: Final = 6
_MAX_CANDIDATES: Final = 20
_MIN_SCORE: Final = 55.0  # of an entity that is offered as near


@dataclass(frozen=True)
class ResolvedName:
    """What a name means: the IRI of the entity `match`, or "" if that is not certain, and the nearest ones.

    `exact` says that the entity is called so, and the name not just misspelt.
    """

    match: str = ""
    nearest: tuple[str, ...] = ()
    exact: bool = False


class NameResolver:
    """Resolves names to the entities of one release."""

    def __init__(self, store: StoreReader, entities: Entities, reconciler: Reconciler | None) -> None:
        """Find names by `reconciler`, or without one only those of organisations, in `store`."""
        self._store = store
        self._entities = entities
        self._reconciler = reconciler

    def resolve(self, typed: str, kinds: Iterable[str] = ()) -> ResolvedName:
        """Return which entity of `kinds`, by default of any kind, `typed` means: a name, a code or an IRI."""
        typed, kinds = (
            truncate(typed.strip(), MAX_NAME_LENGTH),
            tuple(kinds) or self._entities.index.kinds.matched,
        )
        if not typed:
            return ResolvedName()
        if (name := parse_entity_name(typed)) and self._entities.exists(name):
            return ResolvedName(self._entities.successor(name) or name, exact=True)
        if self._reconciler is None:
            return self._organisation(typed) if "organisation" in kinds else ResolvedName()
        return self._resolve(self._reconciler, typed, kinds)

    def called(self, typed: str) -> str:
        """Return the IRI of the only entity that is called `typed`, without a misspelling, or ""."""
        if self._reconciler is None:
            return ""
        found = self._reconciler.reconcile(ReconciliationRequest((truncate(typed, MAX_NAME_LENGTH),)))
        return found[0].ref.iri if found and found[0].match and _is_exact(found[0]) else ""

    def _resolve(self, reconciler: Reconciler, typed: str, kinds: tuple[str, ...]) -> ResolvedName:
        matched = tuple(kind for kind in kinds if kind in self._entities.index.kinds.matched)
        request = ReconciliationRequest((typed,), types=matched, limit=_MAX_CANDIDATES)
        found = reconciler.reconcile(request) if matched else ()
        if found and found[0].match:
            return ResolvedName(found[0].ref.iri, exact=_is_exact(found[0]))
        index = reconciler.candidates.index
        completed = [
            each for kind in kinds for each in suggest(index, typed, kind=kind, limit=_MAX_CANDIDATES)
        ]
        called = {each.iri for each in completed if _is_called(typed, each.names)}
        called |= {each.ref.iri for each in found if _is_called(typed, each.ref.labels)}
        if len(called) == 1:
            return ResolvedName(called.pop(), exact=True)
        near = [each.ref.iri for each in found if each.score >= _MIN_SCORE]
        near += [each.iri for each in completed]
        if len(near) < MAX_NEAREST:
            near += _with_words(index, typed, kinds)
        return ResolvedName(nearest=tuple(dict.fromkeys(near))[:MAX_NEAREST])

    def _organisation(self, typed: str) -> ResolvedName:
        found = find_organisations(self._store, typed)
        return (
            ResolvedName(found[0], exact=True)
            if len(found) == 1
            else ResolvedName(nearest=found[:MAX_NEAREST])
        )


def _is_exact(candidate: ReconciliationCandidate) -> bool:
    """Return whether the name or a code of `candidate` is what was asked for."""
    features = dict(candidate.features)
    return bool(features.get("identifier")) or features.get("edits") == 0


def _is_called(typed: str, names: Iterable[Term]) -> bool:
    wanted = fold_accents(typed).lower()
    return any(fold_accents(name.value).lower() == wanted for name in names)


def _with_words(index: TextIndex, typed: str, kinds: tuple[str, ...]) -> Iterator[str]:
    """Yield the IRIs of the entities of `kinds` that the words of `typed` find, corrected if need be."""
    for kind in kinds:
        try:
            found = index.search(typed, kind=kind, limit=MAX_NEAREST)
        except BadInput:  # no words, or too many
            return
        yield from (hit.iri for hit in found.hits)
