"""The offices of a person as values of the text index: “lawyer, some authority”."""

from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from graph.core.namespaces import ORG, RDFS, SCHEMA
from graph.search.fields import StoredValue

_ROLE: Final = SCHEMA + "roleName"
_MAX_OFFICES: Final = 50  # of one person
ObjectT = TypeVar("ObjectT", Literal, NamedNode)


def read_offices(engine: Store, offices: Iterable[Literal | NamedNode]) -> list[StoredValue]:
    """Return a value for each title of `offices`, in its language, with the names of its organisations."""
    found = [
        value
        for office in list(offices)[:_MAX_OFFICES]
        if isinstance(office, NamedNode)
        for value in _office_values(engine, office)
    ]
    return list(dict.fromkeys(found))


def _office_values(engine: Store, office: NamedNode) -> Iterator[StoredValue]:
    organisations = sorted(_objects(engine, office, ORG + "organization", NamedNode), key=str)
    for title in sorted(_objects(engine, office, _ROLE, Literal), key=str):
        language = title.language or ""
        names = (_name(engine, organisation, language) for organisation in organisations)
        yield "office", _ROLE, language, ", ".join((title.value, *filter(None, names)))


def _name(engine: Store, organisation: NamedNode, language: str) -> str:
    """Return the label of `organisation` in `language`, or in any if there is none, or ""."""
    labels = sorted(_objects(engine, organisation, RDFS + "label", Literal), key=str)
    return next((label.value for label in sorted(labels, key=lambda label: label.language != language)), "")


def _objects(engine: Store, subject: NamedNode, name: str, kind: type[ObjectT]) -> list[ObjectT]:
    quads = engine.quads_for_pattern(subject, NamedNode(name), None, DefaultGraph())
    return [quad.object for quad in quads if isinstance(quad.object, kind)]
