"""What goes into the text index, and in which shape."""

import pytest
from pyoxigraph import Literal, NamedNode

from graph.core.namespaces import CODE, DCTERMS, ID, QUERY, RDFS, SKOS, UTS, XSD
from graph.release.releases import Release
from graph.search import writer
from graph.search.fields import KINDS, date_of, kind_of, stored_of
from graph.search.search import Search


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
    assert kind_of(name) == kind
    assert kind in KINDS


@pytest.mark.parametrize(
    ("written", "number"),
    [("2017-10-09", 20171009), ("2017-10", 20171000), ("2017", 20170000), ("2017-10-09T12:00:00Z", 20171009)],
)
def test_dates_are_numbers_as_exact_as_they_are_known(written: str, number: int) -> None:
    assert date_of({DCTERMS + "issued": [Literal(written, datatype=NamedNode(XSD + "date"))]}) == number


@pytest.mark.parametrize("written", ["", "soon", "-44", "４２０１"])
def test_what_is_no_date_is_none(written: str) -> None:
    assert date_of({UTS + "asOf": [Literal(written)]}) == 0
    assert date_of({UTS + "asOf": [NamedNode("urn:x:2017")]}) == 0


def test_a_value_is_kept_once_where_it_says_most() -> None:
    name = Literal("Åby köping", language="sv")
    values: dict[str, list[Literal | NamedNode]] = {
        SKOS + "altLabel": [name],
        UTS + "formerName": [name, Literal(" ")],
        RDFS + "label": [Literal("Åby", language="sv"), NamedNode("urn:x:y")],
    }
    assert stored_of(values) == [
        ("label", RDFS + "label", "sv", "Åby"),
        ("former", UTS + "formerName", "sv", "Åby köping"),
    ]


def test_a_release_has_an_index_and_what_it_finds_has_a_label_or_words(release: Release) -> None:
    search = Search.beside(release.store)
    assert search
    assert search.searcher.num_docs > 1000
    assert all(hit.names for hit in search.find("kommun", limit=100).hits)


def test_the_index_is_written_anew_for_every_build(rebuilt: Release, release: Release) -> None:
    one, other = (Search.beside(each.store) for each in (rebuilt, release))
    assert one
    assert other
    found = [[hit.iri for hit in each.find("office", limit=80).hits] for each in (one, other)]
    assert found[0] == found[1]
    assert (rebuilt.path / writer.FOLDER / "meta.json").exists()
