"""The vocabulary is in OWL 2 RL, and so in OWL 2 DL: https://www.w3.org/TR/owl2-profiles/."""

import json
import subprocess
import sys
from pathlib import Path
from shutil import which

import pytest
from rdflib import Graph, Literal
from rdflib.namespace import RDF, XSD

from tests.ontology.owl_profiles import OWL_API

PROGRAM = Path(__file__).with_name("owl_profiles.py")
# Those of https://www.w3.org/TR/owl2-profiles/#Entities_3 that are used, and that of a text with a language.
DATATYPES = {XSD.string, XSD.integer, XSD.boolean, XSD.dateTime, RDF.langString}
BROKEN = {
    "a property is of two kinds": "uts:vendor a owl:DatatypeProperty .",
    "a class is undeclared": "uts:vendor rdfs:range <http://www.w3.org/ns/org#Organization> .",
    "a property is undeclared": "uts:vendor rdfs:subPropertyOf <https://schema.org/provider> .",
    "an annotation property is undeclared": 'uts:vendor skos:note "x"@en .',
    "an object property has a datatype as range": "uts:vendor rdfs:range xsd:string .",
    "a datatype is not one of OWL 2": "uts:asOf rdfs:range xsd:gYear .",
    "a term of RDF Schema is redefined": "rdfs:label a owl:DatatypeProperty .",
}
NOT_RL = {
    "a domain is a union": """
        uts:dateNote rdfs:domain [ a owl:Class ; owl:unionOf ( uts:Source uts:Adoption ) ] .""",
    "a superclass is of what has some value": """
        uts:Statement rdfs:subClassOf [
            a owl:Restriction ; owl:onProperty uts:saidIn ; owl:someValuesFrom uts:Source ] .""",
}


@pytest.fixture(scope="module")
def java() -> str:
    found = which("java")
    assert found, "Java is missing: make peers installs it"
    assert OWL_API.is_file(), f"{OWL_API} is missing: make peers installs it"
    return found


@pytest.fixture(scope="module")
def found(
    java: str, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, list[str]]]:
    """The rules that the vocabulary breaks as it stands, under "", and with each addition, by profile."""
    text = (folder / "utsaga.ttl").read_text()
    place = tmp_path_factory.mktemp("profiles")
    additions = {"": ""} | BROKEN | NOT_RL
    for number, addition in enumerate(additions.values()):
        (place / f"{number}.ttl").write_text(text + addition)
    files = [f"{place}/{number}.ttl" for number in range(len(additions))]
    done = subprocess.run([sys.executable, str(PROGRAM), *files], capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr
    return dict(zip(additions, json.loads(done.stdout), strict=True))


@pytest.mark.parametrize("profile", ["OWL2_DL", "OWL2_RL"])
def test_the_vocabulary_is_in_the_profile(found: dict[str, dict[str, list[str]]], profile: str) -> None:
    assert found[""][profile] == []


@pytest.mark.parametrize("fault", BROKEN)
def test_what_is_not_in_owl_2_dl_is_found_out(found: dict[str, dict[str, list[str]]], fault: str) -> None:
    assert found[fault]["OWL2_DL"]


@pytest.mark.parametrize("fault", NOT_RL)
def test_what_is_in_dl_but_not_in_rl_is_found_out(found: dict[str, dict[str, list[str]]], fault: str) -> None:
    assert found[fault]["OWL2_DL"] == []
    assert found[fault]["OWL2_RL"]


def test_literals_have_datatypes_of_owl_2(vocabulary: Graph) -> None:
    """The OWL API does not look at those of annotations."""
    literals = {value for value in vocabulary.objects() if isinstance(value, Literal)}
    assert {
        literal.datatype or (RDF.langString if literal.language else XSD.string) for literal in literals
    } <= (DATATYPES)
