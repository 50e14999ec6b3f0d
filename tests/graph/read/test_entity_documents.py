"""RDF and JSON documents about one entity."""

from pyoxigraph import RdfFormat, parse

from graph.query.store import ReleaseStore
from graph.read import entity_documents
from graph.read.entities import Entities

ID = "https://w3id.org/utsaga/id/"


def lines(entities: Entities, name: str) -> list[str]:
    return entity_documents.rdf_document(entities, name, "application/n-triples").decode().splitlines()


def entities(data: str) -> Entities:
    return Entities(ReleaseStore.of(parse(f"@base <{ID}> .\n{data}", format=RdfFormat.TURTLE)))


def test_a_document_contains_the_parts_of_the_entity_only() -> None:
    read = entities(
        """<person/p> <x:has> <person/p#boss>, [ <x:in> [ <x:in> "deep" ] ], <person/q> .
        <person/p#boss> <x:in> "office" . <person/q> <x:in> "elsewhere" ."""
    )
    document = "\n".join(lines(read, f"{ID}person/p"))
    assert '"office"' in document
    assert '"deep"' in document
    assert '"elsewhere"' not in document


def test_incoming_links_are_limited() -> None:
    count = entity_documents.MAX_INCOMING_LINKS + 10
    read = entities(
        "<law/x> <x:is> 1 .\n" + "\n".join(f"<statement/{n}> <x:cites> <law/x> ." for n in range(count))
    )
    assert len(lines(read, f"{ID}law/x")) == entity_documents.MAX_INCOMING_LINKS + 1
    assert entity_documents.json_document(read, f"{ID}law/x")["incoming"] == {"x:cites": count}


def test_cyclic_blank_nodes_terminate() -> None:
    read = entities("<law/x> <x:a> _:b . _:b <x:a> _:c . _:c <x:a> _:b .")
    assert len(lines(read, f"{ID}law/x")) == 3
    assert entity_documents.json_document(read, f"{ID}law/x")["values"]


def test_json_document() -> None:
    read = entities('<law/x> <http://www.w3.org/2000/01/rdf-schema#label> "Lagen"@sv ; <x:n> 1 .')
    assert entity_documents.json_document(read, f"{ID}law/x") == {
        "id": f"{ID}law/x",
        "types": [],
        "labels": {"sv": "Lagen"},
        "values": {
            "rdfs:label": [{"value": "Lagen", "language": "sv"}],
            "x:n": [{"value": "1", "datatype": "http://www.w3.org/2001/XMLSchema#integer"}],
        },
        "incoming": {},
    }
