"""Which entities a name may mean: by its words, its beginning and slips of the pen, in the text index."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from graph.core.terms import Term, text
from graph.matching.identifiers import THINGS
from graph.matching.name_parser import LONGEST, Form, Name, take_apart
from graph.search.analysis import shortened, squeeze
from graph.search.fields import kind_of
from graph.search.name_lookup import Address, NameLookup
from graph.search.search import Search, Value

_MOST_WORDS: Final = 8
_NAMES: Final = ("label", "former", "also")
_MEMO: Final = 50_000


@dataclass(frozen=True)
class Known:
    """An entity as it is compared: its names taken apart, the kinds of body it is, and its codes."""

    iri: str
    kind: str
    names: tuple[tuple[str, Term, Name], ...]  # the field it is of, the name, its parts
    forms: frozenset[Form]
    codes: frozenset[str]  # squeezed; not that of a county, which several bodies share
    county: str

    @property
    def labels(self) -> tuple[Term, ...]:
        """The labels."""
        return tuple(term for field, term, _ in self.names if field == "label")


class Candidates:
    """The entities in a text index, by what they may be called."""

    def __init__(self, search: Search) -> None:
        """Look in `search`."""
        self.search = search
        self._lookup = NameLookup(search)
        self._known: dict[tuple[int, int], Known] = {}

    def named(self, name: str, kinds: tuple[str, ...] = THINGS) -> list[Known]:
        """Return those of `kinds` that `name` may mean, the likeliest first by the words alone."""
        parts = take_apart(name)
        code = squeeze(shortened(name, LONGEST))
        words = tuple(dict.fromkeys((*parts.words[:_MOST_WORDS], parts.folded)))
        found = self._read(self._lookup.named(code, parts.folded, words, kinds))
        if "region" in parts.forms and "organisation" in kinds:
            found += self._regions(self._read(self._lookup.named(code, parts.folded, words, ("place",))))
        return list({known.iri: known for known in found}.values())

    def get(self, name: str) -> Known | None:
        """Return the entity with the IRI `name`, if it has a name."""
        return next(iter(self._read(self._lookup.get(name))), None)

    def coded(self, code: str, kinds: tuple[str, ...] = THINGS) -> list[Known]:
        """Return those that have `code`, whatever signs are in it."""
        return self._read(self._lookup.coded(squeeze(shortened(code, LONGEST)), kinds))

    def _regions(self, counties: list[Known]) -> list[Known]:
        """Return the regions of `counties`: a council was often called after its county."""
        codes = dict.fromkeys(known.county for known in counties if known.county)
        return [region for code in codes for region in self.coded(code, ("organisation",))]

    def _read(self, addresses: Iterable[Address]) -> list[Known]:
        """Return what is at `addresses`, each of which is read once: an index never changes."""
        return [self._read_one(address) for address in addresses]

    def _read_one(self, address: Address) -> Known:
        place = address.segment_ord, address.doc
        known = self._known.get(place)
        if known is None:
            if len(self._known) >= _MEMO:
                self._known.clear()
            known = self._known[place] = known_by(*self.search.read(address))
        return known


def known_by(name: str, values: list[Value]) -> Known:
    """Return the entity `name` as its `values` in the index tell of it."""
    named = ((field, text(value, tag)) for field, _, tag, value in values if field in _NAMES)
    codes = {property_.rpartition("#")[2]: value for field, property_, _, value in values if field == "code"}
    kind = kind_of(name)
    return Known(
        name,
        kind,
        tuple((field, term, take_apart(term.value)) for field, term in named),
        frozenset(forms(kind, codes)),
        frozenset(squeeze(value) for code, value in codes.items() if code not in ("countyCode", "nuts3")),
        codes.get("countyCode", ""),
    )


def forms(kind: str, codes: Container[str]) -> Iterator[Form]:
    """Yield the kinds of body that an entity of `kind` with `codes`, by their names, is."""
    if kind == "organisation" and "municipalityCode" in codes:
        yield "municipality"
    if kind == "organisation" and "countyCode" in codes:
        yield "region"
    if kind == "place" and "countyCode" in codes:
        yield "county"
