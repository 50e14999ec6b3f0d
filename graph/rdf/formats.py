"""Every format that answers are written in: its media type, its other names and what it can hold.

https://www.w3.org/TR/sparql11-protocol/#conneg, https://www.w3.org/TR/sparql11-results-csv-tsv/
"""

from dataclasses import dataclass, field
from functools import cache
from typing import Final, Literal

import pyoxigraph as ox

Form = Literal["boolean", "bindings", "graph"]
"""What a query gives: ASK a boolean, SELECT rows of bindings, CONSTRUCT and DESCRIBE a graph."""


@dataclass(frozen=True)
class Format:
    """One way to write an answer; `engine` is what pyoxigraph calls it."""

    name: str
    media_type: str
    forms: frozenset[Form]
    engine: ox.QueryResultsFormat | ox.RdfFormat = field(repr=False)
    parameters: str = ""
    """What follows the media type in a Content-Type header."""
    aliases: tuple[str, ...] = ()
    """Other media types that ask for it."""
    other_names: tuple[str, ...] = ()
    """Other values of `format=` that ask for it."""

    @property
    def extension(self) -> str:
        """The ending of a file's name or a page's URL, without the dot."""
        return self.name

    @property
    def content_type(self) -> str:
        """The value of the Content-Type header."""
        return self.media_type + self.parameters

    @property
    def xml(self) -> bool:
        """Whether it is written in XML, which has no way to express some characters."""
        return self.media_type.endswith("+xml")

    @property
    def iri(self) -> str:
        """The format's name in https://www.w3.org/ns/formats/."""
        return self.engine.iri


_TABLE: Final[frozenset[Form]] = frozenset({"bindings"})
_RESULTS: Final[frozenset[Form]] = frozenset({"bindings", "boolean"})
_GRAPH: Final[frozenset[Form]] = frozenset({"graph"})
_UTF8: Final = "; charset=utf-8"

FORMATS: Final = (
    Format(
        "json",
        "application/sparql-results+json",
        _RESULTS,
        ox.QueryResultsFormat.JSON,
        aliases=("application/json",),
        other_names=("srj",),
    ),
    Format(
        "xml",
        "application/sparql-results+xml",
        _RESULTS,
        ox.QueryResultsFormat.XML,
        aliases=("application/xml", "text/xml"),
        other_names=("srx",),
    ),
    Format("csv", "text/csv", _TABLE, ox.QueryResultsFormat.CSV, parameters=_UTF8 + "; header=present"),
    Format("tsv", "text/tab-separated-values", _TABLE, ox.QueryResultsFormat.TSV, parameters=_UTF8),
    Format(
        "ttl",
        "text/turtle",
        _GRAPH,
        ox.RdfFormat.TURTLE,
        parameters=_UTF8,
        aliases=("application/x-turtle", "application/turtle"),
        other_names=("turtle",),
    ),
    Format(
        "nt",
        "application/n-triples",
        _GRAPH,
        ox.RdfFormat.N_TRIPLES,
        aliases=("text/plain",),
        other_names=("ntriples", "n-triples"),
    ),
    Format(
        "rdf",
        "application/rdf+xml",
        _GRAPH,
        ox.RdfFormat.RDF_XML,
        aliases=("application/xml", "text/xml"),
        other_names=("rdfxml", "rdf+xml", "rdf-xml", "xml"),
    ),
    Format(
        "jsonld",
        "application/ld+json",
        _GRAPH,
        ox.RdfFormat.JSON_LD,
        aliases=("application/json",),
        other_names=("json-ld", "ld+json", "json"),
    ),
    Format(
        "nq",
        "application/n-quads",
        _GRAPH,
        ox.RdfFormat.N_QUADS,
        aliases=("text/x-nquads",),
        other_names=("nquads", "n-quads"),
    ),
    Format("trig", "application/trig", _GRAPH, ox.RdfFormat.TRIG, aliases=("application/x-trig",)),
    Format(
        "n3", "text/n3", _GRAPH, ox.RdfFormat.N3, parameters=_UTF8, aliases=("text/rdf+n3", "application/n3")
    ),
)
"""In the order of preference among formats that are wanted as much as each other."""


def formats_for(form: Form) -> tuple[Format, ...]:
    """Return the formats that can hold an answer of this form, the preferred ones first."""
    return tuple(each for each in FORMATS if form in each.forms)


def by_media_type(form: Form) -> dict[str, Format]:
    """Return the formats of this form by every media type that asks for them, the preferred ones first."""
    own = {each.media_type: each for each in formats_for(form)}
    return own | {alias: each for each in formats_for(form) for alias in each.aliases}


def find_format(value: str, form: Form) -> Format | None:
    """Return the format of this form that has the name or the media type `value`, or None."""
    wanted = value.strip().lower()
    names, media_types = _known(form)
    return names.get(wanted) or media_types.get(wanted.partition(";")[0].strip())


@cache
def _known(form: Form) -> tuple[dict[str, Format], dict[str, Format]]:
    """Return the formats of this form by name and by media type."""
    names = {name: each for each in formats_for(form) for name in (*each.other_names, each.name)}
    return names, by_media_type(form)
