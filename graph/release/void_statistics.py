"""The VoID statistics of a release: in all, by class and by property."""

from collections.abc import Iterator, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from graph.core.extensions import extension
from graph.core.namespaces import (
    BASE,
    DATASET,
    DCAT,
    DCTERMS,
    DOCUMENT,
    PREFIXES,
    RDF,
    UTS,
    VOID,
    XSD,
    compact_iri,
)
from graph.rdf.convert import make_triple
from graph.release.content_statistics import ContentStatistics

_EXAMPLES: Final = (UTS + "Statement", UTS + "Product", *extension("example_classes", ()), UTS + "Person")


def describe(content: ContentStatistics) -> Iterator[Triple]:
    """Yield the statistics of `content`, with vocabularies, examples and period."""
    totals = {
        "triples": content.triples,
        "entities": content.entities,
        "classes": len(content.classes),
        "properties": len(content.properties),
        "distinctSubjects": content.subjects,
        "distinctObjects": content.objects,
    }
    for name, total in totals.items():
        yield make_triple(DATASET, VOID + name, number(total))
    yield from _parts("property", "triples", content.properties)
    yield from _parts("class", "entities", content.classes)
    foreign = {full for full in PREFIXES.values() if not full.startswith(BASE)}
    for full in sorted(foreign | {UTS}):
        if any(name.startswith(full) for name in (*content.properties, *content.classes)):
            yield make_triple(DATASET, VOID + "vocabulary", NamedNode(full))
    for each in _EXAMPLES:
        if example := content.examples.get(each):
            yield make_triple(DATASET, VOID + "exampleResource", NamedNode(example))
    yield from _period(content.years)


def _parts(part: str, unit: str, counts: Mapping[str, int]) -> Iterator[Triple]:
    """Yield a partition for each class or property (`part`), with the number of its `unit`."""
    for name, each in sorted(counts.items()):
        node = f"{DOCUMENT}#{part}-{slug(name)}"
        yield make_triple(DATASET, f"{VOID}{part}Partition", NamedNode(node))
        yield make_triple(node, VOID + part, NamedNode(name))
        yield make_triple(node, VOID + unit, number(each))


def _period(years: tuple[str, str] | None) -> Iterator[Triple]:
    """Yield the period from the first to the last year of sources and claims."""
    if years:
        node = f"{DOCUMENT}#period"
        yield make_triple(DATASET, DCTERMS + "temporal", NamedNode(node))
        yield make_triple(node, RDF + "type", NamedNode(DCTERMS + "PeriodOfTime"))
        for name, year in zip(("startDate", "endDate"), years, strict=True):
            yield make_triple(node, DCAT + name, Literal(year, datatype=NamedNode(XSD + "gYear")))


def number(value: int) -> Literal:
    """Return an xsd:integer."""
    return Literal(str(value), datatype=NamedNode(XSD + "integer"))


def slug(name: str) -> str:
    """Return a URL fragment for the IRI `name`: its CURIE with dots for unsafe characters."""
    safe = (
        each if each.isascii() and (each.isalnum() or each in ".-_") else "." for each in compact_iri(name)
    )
    return "".join(safe)
