"""What a site says of a term or of a property of a class takes the place of what its parts say."""

import pytest
from pyoxigraph import RdfFormat, Triple, parse

from graph.core.parts import PARTS, PARTS_FOLDER
from graph.rdf import reader
from graph.rdf.part_shapes import without_overridden

PREFIXES = """
@prefix e: <https://e.example/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
PART = """
e:Thing skos:definition "a thing"@en , "en sak"@sv ; rdfs:label "thing"@en .
e:name a sh:PropertyShape ; sh:targetClass e:Thing ; sh:path rdfs:label ; sh:minCount 1 .
e:Shape a sh:NodeShape ; sh:targetClass e:Thing ; sh:property [ sh:path e:size ; sh:maxCount 1 ] .
"""


def triples(text: str) -> list[Triple]:
    return [quad.triple for quad in parse(PREFIXES + text, format=RdfFormat.TURTLE)]


def kept(site: str) -> str:
    return "\n".join(map(str, without_overridden(triples(PART), triples(site))))


def test_all_holds_where_the_site_says_nothing_of_it() -> None:
    part = triples(PART)
    assert without_overridden(part, triples("e:Other rdfs:label 'other'@en .")) == part


def test_a_text_gives_way_in_the_language_of_the_site_alone() -> None:
    text = kept('e:Thing skos:definition "what we mean by a thing"@en .')
    assert '"a thing"' not in text
    assert '"en sak"' in text
    assert '"thing"' in text


@pytest.mark.parametrize(
    "site",
    [
        "e:Own a sh:NodeShape ; sh:targetClass e:Thing ; sh:property [ sh:path rdfs:label ] .",
        "e:Own a sh:PropertyShape ; sh:targetClass e:Thing ; sh:path rdfs:label .",
        "e:Shape sh:property [ sh:path rdfs:label ; sh:minCount 2 ] .",
        "e:Thing a sh:NodeShape ; sh:property e:own . e:own sh:path rdfs:label .",
    ],
)
def test_a_default_gives_way_to_a_shape_of_the_same_class_and_property(site: str) -> None:
    text = kept(site)
    assert "e.example/name>" not in text
    assert "e.example/size" in text


@pytest.mark.parametrize(
    "site",
    [
        "e:Own a sh:NodeShape ; sh:targetClass e:Other ; sh:property [ sh:path rdfs:label ] .",
        "e:Own a sh:NodeShape ; sh:targetClass e:Thing ; sh:property [ sh:path e:size ; sh:minCount 1 ] .",
    ],
)
def test_other_shapes_hold_beside_those_of_the_site(site: str) -> None:
    text = kept(site)
    assert "e.example/name>" in text
    assert "maxCount" in text


@pytest.mark.parametrize("part", PARTS)
def test_the_defaults_of_a_part_are_whole_without_other_nodes(part: str) -> None:
    files = [file for folder in PARTS[part].folders for file in (PARTS_FOLDER / folder).glob("defaults.ttl")]
    for triple in (quad.triple for file in files for quad in reader.read_quads(file)):
        assert "_:" not in str(triple), "a default gives way as a whole: it has no blank nodes"
