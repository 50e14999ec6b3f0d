"""Stored queries as an older release has them."""

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from graph.backends.in_process import InProcess
from graph.core.namespaces import QUERY, SH
from graph.query.released import as_released
from graph.query.stored import load_queries

NAMES = ("as-of", "coverage", "who-uses-office-365")


@pytest.fixture(scope="module")
def reader() -> InProcess:
    """A release in which one query had another text, and in which one was not there yet."""
    texts = {name: load_queries()[name].text for name in NAMES[:2]}
    texts["as-of"] = "SELECT ?other { SERVICE <https://query.example/sparql> { ?other ?p ?o } }"
    quads = [
        Quad(NamedNode(QUERY + name), NamedNode(SH + "select"), Literal(text)) for name, text in texts.items()
    ]
    return InProcess.of(quads)


def test_a_query_has_the_text_that_the_release_has(reader: InProcess) -> None:
    today = {name: load_queries()[name] for name in NAMES}
    then = as_released(today, reader)
    assert set(then) == {"as-of", "coverage"}
    assert then["coverage"] == today["coverage"]
    assert then["as-of"].text.startswith("SELECT ?other")
    assert (then["as-of"].parameters, then["as-of"].marked_text) == ((), "")
    assert then["as-of"].services == ("https://query.example/sparql",)
    assert today["as-of"].parameters
