"""The question behind each panel."""

import pytest
from pyoxigraph import QuerySolutions, Store

from graph.core.iris import entity
from graph.core.namespaces import BASE
from graph.query import guard
from graph.read.panel_queries import PANELS, panel

EXAMPLES = {
    "standing": entity("organisation", "goteborgs-kommun"),
    "adopters": entity("product", "office-365"),
    "questions": entity("organisation", "malmo-kommun"),
    "views": entity("product", "office-365"),
    "under-act": entity("law", "osl"),
    "said-for": entity("organisation", "malmo-kommun"),
    "said-about": entity("organisation", "goteborgs-kommun"),
    "said-by": entity("person", "patrik-kron"),
    "said-of-product": entity("product", "office-365"),
    "said-of-act": entity("law", "gdpr"),
    "published": entity("organisation", "ny-teknik"),
    "said-in": entity("source", "ny-teknik-office-365"),
    "resting-on": entity("passage", "ny-teknik-office-365-1096-1179"),
    "safeguards": entity("organisation", "region-stockholm"),
    "people": entity("organisation", "malmo-kommun"),
    "offices": entity("person", "patrik-kron"),
    "offices-resting-on": entity("passage", "ny-teknik-office-365-1060-1093"),
    "mail": entity("organisation", "goteborgs-kommun"),
    "coverage": entity("source", "ny-teknik-office-365"),
    "supports": entity("statement", "ny-teknik-office-365-malmo-annan-syn"),
    "facts": entity("organisation", "goteborgs-kommun"),
    "links-here": entity("organisation", "goteborgs-kommun"),
}


@pytest.mark.parametrize("name", PANELS)
def test_every_panel_is_a_query_with_rows(graph_store: Store, name: str) -> None:
    query = panel(name, EXAMPLES[name])
    assert query
    guard.check(query, base_iri=BASE)
    rows = graph_store.query(query)
    assert isinstance(rows, QuerySolutions)
    assert len(list(rows)) > 0


@pytest.mark.parametrize(
    "name",
    ["https://example.org/> } DELETE { ?s ?p ?o", "https://example.org/a b", "no scheme", "", 'x:"', "x:\n"],
)
def test_nothing_gets_out_of_an_iri(name: str) -> None:
    assert panel("facts", name) is None
