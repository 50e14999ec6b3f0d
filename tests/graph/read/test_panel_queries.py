"""The queries of the panels."""

import pytest
from pyoxigraph import QuerySolutions, Store

from graph.core.iris import entity_iri
from graph.core.namespaces import BASE
from graph.query import guard
from graph.read.panel_queries import PANEL_QUERIES, panel_query

EXAMPLES = {
    "standing": entity_iri("organisation", "goteborgs-kommun"),
    "adopters": entity_iri("product", "office-365"),
    "questions": entity_iri("organisation", "malmo-kommun"),
    "views": entity_iri("product", "office-365"),
    "under-act": entity_iri("law", "osl"),
    "said-for": entity_iri("organisation", "malmo-kommun"),
    "said-about": entity_iri("organisation", "goteborgs-kommun"),
    "assessed-by-others": entity_iri("organisation", "region-uppsala"),
    "said-by": entity_iri("person", "patrik-kron-malmo-kommun"),
    "said-of-product": entity_iri("product", "office-365"),
    "said-of-act": entity_iri("law", "gdpr"),
    "published": entity_iri("organisation", "ny-teknik"),
    "said-in": entity_iri("source", "ny-teknik-office-365"),
    "resting-on": entity_iri("passage", "ny-teknik-office-365-1096-1179"),
    "safeguards": entity_iri("organisation", "region-stockholm"),
    "people": entity_iri("organisation", "malmo-kommun"),
    "offices": entity_iri("person", "patrik-kron-malmo-kommun"),
    "offices-resting-on": entity_iri("passage", "ny-teknik-office-365-1060-1093"),
    "mail": entity_iri("organisation", "goteborgs-kommun"),
    "coverage": entity_iri("source", "ny-teknik-office-365"),
    "supports": entity_iri("statement", "ny-teknik-office-365-malmo-annan-syn"),
    "facts": entity_iri("organisation", "goteborgs-kommun"),
    "links-here": entity_iri("organisation", "goteborgs-kommun"),
}


@pytest.mark.parametrize("name", PANEL_QUERIES)
def test_every_panel_query_is_allowed_and_has_rows(graph_store: Store, name: str) -> None:
    query = panel_query(name, EXAMPLES[name])
    assert query
    guard.check_query(query, base_iri=BASE)
    rows = graph_store.query(query)
    assert isinstance(rows, QuerySolutions)
    assert len(list(rows)) > 0


@pytest.mark.parametrize(
    "name",
    ["https://example.org/> } DELETE { ?s ?p ?o", "https://example.org/a b", "no scheme", "", 'x:"', "x:\n"],
)
def test_a_malformed_iri_has_no_panel_query(name: str) -> None:
    assert panel_query("facts", name) is None
