"""The VoID statistics of a release: in all, by class and by property."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from graph.core.extensions import extension
from graph.core.namespaces import (
    BASE,
    DATASET,
    DCAT,
    DCTERMS,
    DOCUMENT,
    ID,
    PREFIXES,
    RDF,
    UTS,
    VOID,
    XSD,
    compact_iri,
)
from graph.rdf.convert import make_triple

_EXAMPLES: Final = (UTS + "Statement", UTS + "Product", *extension("example_classes", ()), UTS + "Person")
_DATES: Final = (DCTERMS + "issued", UTS + "asOf")


def count(triples: set[Triple]) -> Iterator[Triple]:
    """Yield the statistics of `triples`, with vocabularies, examples and period."""
    properties = Counter(triple.predicate.value for triple in triples)
    classes = _classes(triples)
    subjects = {triple.subject for triple in triples}
    totals = {
        "triples": len(triples),
        "entities": sum(isinstance(each, NamedNode) and each.value.startswith(ID) for each in subjects),
        "classes": len(classes),
        "properties": len(properties),
        "distinctSubjects": len(subjects),
        "distinctObjects": len({triple.object for triple in triples}),
    }
    for name, total in totals.items():
        yield make_triple(DATASET, VOID + name, number(total))
    yield from _parts("property", "triples", properties)
    yield from _parts("class", "entities", {name: len(members) for name, members in classes.items()})
    foreign = {full for full in PREFIXES.values() if not full.startswith(BASE)}
    for full in sorted(foreign | {UTS}):
        if any(name.startswith(full) for name in (*properties, *classes)):
            yield make_triple(DATASET, VOID + "vocabulary", NamedNode(full))
    for each in _EXAMPLES:
        if members := classes.get(each):
            yield make_triple(DATASET, VOID + "exampleResource", NamedNode(min(members)))
    yield from _period(triples)


def _classes(triples: set[Triple]) -> dict[str, set[str]]:
    """Return the IRIs of the members of each class."""
    found: dict[str, set[str]] = defaultdict(set)
    for triple in triples:
        subject, value = triple.subject, triple.object
        if triple.predicate.value != RDF + "type" or not isinstance(subject, NamedNode):
            continue
        if isinstance(value, NamedNode):
            found[value.value].add(subject.value)
    return found


def _parts(part: str, unit: str, counts: dict[str, int]) -> Iterator[Triple]:
    """Yield a partition for each class or property (`part`), with the number of its `unit`."""
    for name, each in sorted(counts.items()):
        node = f"{DOCUMENT}#{part}-{slug(name)}"
        yield make_triple(DATASET, f"{VOID}{part}Partition", NamedNode(node))
        yield make_triple(node, VOID + part, NamedNode(name))
        yield make_triple(node, VOID + unit, number(each))


def _period(triples: set[Triple]) -> Iterator[Triple]:
    """Yield the period of the dates of sources and claims."""
    years = sorted(
        triple.object.value[:4]
        for triple in triples
        if triple.predicate.value in _DATES
        and isinstance(triple.object, Literal)
        and str(triple.subject).startswith(f"<{ID}")
        and triple.object.value[:4].isdecimal()
    )
    if years:
        node = f"{DOCUMENT}#period"
        yield make_triple(DATASET, DCTERMS + "temporal", NamedNode(node))
        yield make_triple(node, RDF + "type", NamedNode(DCTERMS + "PeriodOfTime"))
        for name, year in (("startDate", years[0]), ("endDate", years[-1])):
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
