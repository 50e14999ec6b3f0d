"""Reads the values that people type or choose as terms: names of things, codes, dates, numbers, texts."""

import re
from dataclasses import dataclass
from typing import Final

from graph.core import partial_dates
from graph.core.iris import MAX_IRI_LENGTH, parse_entity_iri
from graph.core.namespaces import ID, XSD, expand_curie
from graph.core.terms import Term, iri, text
from graph.matching.reconciler import Reconciler
from graph.matching.reconciliation_request import ReconciliationRequest
from graph.query_builder.model import PropertyChoice, option_name
from graph.query_builder.state import Value
from graph.read.entities import Entities, Ref
from graph.search.suggest import suggest
from graph.search.text_index import TextIndex

_MAX_CANDIDATES: Final = 6
_NUMBER: Final = re.compile(r"-?[0-9]{1,18}(?:[.,][0-9]{1,18})?")
_SPACES: Final = re.compile(r"\s+")


@dataclass(frozen=True)
class ValueReader:
    """Reads values with the names in one release; without a text index, things have to be named by IRI."""

    entities: Entities
    index: TextIndex | None = None
    reconciler: Reconciler | None = None

    def read(self, property_: PropertyChoice, given: str) -> Value:
        """Return the value that `given` means for `property_`, without a term if it means none or several."""
        match property_.kind:
            case "entity":
                return self._entity(property_, given)
            case "code" | "choice":
                return _option(property_, given)
            case "date":
                return _date(given)
            case "number":
                return _number(given)
        return Value(given, given, text(given))

    def _entity(self, property_: PropertyChoice, given: str) -> Value:
        """Return the thing with the IRI, the short IRI or the name `given`."""
        name = ID + given if parse_entity_iri(ID + given) else expand_curie(given)
        if len(name) <= MAX_IRI_LENGTH and ":" in name and self.entities.exists(name):
            return _thing(given, self.entities.ref(self.entities.successor(name) or name))
        matched, candidates = self._by_name(property_.kinds, given)
        return _thing(given, matched) if matched else Value(given, given, candidates=candidates)

    def _by_name(self, kinds: tuple[str, ...], given: str) -> tuple[Ref | None, tuple[Ref, ...]]:
        """Return the thing of the `kinds` called `given`, if that is clear, and what may be meant."""
        found: dict[str, Ref] = {}
        types = tuple(kind for kind in kinds if kind in self.entities.index.kinds.matched)
        if self.reconciler and (not kinds or types):
            request = ReconciliationRequest(names=(given,), types=types, limit=_MAX_CANDIDATES)
            for each in self.reconciler.reconcile(request):
                if each.match:
                    return each.ref, ()
                found[each.ref.iri] = each.ref
        for kind in kinds or ("",):
            for suggested in (
                suggest(self.index, given, kind=kind, limit=_MAX_CANDIDATES) if self.index else ()
            ):
                found.setdefault(suggested.iri, self.entities.ref(suggested.iri))
        named = [ref for ref in found.values() if _is_called(ref, given)]
        return (named[0] if len(named) == 1 else None), tuple(found.values())[:_MAX_CANDIDATES]


def _thing(given: str, ref: Ref) -> Value:
    return Value(given, ref.iri.removeprefix(ID), iri(ref.iri), ref)


def _is_called(ref: Ref, name: str) -> bool:
    return any(label.value.casefold() == name.casefold() for label in ref.labels)


def _option(property_: PropertyChoice, given: str) -> Value:
    option = property_.option(given)
    if option is None:
        return Value(given, given)
    if isinstance(option, Ref):
        return Value(given, option_name(option), iri(option.iri), option)
    return Value(given, option.value, option)


def _date(given: str) -> Value:
    try:
        return Value(given, given, text(partial_dates.validate(given)))
    except ValueError:
        return Value(given, given)


def _number(given: str) -> Value:
    """Return a number, written with a point or a comma and with spaces between the thousands or without."""
    written = _SPACES.sub("", given)
    if not _NUMBER.fullmatch(written):
        return Value(given, given)
    plain = written.replace(",", ".")
    datatype = XSD + ("decimal" if "." in plain else "integer")
    return Value(given, plain, Term(plain, "literal", datatype=datatype))
