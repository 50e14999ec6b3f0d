"""The table of formats: media types, names and titles of all that is written, and what each can hold.

https://www.w3.org/TR/sparql11-protocol/#conneg, https://www.w3.org/TR/sparql11-results-csv-tsv/
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final, Literal, TypeVar

import pyoxigraph as ox

Form = Literal["boolean", "bindings", "graph"]
"""The form of a query's result: ASK a boolean, SELECT bindings, CONSTRUCT and DESCRIBE a graph."""


@dataclass(frozen=True, kw_only=True)
class MediaFormat:
    """One format in which something is written."""

    name: str
    media_type: str
    title: str
    """What a page calls it."""
    parameters: str = ""
    """The parameters after the media type in a Content-Type header."""
    aliases: tuple[str, ...] = ()
    """Other media types that select it."""

    @property
    def extension(self) -> str:
        """The extension of a file name or a page's URL, without the dot."""
        return self.name

    @property
    def content_type(self) -> str:
        """The value of the Content-Type header."""
        return self.media_type + self.parameters


@dataclass(frozen=True, kw_only=True)
class Format(MediaFormat):
    """A format of query results or of graphs; `engine` is its name in pyoxigraph."""

    forms: frozenset[Form]
    engine: ox.QueryResultsFormat | ox.RdfFormat = field(repr=False)
    other_names: tuple[str, ...] = ()
    """Other values of `format=` that select it."""

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
        name="json",
        media_type="application/sparql-results+json",
        title="JSON",
        forms=_RESULTS,
        engine=ox.QueryResultsFormat.JSON,
        aliases=("application/json",),
        other_names=("srj",),
    ),
    Format(
        name="xml",
        media_type="application/sparql-results+xml",
        title="XML",
        forms=_RESULTS,
        engine=ox.QueryResultsFormat.XML,
        aliases=("application/xml", "text/xml"),
        other_names=("srx",),
    ),
    Format(
        name="csv",
        media_type="text/csv",
        title="CSV",
        forms=_TABLE,
        engine=ox.QueryResultsFormat.CSV,
        parameters=_UTF8 + "; header=present",
    ),
    Format(
        name="tsv",
        media_type="text/tab-separated-values",
        title="TSV",
        forms=_TABLE,
        engine=ox.QueryResultsFormat.TSV,
        parameters=_UTF8,
    ),
    Format(
        name="ttl",
        media_type="text/turtle",
        title="Turtle",
        forms=_GRAPH,
        engine=ox.RdfFormat.TURTLE,
        parameters=_UTF8,
        aliases=("application/x-turtle", "application/turtle"),
        other_names=("turtle",),
    ),
    Format(
        name="nt",
        media_type="application/n-triples",
        title="N-Triples",
        forms=_GRAPH,
        engine=ox.RdfFormat.N_TRIPLES,
        aliases=("text/plain",),
        other_names=("ntriples", "n-triples"),
    ),
    Format(
        name="rdf",
        media_type="application/rdf+xml",
        title="RDF/XML",
        forms=_GRAPH,
        engine=ox.RdfFormat.RDF_XML,
        aliases=("application/xml", "text/xml"),
        other_names=("rdfxml", "rdf+xml", "rdf-xml", "xml"),
    ),
    Format(
        name="jsonld",
        media_type="application/ld+json",
        title="JSON-LD",
        forms=_GRAPH,
        engine=ox.RdfFormat.JSON_LD,
        aliases=("application/json",),
        other_names=("json-ld", "ld+json", "json"),
    ),
    Format(
        name="nq",
        media_type="application/n-quads",
        title="N-Quads",
        forms=_GRAPH,
        engine=ox.RdfFormat.N_QUADS,
        aliases=("text/x-nquads",),
        other_names=("nquads", "n-quads"),
    ),
    Format(
        name="trig",
        media_type="application/trig",
        title="TriG",
        forms=_GRAPH,
        engine=ox.RdfFormat.TRIG,
        aliases=("application/x-trig",),
    ),
    Format(
        name="n3",
        media_type="text/n3",
        title="N3",
        forms=_GRAPH,
        engine=ox.RdfFormat.N3,
        parameters=_UTF8,
        aliases=("text/rdf+n3", "application/n3"),
    ),
)
"""The formats of results and graphs, the preferred ones first among those that a client accepts equally."""

HTML: Final = MediaFormat(name="html", media_type="text/html", title="HTML", parameters=_UTF8)
JSON: Final = MediaFormat(name="json", media_type="application/json", title="JSON")
"""JSON of our own, for what no other format here is made for."""
QUERY_TEXT: Final = MediaFormat(
    name="rq", media_type="application/sparql-query", title="SPARQL (.rq)", parameters=_UTF8
)

FormatT = TypeVar("FormatT", bound=MediaFormat)


def formats_for(form: Form) -> tuple[Format, ...]:
    """Return the formats that can hold a result of this form, the preferred ones first."""
    return tuple(each for each in FORMATS if form in each.forms)


def named(*names: str, form: Form = "bindings") -> tuple[Format, ...]:
    """Return the formats of this form with the `names`, in their order."""
    by_name = {each.name: each for each in formats_for(form)}
    return tuple(by_name[name] for name in names)


def by_media_type(form: Form) -> dict[str, Format]:
    """Return the formats of this form by each media type that selects them, the preferred ones first."""
    return by_accepted_type(formats_for(form))


def by_accepted_type(offered: Sequence[FormatT]) -> dict[str, FormatT]:
    """Return the formats `offered` by each media type that selects them: first their own, then the aliases.

    An alias that several have selects the first of them.
    """
    found = {each.media_type: each for each in offered}
    for each in offered:
        for alias in each.aliases:
            found.setdefault(alias, each)
    return found


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
