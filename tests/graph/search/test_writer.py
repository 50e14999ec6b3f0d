"""Documents of the text index."""

import pytest
from pyoxigraph import Literal, NamedNode

from graph.core.iris import KIND_NAMES
from graph.core.namespaces import CODE, DCTERMS, ID, QUERY, RDFS, SKOS, UTS, XSD
from graph.release.release import Release
from graph.search import writer
from graph.search.fields import OTHER_KINDS, search_kind, select_stored_values, sortable_date
from graph.search.text_index import TextIndex


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (ID + "law/osl", "law"),
        (ID + "person/x#office", "resource"),
        (CODE + "deployment/cloud", "code"),
        (QUERY + "coverage", "query"),
        ("javascript:alert(1)", "resource"),
    ],
)
def test_every_iri_has_a_kind(name: str, kind: str) -> None:
    assert search_kind(name) == kind
    assert kind in (*KIND_NAMES, *OTHER_KINDS)


@pytest.mark.parametrize(
    ("written", "number"),
    [("2017-10-09", 20171009), ("2017-10", 20171000), ("2017", 20170000), ("2017-10-09T12:00:00Z", 20171009)],
)
def test_dates_are_numbers_with_0_for_unknown_parts(written: str, number: int) -> None:
    assert sortable_date({DCTERMS + "issued": [Literal(written, datatype=NamedNode(XSD + "date"))]}) == number


@pytest.mark.parametrize("written", ["", "soon", "-44", "４２０１"])
def test_malformed_dates_are_0(written: str) -> None:
    assert sortable_date({UTS + "asOf": [Literal(written)]}) == 0
    assert sortable_date({UTS + "asOf": [NamedNode("urn:x:2017")]}) == 0


def test_a_value_is_stored_once_in_the_most_relevant_field() -> None:
    name = Literal("Åby köping", language="sv")
    values: dict[str, list[Literal | NamedNode]] = {
        SKOS + "altLabel": [name],
        UTS + "formerName": [name, Literal(" ")],
        RDFS + "label": [Literal("Åby", language="sv"), NamedNode("urn:x:y")],
    }
    assert select_stored_values(values) == [
        ("label", RDFS + "label", "sv", "Åby"),
        ("former", UTS + "formerName", "sv", "Åby köping"),
    ]


def test_a_release_has_an_index_whose_hits_have_names(release: Release) -> None:
    index = TextIndex.open_beside(release.store)
    assert index
    assert index.searcher.num_docs > 1000
    assert all(hit.names for hit in index.search("kommun", limit=100).hits)


def test_a_rebuilt_release_has_the_same_order_of_hits(rebuilt: Release, release: Release) -> None:
    one, other = (TextIndex.open_beside(each.store) for each in (rebuilt, release))
    assert one
    assert other
    found = [[hit.iri for hit in each.search("office", limit=80).hits] for each in (one, other)]
    assert found[0] == found[1]
    assert (rebuilt.path / writer.INDEX_FOLDER / "meta.json").exists()
