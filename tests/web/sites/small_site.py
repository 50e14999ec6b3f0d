"""A small site whose facts say something in the terms of each of its parts, of bridges that nobody built."""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

import yaml

BASE: Final = "https://bridges.example/"
LIGHTS: Final = Path(__file__).parents[3] / "examples" / "lights"
TOML: Final = """
[site]
name = "Bridges"
base = "https://bridges.example/"
namespace = "https://bridges.example/ns#"
prefix = "b"
languages = ["en"]
licence = "https://creativecommons.org/publicdomain/zero/1.0/"
parts = {parts}

[home]
query = "bridges"
"""
QUERY: Final = """#+ title: {en: "Which bridges are there?"}
#+ description: {en: All bridges}
#+ keywords: [bridges]
PREFIX b: <https://bridges.example/ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?bridge ?bridgeLabel WHERE { ?bridge a b:Bridge ; rdfs:label ?bridgeLabel } ORDER BY ?bridgeLabel
"""
ONTOLOGY: Final = """
@prefix b: <https://bridges.example/ns#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix uts: <https://w3id.org/utsaga/ns#> .
<https://bridges.example/ns> a owl:Ontology ; rdfs:label "The bridges vocabulary"@en .
b:Bridge a owl:Class ; rdfs:label "bridge"@en ; rdfs:isDefinedBy <https://bridges.example/ns> .
b:over a owl:ObjectProperty ; rdfs:label "over"@en ; rdfs:isDefinedBy <https://bridges.example/ns> .
<http://www.w3.org/2000/01/rdf-schema#label> uts:displayName "label"@en .
<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> uts:displayName "is a"@en .
<http://www.w3.org/ns/org#FormalOrganization> uts:displayName "organisation"@en .
"""
PLAIN: Final = """
@base <https://bridges.example/id/> . @prefix b: <https://bridges.example/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<bridge/north> a b:Bridge ; rdfs:label "North Bridge"@en ; b:over <bridge/south> .
<bridge/south> a b:Bridge ; rdfs:label "South Bridge"@en .
"""
BOARD: Final = """
@base <https://bridges.example/id/> . @prefix org: <http://www.w3.org/ns/org#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<organisation/board> a org:FormalOrganization ; rdfs:label "Board of Bridges"@en .
"""
DIGEST: Final = "0" * 64
_STATEMENT: Final = {
    "id": "statement/one",
    "type": "Statement",
    "kind": "opinion",
    "speechAct": "quotation",
    "speaker": "person/ada",
    "onBehalfOf": "organisation/board",
    "about": ["product/rope"],
    "text": {"en": "Rope will do, says Ada."},
}
_SOURCE: Final = {
    "id": "source/report",
    "type": "Report",
    "label": {"en": "Report on bridges"},
    "publisher": "organisation/board",
    "issued": {"type": "date", "value": "2020-03-01"},
}
_OFFICE: Final = {
    "id": "person/ada#chair",
    "type": "Membership",
    "roleName": {"en": "chair"},
    "organisation": "organisation/board",
    "source": "source/report",
}
_PASSAGE: Final = {
    "id": "passage/report-0-20",
    "type": "Passage",
    "paragraph": 1,
    "digest": DIGEST,
    "position": {"id": "passage/report-0-20#position", "type": "TextPositionSelector", "start": 0, "end": 20},
}
_ADOPTION: Final = {
    "id": "adoption/rope",
    "type": "Adoption",
    "adopter": "organisation/board",
    "product": "product/rope",
    "status": "in-use",
    "asOf": {"type": "gYear", "value": "2020"},
    "derivedFrom": ["statement/one"],
}
_ASSESSMENT: Final = {
    "id": "assessment/rope",
    "type": "Assessment",
    "assessor": "organisation/board",
    "product": "product/rope",
    "underAct": "law/bridges",
    "outcome": "no-obstacle",
    "assessmentType": "internal-opinion",
    "madeIn": {"type": "gYear", "value": "2020"},
    "derivedFrom": ["statement/one"],
}


def source(parts: Collection[str]) -> dict[str, Any]:
    """Return a source that says something in the terms of each of `parts`."""
    proof = {"evidence": "passage/report-0-20"} if "evidence" in parts else {}
    cited = {"cites": "law/bridges"} if "assessments" in parts else {}
    found: dict[str, Any] = {
        **_SOURCE,
        "people": [
            {"id": "person/ada", "type": "Person", "label": {"en": "Ada"}, "offices": [_OFFICE | proof]}
        ],
        "products": [{"id": "product/rope", "type": "Product", "label": {"en": "Rope"}}],
        "statements": [_STATEMENT | proof | cited],
    }
    if "evidence" in parts:
        found |= {"textDigest": DIGEST, "textLength": 100, "passages": [_PASSAGE]}
    if "adoptions" in parts:
        found["adoptions"] = [_ADOPTION]
    if "assessments" in parts:
        found["laws"] = [{"id": "law/bridges", "type": "LegalAct", "label": {"en": "Bridges Act"}}]
        found["assessments"] = [_ASSESSMENT]
    return found


def make_small_site(folder: Path, parts: Collection[str]) -> Path:
    """Write the site with `parts` into `folder`, and return the file of its source."""
    for name in ("facts/rdf", "facts/sources", "ontology", "queries"):
        (folder / name).mkdir(parents=True)
    (folder / "utsaga.toml").write_text(TOML.format(parts=json.dumps([*parts])), encoding="utf-8")
    (folder / "queries" / "bridges.rq").write_text(QUERY, encoding="utf-8")
    (folder / "ontology" / "bridges.ttl").write_text(ONTOLOGY, encoding="utf-8")
    (folder / "facts" / "rdf" / "bridges.ttl").write_text(PLAIN, encoding="utf-8")
    file = folder / "facts" / "sources" / "report.yaml"
    if parts:
        context = (LIGHTS / "ontology" / "context.jsonld").read_text(encoding="utf-8")
        context = context.replace("https://lights.example/", BASE)
        (folder / "ontology" / "context.jsonld").write_text(context, encoding="utf-8")
        (folder / "facts" / "rdf" / "board.ttl").write_text(BOARD, encoding="utf-8")
        file.write_text(yaml.safe_dump(source(parts), sort_keys=False), encoding="utf-8")
    return file
