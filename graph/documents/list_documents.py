"""One page of a list of entities as RDF: https://schema.org/ItemList, with the pages before and after it.

It has what the page of the list for people has, so that a list of any length can be read page by page:
https://www.hydra-cg.com/spec/latest/core/#hydra:PartialCollectionView.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from graph.core.namespaces import SCHEMA, TYPE, XSD
from graph.core.terms import Term, iri, text
from graph.documents.document_source import DocumentSource, name_triples
from graph.rdf.convert import Triple, to_triple
from graph.rdf.formats import Format
from graph.rdf.writer import write_graph
from graph.read.entities import Entities

HYDRA: Final = "http://www.w3.org/ns/hydra/core#"


@dataclass(frozen=True)
class ListPart:
    """One page of a list: the IRIs of its entities, the place of the first, the total, and its neighbours.

    `titles` are the names of the whole list by language; `pages` are the addresses of other pages of it, by
    their relation to this one: "first", "previous", "next", "last".
    """

    address: str
    titles: Mapping[str, str]
    names: Sequence[str]
    start: int
    total: int
    pages: Mapping[str, str]


def rdf_document(entities: Entities, part: ListPart, format_: Format, source: DocumentSource) -> bytes:
    """Return a page of a list, whose document is at `source`, in a format of graphs."""
    return write_graph((*source.triples(part.address), *_list(part), *_items(entities, part)), format_)


def _list(part: ListPart) -> Iterator[Triple]:
    whole = iri(part.address)
    yield to_triple(whole, TYPE, iri(SCHEMA + "ItemList"))
    yield to_triple(whole, TYPE, iri(HYDRA + "PartialCollectionView"))
    for language, title in part.titles.items():
        yield to_triple(whole, SCHEMA + "name", text(title, language))
    yield to_triple(whole, SCHEMA + "numberOfItems", _number(part.total))
    for relation, address in part.pages.items():
        yield to_triple(whole, HYDRA + relation, iri(address))


def _items(entities: Entities, part: ListPart) -> Iterator[Triple]:
    """Yield the entities of the page with their places in the whole list, their classes and their names."""
    entities.preload(part.names)
    for position, name in enumerate(part.names, part.start):
        item = iri(f"{part.address}#{position}")
        yield to_triple(iri(part.address), SCHEMA + "itemListElement", item)
        yield to_triple(item, TYPE, iri(SCHEMA + "ListItem"))
        yield to_triple(item, SCHEMA + "position", _number(position))
        yield to_triple(item, SCHEMA + "item", iri(name))
        for class_ in entities.node(iri(name)).iris(TYPE):
            yield to_triple(iri(name), TYPE, iri(class_))
    yield from name_triples(entities, part.names)


def _number(value: int) -> Term:
    return Term(str(value), "literal", datatype=XSD + "integer")
