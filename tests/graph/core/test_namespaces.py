"""CURIEs."""

import pytest

from graph.core.errors import BadInput
from graph.core.namespaces import BASE, DCTERMS, compact_iri, expand_curie, name_property


@pytest.mark.parametrize(
    ("iri", "curie"),
    [
        (DCTERMS + "source", "dcterms:source"),
        (BASE + "id/law/osl", "id:law/osl"),
        (BASE + "ns#about", "uts:about"),
        ("https://example.org/x", "https://example.org/x"),
        ("", ""),
    ],
)
def test_an_iri_is_shortened_with_a_prefix_of_the_project(iri: str, curie: str) -> None:
    assert compact_iri(iri) == curie


def test_the_longest_namespace_wins() -> None:
    assert compact_iri("http://x/a/b", {"z": "http://x/", "a": "http://x/a/"}) == "a:b"


@pytest.mark.parametrize(
    ("value", "iri"),
    [
        ("dcterms:source", DCTERMS + "source"),
        ("code:deployment/cloud", BASE + "code/deployment/cloud"),
        ("urn:isbn:1", "urn:isbn:1"),
        ("https://example.org/x", "https://example.org/x"),
        ("uts", "uts"),
    ],
)
def test_a_curie_with_a_prefix_of_the_project_is_expanded(value: str, iri: str) -> None:
    assert expand_curie(value) == iri


def test_a_property_that_names_things_has_a_known_prefix() -> None:
    assert name_property("dcterms:title") == DCTERMS + "title"


@pytest.mark.parametrize("written", ["dcterms", "dterms:title", "dcterms:a title", "a b"])
def test_what_is_no_property_to_name_things_is_refused(written: str) -> None:
    with pytest.raises(BadInput, match="no CURIE"):
        name_property(written)
