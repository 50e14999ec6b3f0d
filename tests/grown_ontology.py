"""The ontology with more classes and relations than today's, for tests of what is drawn from it."""

from pyoxigraph import Quad, RdfFormat, parse

from graph.query.store import ReleaseStore
from graph.rdf import ontology_files
from graph.read.entities import Entities
from graph.vocabulary.vocabulary_model import VocabularyModel, model_of

CLASSES = {
    "Team": "",
    "Panel": "Team",
    "Clause": "",
    "Ruling": "Source",
    "Number": "",
    "Plan": "",
    "Contract": "",
}
RELATIONS = """
Statement speaksFor Team. Statement citesClause Clause. Statement amount Number. Team teamOf PublicBody.
Clause clauseOf LegalAct. Clause governs Statement. Ruling applies Clause. Assessment underClause Clause.
Adoption amountOf Number. Adoption waits Assessment. Plan planOf Team. Plan planned Adoption.
Contract party Company. Contract buys Product"""
GROWTH = """
PREFIX owl: <http://www.w3.org/2002/07/owl#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX uts: <https://w3id.org/utsaga/ns#>
uts:follows a owl:ObjectProperty ; rdfs:label "follows"@sv .
uts:PlanShape a sh:NodeShape ; sh:targetClass uts:Plan ; sh:property [
    sh:path uts:follows ; sh:or ( [ sh:class uts:Ruling ] [ sh:class uts:Contract ] ) ] .
"""


def grown_model() -> VocabularyModel:
    """Return the model of the ontology with the classes and relations above."""
    triples = parse(_growth(), format=RdfFormat.TURTLE)
    more = [Quad(t.subject, t.predicate, t.object, ontology_files.ONTOLOGY_GRAPH) for t in triples]
    return model_of(Entities(ReleaseStore.of([*ontology_files.read_ontology(), *more], union=True)))


def _growth() -> str:
    """Return more classes and relations, in Turtle."""
    classes = (f"uts:{name} a owl:Class ; rdfs:label '{name}'@sv ." for name in CLASSES)
    subclasses = (f"uts:{name} rdfs:subClassOf uts:{above} ." for name, above in CLASSES.items() if above)
    relations = (
        f"uts:{name} a owl:ObjectProperty ; rdfs:domain uts:{source} ; rdfs:range uts:{target} ;"
        f" rdfs:label '{name}'@sv ."
        for source, name, target in (each.split() for each in RELATIONS.split("."))
    )
    return "\n".join((GROWTH, *classes, *subclasses, *relations))
