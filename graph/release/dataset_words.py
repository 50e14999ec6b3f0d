"""What is said of a data set in words: the file `dataset.ttl` of the site, or else what `utsaga.toml` says.

https://semiceu.github.io/DCAT-AP/releases/3.0.0/, https://www.w3.org/TR/void/
"""

from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from graph.core.namespaces import BASE, DATASET, DCAT, DCTERMS, DOCUMENT, FOAF, ID, LICENCE, RDF, VOID
from graph.core.site import SITE
from graph.rdf.convert import Node, make_triple

FILE: Final = "dataset.ttl"  # in the folder of the site
_CATALOGUE: Final = f"{DOCUMENT}#catalogue"
_PUBLISHER: Final = f"{DOCUMENT}#publisher"
_SERVICE: Final = f"{DOCUMENT}#sparql"
_CONTACT: Final = f"{DOCUMENT}#contact"
_VCARD: Final = "http://www.w3.org/2006/vcard/ns#"
_PROTOCOL: Final = "https://www.w3.org/TR/sparql11-protocol/"


def read_words() -> Iterator[Triple]:
    """Yield the description in words; raise ValueError for a malformed file."""
    file = SITE.folder / FILE
    if file.exists():
        yield from (quad.triple for quad in parse(path=file, format=RdfFormat.TURTLE))
    else:
        yield from _generated()


def _generated() -> Iterator[Triple]:
    yield from _thing(DOCUMENT, VOID + "DatasetDescription", _titles())
    yield make_triple(DOCUMENT, FOAF + "primaryTopic", NamedNode(DATASET))
    for topic in (_CATALOGUE, _SERVICE):
        yield make_triple(DOCUMENT, FOAF + "topic", NamedNode(topic))
    yield from _thing(_CATALOGUE, DCAT + "Catalog", _titles())
    yield make_triple(_CATALOGUE, DCAT + "dataset", NamedNode(DATASET))
    yield make_triple(_CATALOGUE, DCAT + "service", NamedNode(_SERVICE))
    for class_ in (DCAT, VOID):
        yield from _thing(DATASET, f"{class_}Dataset", _titles())
    for name in (_CATALOGUE, DATASET):
        yield from _published(name)
        yield make_triple(name, FOAF + "homepage", NamedNode(BASE))
    yield make_triple(DATASET, DCTERMS + "identifier", Literal(DATASET))
    yield make_triple(DATASET, DCAT + "landingPage", NamedNode(DOCUMENT))
    yield make_triple(DATASET, VOID + "sparqlEndpoint", NamedNode(BASE + "sparql"))
    yield make_triple(DATASET, VOID + "uriSpace", Literal(ID))
    yield from _thing(_SERVICE, DCAT + "DataService", [Literal(f"{SITE.name}: SPARQL")])
    yield from _published(_SERVICE)
    yield make_triple(_SERVICE, DCAT + "endpointURL", NamedNode(BASE + "sparql"))
    yield make_triple(_SERVICE, DCTERMS + "conformsTo", NamedNode(_PROTOCOL))
    yield make_triple(_SERVICE, DCAT + "servesDataset", NamedNode(DATASET))
    yield make_triple(_PUBLISHER, RDF + "type", NamedNode(FOAF + "Agent"))
    yield make_triple(_PUBLISHER, FOAF + "name", Literal(SITE.publisher))


def _thing(name: str, class_: str, titles: list[Literal]) -> Iterator[Triple]:
    yield make_triple(name, RDF + "type", NamedNode(class_))
    for title in titles:
        yield make_triple(name, DCTERMS + "title", title)


def _titles() -> list[Literal]:
    return [Literal(SITE.name, language=tag) for tag in SITE.languages]


def _published(name: str) -> Iterator[Triple]:
    """Yield who publishes the thing with the IRI `name`, under which licence, and what it is."""
    described: list[Node] = [Literal(words, language=tag) for tag, words in SITE.description.items()]
    for words in described or [Literal(SITE.summary)]:
        yield make_triple(name, DCTERMS + "description", words)
    yield make_triple(name, DCTERMS + "publisher", NamedNode(_PUBLISHER))
    yield make_triple(name, DCTERMS + "license", NamedNode(LICENCE))
    if SITE.contact:
        yield make_triple(name, DCAT + "contactPoint", NamedNode(_CONTACT))
        yield make_triple(_CONTACT, RDF + "type", NamedNode(_VCARD + "Organization"))
        yield make_triple(_CONTACT, _VCARD + "fn", Literal(SITE.publisher))
