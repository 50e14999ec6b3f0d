"""The formats of query results and graphs: media types, names and the forms of result they can hold.

https://www.w3.org/TR/sparql11-protocol/#conneg, https://www.w3.org/TR/sparql11-results-csv-tsv/
"""

from dataclasses import dataclass, field
from functools import cache
from typing import Final, Literal

import pyoxigraph as ox

Form = Literal["boolean", "bindings", "graph"]
"""The form of a query's result: ASK a boolean, SELECT bindings, CONSTRUCT and DESCRIBE a graph."""


@dataclass(frozen=True)
class Format:
    """One serialization format; `engine` is its name in pyoxigraph."""

    name: str
    media_type: str
    forms: frozenset[Form]
    engine: ox.QueryResultsFormat | ox.RdfFormat = field(repr=False)
    parameters: str = ""
    """The parameters after the media type in a Content-Type header."""
    aliases: tuple[str, ...] = ()
    """Other media types that select it."""
    other_names: tuple[str, ...] = ()
    """Other values of `format=` that select it."""

    @property
    def extension(self) -> str:
        """The extension of a file name or a page's URL, without the dot."""
        return self.name

    @property
    def content_type(self) -> str:
        """The value of the Content-Type header."""
        return self.media_type + self.parameters

    @property
    def xml(self) -> bool:
        """Whether it is an XML format, which cannot express some characters."""
        return self.media_type.endswith("+xml")

    @property
    def iri(self) -> str:
        """The IRI of the format in https://www.w3.org/ns/formats/."""
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
"""The formats, the preferred ones first among those that a client accepts equally."""


def formats_for(form: Form) -> tuple[Format, ...]:
    """Return the formats that can hold a result of this form, the preferred ones first."""
    return tuple(each for each in FORMATS if form in each.forms)


def by_media_type(form: Form) -> dict[str, Format]:
    """Return the formats of this form by each media type that selects them, the preferred ones first."""
    own = {each.media_type: each for each in formats_for(form)}
    return own | {alias: each for each in formats_for(form) for alias in each.aliases}


def find_format(value: str, form: Form) -> Format | None:
    """Return the format of this form with the name or media type `value`, or None if there is none."""
    key = value.strip().lower()
    names, media_types = _lookup_tables(form)
    return names.get(key) or media_types.get(key.partition(";")[0].strip())


@cache
def _lookup_tables(form: Form) -> tuple[dict[str, Format], dict[str, Format]]:
    """Return the formats of this form by name and by media type."""
    names = {name: each for each in formats_for(form) for name in (*each.other_names, each.name)}
    return names, by_media_type(form)
