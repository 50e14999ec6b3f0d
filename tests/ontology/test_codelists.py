"""Each code list holds its codes, all of them, in order and explained in both languages."""

from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, SH, SKOS

from graph.core.namespaces import CODE

LISTS = {
    "adoption-status": [
        "in-use",
        "in-use-in-part",
        "rolling-out",
        "decided",
        "preparing",
        "evaluating",
        "considering",
        "not-in-use",
        "paused",
        "phasing-out",
        "discontinued",
        "declined",
    ],
    "assessment-outcome": ["no-obstacle", "permitted-with-conditions", "obstacle", "breach", "under-review"],
    "assessment-type": [
        "internal-opinion",
        "supervisory-decision",
        "prior-consultation",
        "judgment",
        "inquiry",
        "guidance",
    ],
    "certainty": ["hedged", "conditional"],
    "deployment": ["cloud", "on-premises", "hosted-internally", "hybrid"],
    "information-category": [
        "under-secrecy",
        "security-classified",
        "personal-data",
        "sensitive-personal-data",
        "health-data",
        "pupil-data",
        "social-services",
        "e-mail",
        "documents",
        "chat-and-meetings",
    ],
    "observation-evidence": ["mx", "gateway-backend", "txt-token", "on-premises"],
    "precision": ["about", "at-least", "at-most"],
    "quantity-kind": [
        "users",
        "devices",
        "inhabitants",
        "organisations",
        "cost",
        "budget",
        "contract-value",
        "administrative-fine",
        "contract-start",
        "contract-end",
        "contract-term",
        "deadline",
        "share",
    ],
    "safeguard": [
        "kept-out",
        "separate-system",
        "own-operation",
        "contract-terms",
        "encryption",
        "access-approval",
        "strong-authentication",
        "risk-analysis",
        "user-rules",
        "storage-location",
        "deletion",
        "logging",
        "limited-functions",
    ],
    "speech-act": ["quotation", "indirect-speech", "source-claim", "question"],
    "statement-kind": [
        "adoption",
        "assessment",
        "safeguard",
        "intention",
        "opinion",
        "contact",
        "fact",
        "question",
    ],
    "unit": [
        "person",
        "device",
        "organisation",
        "sek",
        "eur",
        "year",
        "month",
        "day",
        "calendar-date",
        "percent",
    ],
}


def test_there_is_a_file_for_each_list(folder: Path) -> None:
    assert {path.stem for path in (folder / "codelists").glob("*.ttl")} == set(LISTS)


@pytest.mark.parametrize("name", LISTS)
def test_the_list_holds_its_codes_in_order(folder: Path, name: str) -> None:
    graph = Graph().parse(folder / "codelists" / f"{name}.ttl")
    scheme = URIRef(CODE + name)
    assert set(graph.subjects(RDF.type, SKOS.ConceptScheme)) == {scheme}
    codes = set(graph.subjects(RDF.type, SKOS.Concept))
    assert (
        codes == set(graph.subjects(SKOS.inScheme, scheme)) == set(graph.subjects(SKOS.topConceptOf, scheme))
    )
    places = {int(str(graph.value(code, SH.order))): str(code) for code in codes}
    assert [places[place] for place in range(1, len(codes) + 1)] == [
        f"{scheme}/{code}" for code in LISTS[name]
    ]


def test_every_code_and_list_is_explained_in_both_languages(codes: Graph) -> None:
    things = set(codes.subjects(RDF.type))
    assert len(things) == len(LISTS) + sum(map(len, LISTS.values()))
    for thing in things:
        for predicate in (SKOS.prefLabel, SKOS.definition):
            texts = [text for text in codes.objects(thing, predicate) if isinstance(text, Literal)]
            assert sorted(str(text.language) for text in texts) == ["en", "sv"], thing
            assert all(text.strip() for text in texts), thing


def test_the_notation_is_the_end_of_the_identifier(codes: Graph) -> None:
    for code in codes.subjects(RDF.type, SKOS.Concept):
        assert str(codes.value(code, SKOS.notation)) == str(code).rpartition("/")[2]


def test_no_label_stands_for_two_codes_of_a_list(codes: Graph) -> None:
    for scheme in codes.subjects(RDF.type, SKOS.ConceptScheme):
        labels = [
            label
            for code in codes.subjects(SKOS.inScheme, scheme)
            for label in codes.objects(code, SKOS.prefLabel)
        ]
        assert len(labels) == len(set(labels)), scheme
