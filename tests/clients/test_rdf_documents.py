"""RDF libraries read every document of a real server, by content negotiation and by address."""

import json
import urllib.request

import pytest
from oxrdflib import OxigraphStore  # registers its parsers in rdflib
from rdflib import DCTERMS, RDF, RDFS, Dataset, Graph, URIRef

pytestmark = pytest.mark.filterwarnings(
    "ignore:ConjunctiveGraph is deprecated",  # rdflib's own use of it
    "ignore:Dataset.default_context is deprecated",
)

MALMO = URIRef("https://w3id.org/utsaga/id/organisation/malmo-kommun")
COVERAGE = URIRef("https://w3id.org/utsaga/query/coverage")
MUNICIPALITIES = URIRef("https://w3id.org/utsaga/graph/register/municipalities")
CC0 = URIRef("https://creativecommons.org/publicdomain/zero/1.0/")
BY_ACCEPT = ("xml", "n3", "turtle", "nt", "trig", "json-ld", None)
"""The formats for which rdflib sends an Accept header of their own, and None for any that it knows."""
BY_EXTENSION = {
    "ttl": ("turtle", "ox-turtle"),
    "nt": ("nt", "ox-nt"),
    "rdf": ("xml", "ox-xml"),
    "jsonld": ("json-ld", "ox-json-ld"),
    "n3": ("n3", "ox-n3"),
    "nq": ("nquads", "ox-nq"),
    "trig": ("trig", "ox-trig"),
}
SUBJECTS = {
    "/organisation/malmo-kommun": MALMO,
    "/id/organisation/malmo-kommun": MALMO,
    "/queries": COVERAGE,
    "/queries/coverage": COVERAGE,
    "/ns": URIRef("https://w3id.org/utsaga/ns#Municipality"),
    "/dataset": URIRef("https://w3id.org/utsaga/dataset#utsaga"),
    "/graph/register/municipalities": MUNICIPALITIES,
    "/code/adoption-status/in-use": URIRef("https://w3id.org/utsaga/code/adoption-status/in-use"),
}
"""What documents are about, by the path of their page."""


@pytest.mark.parametrize("path", SUBJECTS)
@pytest.mark.parametrize("format_", BY_ACCEPT)
def test_rdflib_reads_documents_by_accept(server: str, path: str, format_: str | None) -> None:
    assert (SUBJECTS[path], None, None) in Graph().parse(server + path, format=format_)


@pytest.mark.parametrize("path", [path for path in SUBJECTS if not path.startswith("/id/")])
@pytest.mark.parametrize("extension", BY_EXTENSION)
def test_rdflib_and_oxrdflib_read_documents_by_address(server: str, path: str, extension: str) -> None:
    sizes = set()
    for name in BY_EXTENSION[extension]:
        found = Dataset(store=OxigraphStore()) if name.startswith("ox-") else Dataset()
        found.parse(f"{server}{path}.{extension}", format=name)
        assert (SUBJECTS[path], None, None) in found
        sizes.add(len(found))
    assert len(sizes) == 1, "both read the same triples"


@pytest.mark.parametrize("format_", ["ox-turtle", "ox-trig", "ox-n3", None])
def test_oxrdflib_reads_documents_by_accept(server: str, format_: str | None) -> None:
    found = Graph(store=OxigraphStore()).parse(f"{server}/organisation/malmo-kommun", format=format_)
    assert (MALMO, RDF.type, URIRef("https://w3id.org/utsaga/ns#Municipality")) in found


def test_all_formats_of_an_entity_have_the_same_triples(server: str) -> None:
    page = f"{server}/organisation/malmo-kommun"
    about_itself = 5
    sizes = {
        extension: len(Graph().parse(f"{page}.{extension}", format=name))
        for extension, (name, _) in BY_EXTENSION.items()
        if extension != "nq"  # rdflib puts quads without a graph into another one
    }
    assert len(set(sizes.values())) == 1, sizes
    assert sizes["nt"] > 50 + about_itself


def test_the_json_of_an_entity_is_json_ld(server: str) -> None:
    page = f"{server}/organisation/malmo-kommun.json"
    body = urllib.request.urlopen(page).read()  # noqa: S310 (a loopback address; rdflib would take the .jsonld)
    found, written = Graph().parse(data=body, format="json-ld"), json.loads(body)
    assert {str(name) for name in found.objects(MALMO, RDF.type)} == set(written["types"])
    county = URIRef("https://w3id.org/utsaga/id/place/skane-lan")
    assert (MALMO, URIRef("https://w3id.org/utsaga/ns#inCounty"), county) in found
    assert str(found.value(county, RDFS.label)), "what it links to has its name"
    assert found.value(URIRef(page), DCTERMS.license) == CC0


def test_a_list_is_read_page_by_page(server: str) -> None:
    following, seen = URIRef(f"{server}/organisation?type=Municipality"), set[str]()
    while following:
        found = Graph().parse(str(following), format="turtle")
        listed = {str(item) for item in found.objects(None, URIRef("https://schema.org/item"))}
        assert listed
        assert not listed & seen
        seen |= listed
        total = found.value(following, URIRef("https://schema.org/numberOfItems"))
        following = found.value(following, URIRef("http://www.w3.org/ns/hydra/core#next"))  # type: ignore[assignment]
    assert len(seen) == int(str(total)) == 290
    assert str(MALMO) in seen
