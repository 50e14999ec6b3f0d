"""The index of an endpoint: what is read for it, what it finds, and whether it still fits."""

import json
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.backends.data_identity import identify
from graph.backends.endpoint_index import EndpointIndex, build_index
from graph.backends.endpoint_reader import read_triples
from graph.backends.remote import RemoteEndpoint
from graph.core.errors import NotFound, Unavailable, Unprocessable
from graph.core.settings import Settings
from graph.core.terms import Term
from tests.endpoint import Endpoint, serving

SETTINGS = Settings()
ID = "https://w3id.org/utsaga/id/"
DATA = f"""
@prefix uts: <https://w3id.org/utsaga/ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<{ID}organisation/ale-kommun> a uts:Municipality ; rdfs:label "Ale kommun"@sv ; uts:note [ rdfs:label "b" ] .
<{ID}organisation/orebro-kommun> a uts:Municipality ; rdfs:label "Örebro kommun"@sv , "Örebro"@en .
<{ID}product/molnet> a uts:Product ; rdfs:label "Molnet"@sv ; uts:count 7 , true , "2017"^^xsd:gYear .
<{ID}adoption/ale> a uts:Adoption ; uts:adopter <{ID}organisation/ale-kommun> ;
  uts:product <{ID}product/molnet> ; uts:status <https://w3id.org/utsaga/code/adoption-status/in-use> .
"""


@pytest.fixture
def endpoint(tmp_path: Path) -> Iterator[Endpoint]:
    """An endpoint with two municipalities, and a product that one of them uses."""
    (tmp_path / "data.ttl").write_text(DATA)
    with serving(tmp_path / "data.ttl") as endpoint:
        yield endpoint


class Losing(RemoteEndpoint):
    """An endpoint that gives no page but the first."""

    def select(self, query: str, **bindings: Term) -> list[dict[str, Term]]:
        rows = super().select(query, **bindings)
        return [] if "OFFSET" in query and "OFFSET 0" not in query else rows


class Repeating(RemoteEndpoint):
    """An endpoint whose pages begin with the row that the page before ended with."""

    def select(self, query: str, **bindings: Term) -> list[dict[str, Term]]:
        return super().select(query.replace("OFFSET 2", "OFFSET 1"), **bindings)


def label(store: ox.Store, number: int) -> None:
    """Add a label to what has none."""
    name = ox.NamedNode(f"{ID}product/p{number}")
    store.add(
        ox.Quad(name, ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label"), ox.Literal(f"P {number}"))
    )


def test_every_triple_is_read_whatever_the_size_of_the_pages(endpoint: Endpoint) -> None:
    told: list[tuple[int, int]] = []
    for rows in (1, 2, 3, 1000):
        read = read_triples(
            RemoteEndpoint(endpoint.url), page_rows=rows, progress=lambda *each: told.append(each)
        )
        ours, theirs = ox.Dataset(read), ox.Dataset(endpoint.store)
        for dataset in (ours, theirs):
            dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        assert set(ours) == set(theirs)
        assert told[-1] == (len(endpoint.store), len(endpoint.store))


@pytest.mark.parametrize("text", ["", "nonsense", "[]"])
def test_a_broken_description_is_no_index(tmp_path: Path, text: str) -> None:
    (tmp_path / "current").mkdir()
    (tmp_path / "current" / "index.json").write_text(text)
    with pytest.raises(NotFound, match="utsaga index"):
        EndpointIndex.open(tmp_path)


@pytest.mark.parametrize("kind", [Losing, Repeating])
def test_an_endpoint_that_does_not_give_all_triples_is_told(
    endpoint: Endpoint, kind: type[RemoteEndpoint]
) -> None:
    with pytest.raises(Unavailable, match="whole data"):
        list(read_triples(kind(endpoint.url), page_rows=2))


def test_a_page_that_is_too_large_is_read_in_parts(endpoint: Endpoint) -> None:
    for number in range(700):
        label(endpoint.store, number)
    read = list(read_triples(RemoteEndpoint(endpoint.url, Settings(result_bytes=60_000)), page_rows=1000))
    assert len(set(read)) == len(endpoint.store)
    with pytest.raises(Unprocessable):
        list(read_triples(RemoteEndpoint(endpoint.url, Settings(result_bytes=20_000)), page_rows=1000))


def test_the_index_finds_what_the_endpoint_holds(endpoint: Endpoint, tmp_path: Path) -> None:
    made = build_index(endpoint.url, tmp_path / "index", SETTINGS)
    opened = EndpointIndex.open(tmp_path / "index")
    assert opened == made
    assert opened.triples == len(endpoint.store)
    names = opened.tables.of_kind("organisation").page(0, 10)
    assert [name.removeprefix(ID) for name in names] == [
        "organisation/ale-kommun",
        "organisation/orebro-kommun",
    ]
    assert sum(opened.tables.link_counts(f"{ID}product/molnet").values()) == 1
    assert opened.text_index
    assert [hit.iri for hit in opened.text_index.search("orebro").hits] == [names[1]]


def test_the_index_fits_until_the_data_are_others(endpoint: Endpoint, tmp_path: Path) -> None:
    made = build_index(endpoint.url, tmp_path / "index", SETTINGS)
    made.check(endpoint.url, SETTINGS)
    label(endpoint.store, 1)
    with pytest.raises(Unavailable, match="other data than the endpoint holds"):
        made.check(endpoint.url, SETTINGS)
    build_index(endpoint.url, tmp_path / "index", SETTINGS).check(endpoint.url, SETTINGS)


def test_another_value_is_other_data_though_the_counts_are_the_same(endpoint: Endpoint) -> None:
    before = identify(RemoteEndpoint(endpoint.url))
    counts = identify(RemoteEndpoint(endpoint.url), ("counts",))
    (old,) = endpoint.store.quads_for_pattern(None, None, ox.Literal("Molnet", language="sv"))
    endpoint.store.remove(old)
    endpoint.store.add(ox.Quad(old.subject, old.predicate, ox.Literal("Moln", language="sv")))
    assert identify(RemoteEndpoint(endpoint.url)) != before
    assert identify(RemoteEndpoint(endpoint.url), ("counts",)) == counts
    assert counts.triples == before.triples


def test_an_engine_that_has_no_digests_counts_by_property(endpoint: Endpoint) -> None:
    endpoint.behave("wrong")
    assert identify(RemoteEndpoint(endpoint.url)).method == "counts"
    endpoint.behave("wrong", "fails")
    with pytest.raises(Unavailable, match="status 500"):
        identify(RemoteEndpoint(endpoint.url))


def test_data_that_change_while_they_are_read_make_no_index(endpoint: Endpoint, tmp_path: Path) -> None:
    def change(read: int, total: int) -> None:
        if read == total:
            label(endpoint.store, read)

    with pytest.raises(Unavailable, match="changed while they were read"):
        build_index(endpoint.url, tmp_path / "index", SETTINGS, change)
    with pytest.raises(NotFound, match="There is no index here"):
        EndpointIndex.open(tmp_path / "index")


def test_the_last_build_is_kept_for_who_has_it_open(endpoint: Endpoint, tmp_path: Path) -> None:
    builds = [build_index(endpoint.url, tmp_path / "index", SETTINGS) for _ in range(3)]
    assert [each.path.is_dir() for each in builds] == [False, True, True]
    assert EndpointIndex.locate(tmp_path / "index") == builds[2].path
    assert not [
        each for each in (tmp_path / "index").iterdir() if each.name.startswith(".") and each.is_dir()
    ]


def test_an_index_of_another_version_is_not_read(endpoint: Endpoint, tmp_path: Path) -> None:
    made = build_index(endpoint.url, tmp_path / "index", SETTINGS)
    description = json.loads((made.path / "index.json").read_text())
    (made.path / "index.json").write_text(json.dumps(description | {"form": [0, 0]}))
    with pytest.raises(NotFound, match="another version"):
        EndpointIndex.open(tmp_path / "index")
