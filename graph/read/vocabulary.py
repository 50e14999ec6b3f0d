"""The project's vocabulary as its documentation explains it: classes, properties, code lists, their rules.

It is read from the files of `ontology/` that this program was made with, not from what is served: its
identifiers mean the same beside anybody's data.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from graph.core.namespaces import DCTERMS, OWL, RDF, RDFS, SH, SKOS, UTS
from graph.core.terms import Term, iri
from graph.query.store import ReleaseStore
from graph.rdf import formats, ontology_files, reader
from graph.rdf.writer import write_graph
from graph.read import shapes
from graph.read.entities import Entities, Ref
from graph.read.shapes import Shape

NAME: Final = UTS.removesuffix("#")
CONTEXT: Final = ontology_files.ONTOLOGY_FOLDER / "context.jsonld"
EXAMPLES: Final = ontology_files.ONTOLOGY_FOLDER / "examples"
_CLASSES: Final = (OWL + "Class", RDFS + "Class")
_PROPERTIES: Final = (OWL + "ObjectProperty", OWL + "DatatypeProperty", RDF + "Property")


@dataclass(frozen=True)
class Entry:
    """One class or property: its names, what it means, what it is related to, its rules."""

    ref: Ref
    is_class: bool
    definitions: tuple[Term, ...]
    relations: dict[str, tuple[Ref, ...]]  # above, below, domain, range, inverse, ruled (classes with a rule)
    shapes: tuple[Shape, ...]
    inherited: tuple[Ref, ...]  # the terms above that have rules too
    example: str  # the name of the files that show a right and a wrong use, without extension, or ""


@dataclass(frozen=True)
class Code:
    """One code of a list."""

    ref: Ref
    notation: str
    definitions: tuple[Term, ...]


@dataclass(frozen=True)
class CodeList:
    """A list of codes, in the order in which to show them."""

    ref: Ref
    definitions: tuple[Term, ...]
    codes: tuple[Code, ...]


@dataclass(frozen=True)
class Definitions:
    """Everything that is explained."""

    ref: Ref
    descriptions: tuple[Term, ...]
    version: str
    classes: tuple[Entry, ...]
    properties: tuple[Entry, ...]
    lists: tuple[CodeList, ...]
    borrowed: tuple[Entry, ...]  # classes and properties of other vocabularies


@cache
def read() -> Definitions:
    """Return the vocabulary, read from its files once."""
    entities = Entities(ReleaseStore.of(ontology_files.read_ontology(), union=True))
    rules = shapes.read(entities)
    entries = [
        _entry(entities, rules, name, types is _CLASSES)
        for types in (_CLASSES, _PROPERTIES)
        for name in sorted({name for type_ in types for name in entities.members(type_)})
    ]
    own = [entry for entry in entries if entry.ref.iri.startswith(UTS)]
    node = entities.node(iri(NAME))
    version = node.literal(OWL + "versionInfo")
    return Definitions(
        ref=entities.ref(NAME),
        descriptions=node.literals(DCTERMS + "description"),
        version=version.value if version else "",
        classes=tuple(entry for entry in own if entry.is_class),
        properties=tuple(entry for entry in own if not entry.is_class),
        lists=tuple(_list(entities, name) for name in sorted(entities.members(SKOS + "ConceptScheme"))),
        borrowed=tuple(entry for entry in entries if entry not in own),
    )


@cache
def terms() -> frozenset[str]:
    """Return the IRIs of the terms of our own."""
    return frozenset(entry.ref.iri for entry in (*read().classes, *read().properties))


def document(media_type: str) -> bytes:
    """Return the vocabulary, its alignments and its code lists in a format of graphs."""
    lists = sorted((ontology_files.ONTOLOGY_FOLDER / "codelists").glob("*.ttl"))
    files = (
        ontology_files.ONTOLOGY_FOLDER / "utsaga.ttl",
        ontology_files.ONTOLOGY_FOLDER / "alignments.ttl",
        *lists,
    )
    return _written(files, media_type)


def rules(media_type: str) -> bytes:
    """Return the shapes in a format of graphs."""
    return _written((ontology_files.ONTOLOGY_FOLDER / "shapes.ttl",), media_type)


@cache
def _written(files: tuple[Path, ...], media_type: str) -> bytes:
    """Return the triples in `files`, their blank nodes called the same each time."""
    quads = (quad for file in files for quad in reader.read_quads(file))
    return write_graph((quad.triple for quad in quads), formats.by_media_type("graph")[media_type])


def _entry(entities: Entities, rules: dict[str, tuple[Shape, ...]], name: str, is_class: bool) -> Entry:
    node = entities.node(iri(name))
    upwards = RDFS + ("subClassOf" if is_class else "subPropertyOf")
    relations = {
        "above": node.iris(upwards),
        "below": tuple(sorted(entities.subjects(name, upwards))),
        "domain": node.iris(RDFS + "domain"),
        "range": node.iris(RDFS + "range"),
        "inverse": (*node.iris(OWL + "inverseOf"), *entities.subjects(name, OWL + "inverseOf")),
        "ruled": tuple(term for term, its in rules.items() if any(name in shape.paths for shape in its)),
    }
    above = [each for each in _all_above(entities, name, upwards) if each in rules]
    example = name.replace("#", "/").rpartition("/")[2] if is_class else ""
    return Entry(
        ref=entities.ref(name),
        is_class=is_class,
        definitions=node.literals(SKOS + "definition"),
        relations={relation: entities.refs(names) for relation, names in relations.items()},
        shapes=rules.get(name, ()),
        inherited=entities.refs(tuple(above)),
        example=example if example and (EXAMPLES / f"{example}.ttl").is_file() else "",
    )


def _all_above(entities: Entities, name: str, upwards: str) -> tuple[str, ...]:
    """Return the terms above `name`, the nearest first."""
    found: dict[str, None] = {}
    left = [name]
    while left:
        uppers = [each for each in entities.node(iri(left.pop(0))).iris(upwards) if each not in found]
        found |= dict.fromkeys(uppers)
        left += uppers
    return tuple(found)


def _list(entities: Entities, name: str) -> CodeList:
    node = entities.node(iri(name))
    codes = [_code(entities, each) for each in _in_order(entities, name)]
    return CodeList(entities.ref(name), node.literals(SKOS + "definition"), tuple(codes))


def _in_order(entities: Entities, scheme: str) -> list[str]:
    def order(code: str) -> tuple[int, str]:
        return entities.node(iri(code)).integer(SH + "order") or 0, code

    return sorted(entities.subjects(scheme, SKOS + "inScheme"), key=order)


def _code(entities: Entities, name: str) -> Code:
    node = entities.node(iri(name))
    notation = node.literal(SKOS + "notation")
    return Code(entities.ref(name), notation.value if notation else "", node.literals(SKOS + "definition"))
