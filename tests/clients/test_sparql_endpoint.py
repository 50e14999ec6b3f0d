"""Other people's SPARQL clients work against our endpoint."""

from typing import Any

import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import RDF, RDFS
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, GET, JSON, POST, POSTDIRECTLY, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from graph.release.release import Release

pytestmark = pytest.mark.slow

REGION = "https://w3id.org/utsaga/id/organisation/region-gotland"
LABELS = f"SELECT ?label WHERE {{ <{REGION}> <{RDFS.label}> ?label }} ORDER BY LANG(?label)"
LAWS = "SELECT ?law WHERE { ?law a <https://w3id.org/utsaga/ns#LegalAct> }"


@pytest.fixture
def wrapper(server: str) -> SPARQLWrapper:
    return SPARQLWrapper(f"{server}/sparql")


@pytest.mark.parametrize("method", [GET, POST])
def test_sparqlwrapper_reads_rows(wrapper: SPARQLWrapper, method: str) -> None:
    wrapper.setMethod(method)
    wrapper.setReturnFormat(JSON)
    wrapper.setQuery(LABELS)
    rows = _answer(wrapper)["results"]["bindings"]
    assert {"type": "literal", "xml:lang": "sv", "value": "Region Gotland"} in [row["label"] for row in rows]


def test_sparqlwrapper_sends_a_query_alone(wrapper: SPARQLWrapper) -> None:
    wrapper.setMethod(POST)
    wrapper.setRequestMethod(POSTDIRECTLY)
    wrapper.setReturnFormat(XML)
    wrapper.setQuery("ASK { ?s ?p ?o }")
    assert "<boolean>true</boolean>" in _answer(wrapper).toxml()


def test_sparqlwrapper_reads_tables_and_graphs(wrapper: SPARQLWrapper) -> None:
    wrapper.setReturnFormat(CSV)
    wrapper.setQuery(LABELS)
    assert _answer(wrapper).startswith(b"label\r\n")
    wrapper.setReturnFormat(TURTLE)
    wrapper.setQuery(f"CONSTRUCT WHERE {{ <{REGION}> ?p ?o }}")
    assert len(Graph().parse(data=_answer(wrapper), format="turtle")) > 9


def test_sparqlwrapper_is_told_what_is_wrong(wrapper: SPARQLWrapper) -> None:
    wrapper.setQuery("SELECT nonsense")
    with pytest.raises(QueryBadFormed, match="nonsense"):
        wrapper.query()


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("form", ["xml", "json", "csv", "tsv"])
def test_rdflibs_store_asks_us(server: str, release: Release, method: str, form: str) -> None:
    graph = Graph(SPARQLStore(f"{server}/sparql", method=method, returnFormat=form, context_aware=False))
    act = URIRef("https://w3id.org/utsaga/ns#LegalAct")
    count = release.manifest.classes[str(act)]
    assert len(list(graph.query(LAWS))) == count
    assert len(set(graph.subjects(RDF.type, act))) == count
    assert (URIRef(REGION), RDFS.label, None) in graph


def _answer(wrapper: SPARQLWrapper) -> Any:
    return wrapper.queryAndConvert()
