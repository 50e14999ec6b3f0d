"""The site's vocabulary as its documentation shows it: classes, properties, code lists and shapes.

It is read from the files of the ontology, those of the parts too, not from the release that is served: its
terms mean the same with any data.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from graph.core.errors import NotFound
from graph.core.namespaces import (
    DCTERMS,
    DISPLAY_NAME,
    NAMESPACE,
    OWL,
    RDF,
    RDFS,
    REPLACED_BY,
    SH,
    SKOS,
    UTS,
)
from graph.core.terms import Term, iri
from graph.query.store import ReleaseStore
from graph.rdf import formats, ontology_files
from graph.rdf.writer import write_graph
from graph.read.entities import Entities, Ref
from graph.vocabulary import shacl_shapes
from graph.vocabulary.shacl_shapes import ShaclShape

VOCABULARY_IRI: Final = NAMESPACE.removesuffix("#")
DOCUMENTS: Final = ontology_files.DOCUMENTS
"""The documents that the vocabulary is published as, by the last part of their IRIs."""
CONTEXT: Final = ontology_files.ONTOLOGY_FOLDER / "context.jsonld"
EXAMPLES: Final = ontology_files.ONTOLOGY_FOLDER / "examples"
_CLASSES: Final = (OWL + "Class", RDFS + "Class")
_PROPERTIES: Final = (
    *(OWL + each for each in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")),
    RDF + "Property",
)
_NAMED: Final = f"SELECT DISTINCT ?term WHERE {{ ?term <{DISPLAY_NAME}> ?name }}"
_USED_AS_CLASSES: Final = f"""
SELECT DISTINCT ?term WHERE {{
  {{ ?shape <{SH}targetClass> ?term }} UNION {{ ?class <{RDFS}subClassOf> ?term }}
  UNION {{ ?term <{RDFS}subClassOf> ?class }} }}"""


@dataclass(frozen=True)
class VocabularyTerm:
    """A class or property with its definitions, related terms and shapes."""

    ref: Ref
    is_class: bool
    definitions: tuple[Term, ...]
    relations: dict[
        str, tuple[Ref, ...]
    ]  # above, below, domain, range, inverse, ruled (targets of shapes), instead
    is_deprecated: bool  # in favour of the terms `instead`, if any
    shapes: tuple[ShaclShape, ...]
    inherited: tuple[Ref, ...]  # the ancestors with shapes
    example: str  # the name of the files with a valid and an invalid example, without extension, or ""


@dataclass(frozen=True)
class ListedCode:
    """A code of a code list."""

    ref: Ref
    notation: str
    definitions: tuple[Term, ...]


@dataclass(frozen=True)
class CodeList:
    """A code list with its codes in display order."""

    ref: Ref
    definitions: tuple[Term, ...]
    codes: tuple[ListedCode, ...]


@dataclass(frozen=True)
class Vocabulary:
    """The vocabulary: its classes, properties and code lists, and terms of other vocabularies with shapes."""

    ref: Ref
    descriptions: tuple[Term, ...]
    version: str
    classes: tuple[VocabularyTerm, ...]
    properties: tuple[VocabularyTerm, ...]
    lists: tuple[CodeList, ...]
    foreign_terms: tuple[VocabularyTerm, ...]  # what has a display name, those used as classes first


@cache
def read_vocabulary() -> Vocabulary:
    """Return the vocabulary, which is read from its files once."""
    entities = Entities(ReleaseStore.of(ontology_files.read_ontology(), union=True))
    rules = shacl_shapes.read_shapes(entities)
    classes = {name for type_ in _CLASSES for name in entities.members(type_)}
    properties = {
        name for type_ in _PROPERTIES for name in entities.members(type_) if name.startswith((UTS, NAMESPACE))
    }
    foreign_terms = _foreign_terms(entities)
    used_as_classes = foreign_terms & _terms(entities, _USED_AS_CLASSES)

    def entries(names: Iterable[str], *, are_classes: bool) -> tuple[VocabularyTerm, ...]:
        return tuple(_entry(entities, rules, name, are_classes) for name in sorted(names))

    node = entities.node(iri(VOCABULARY_IRI))
    version = node.literal(OWL + "versionInfo")
    return Vocabulary(
        ref=entities.ref(VOCABULARY_IRI),
        descriptions=node.literals(DCTERMS + "description"),
        version=version.value if version else "",
        classes=entries(classes, are_classes=True),
        properties=entries(properties, are_classes=False),
        lists=tuple(_list(entities, name) for name in sorted(entities.members(SKOS + "ConceptScheme"))),
        foreign_terms=entries(used_as_classes, are_classes=True)
        + entries(foreign_terms - used_as_classes, are_classes=False),
    )


@cache
def own_terms() -> frozenset[str]:
    """Return the IRIs of the classes and properties of the vocabulary."""
    return frozenset(entry.ref.iri for entry in (*read_vocabulary().classes, *read_vocabulary().properties))


@cache
def rdf_document(name: str, media_type: str) -> bytes:
    """Return the document `name` of `DOCUMENTS` in the graph format `media_type`; raise NotFound without one.

    It is cached, so that the labels of its blank nodes do not change.
    """
    triples = ontology_files.read_document(name)
    if not triples:
        raise NotFound("This site has no such document", rule="ontology", remedy="see those at /ns")
    return write_graph(triples, formats.by_media_type("graph")[media_type])


def _foreign_terms(entities: Entities) -> set[str]:
    """Return the IRIs that have a display name and lie in a namespace that has one."""
    named = _terms(entities, _NAMED)
    namespaces = {name for name in named if name.endswith(("#", "/"))}
    return {name for name in named - namespaces if name.startswith(tuple(namespaces))}


def _terms(entities: Entities, query: str) -> set[str]:
    return {row["term"].value for row in entities.select(query) if row["term"].kind == "iri"}


def _entry(
    entities: Entities, rules: dict[str, tuple[ShaclShape, ...]], name: str, is_class: bool
) -> VocabularyTerm:
    node = entities.node(iri(name))
    upwards = RDFS + ("subClassOf" if is_class else "subPropertyOf")
    relations = {
        "above": node.iris(upwards),
        "below": tuple(sorted(entities.subjects(name, upwards))),
        "domain": node.iris(RDFS + "domain"),
        "range": node.iris(RDFS + "range"),
        "inverse": (*node.iris(OWL + "inverseOf"), *entities.subjects(name, OWL + "inverseOf")),
        "instead": node.iris(REPLACED_BY),
        "ruled": tuple(term for term, its in rules.items() if any(name in shape.paths for shape in its)),
    }
    above = [each for each in _ancestors(entities, name, upwards) if each in rules]
    example = name.replace("#", "/").rpartition("/")[2] if is_class else ""
    return VocabularyTerm(
        ref=entities.ref(name),
        is_class=is_class,
        definitions=node.literals(SKOS + "definition") or node.literals(RDFS + "comment"),
        relations={relation: entities.refs(names) for relation, names in relations.items()},
        is_deprecated=any(value.value in {"true", "1"} for value in node.literals(OWL + "deprecated")),
        shapes=rules.get(name, ()),
        inherited=entities.refs(tuple(above)),
        example=example if example and (EXAMPLES / f"{example}.ttl").is_file() else "",
    )


def _ancestors(entities: Entities, name: str, upwards: str) -> tuple[str, ...]:
    """Return the IRIs of the ancestors of the term `name` by the property `upwards`, the nearest first."""
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


def _code(entities: Entities, name: str) -> ListedCode:
    node = entities.node(iri(name))
    notation = node.literal(SKOS + "notation")
    return ListedCode(
        entities.ref(name), notation.value if notation else "", node.literals(SKOS + "definition")
    )
