"""The SPARQL query of each panel of an entity's page, shown to readers to run and change."""

from typing import Final

from graph.core.namespaces import PREFIXES
from graph.core.terms import iri
from graph.rdf.convert import to_node

_STATEMENTS: Final = """SELECT DISTINCT ?statement ?text ?source WHERE {{
  ?statement {path} ?this ;
    uts:text ?text .
  OPTIONAL {{ ?statement uts:saidIn ?source }}
}}"""
_ADOPTIONS: Final = """SELECT ?adoption ?adopter ?product ?status ?scope ?asOf WHERE {{
  ?adoption {path} ?this ;
    uts:adopter ?adopter ;
    uts:product ?product ;
    uts:status ?status .
  OPTIONAL {{ ?adoption uts:scope ?scope }}
  OPTIONAL {{ ?adoption uts:asOf ?asOf }}
}}"""
_ASSESSMENTS: Final = """SELECT ?assessment ?assessor ?product ?act ?outcome ?condition WHERE {{
  {path}
  ?assessment uts:assessor ?assessor ;
    uts:product ?product ;
    uts:outcome ?outcome .
  OPTIONAL {{ ?assessment uts:underAct ?act }}
  OPTIONAL {{ ?assessment uts:condition ?condition }}
}}"""
PANEL_QUERIES: Final[dict[str, str]] = {
    "standing": _ADOPTIONS.format(path="uts:adopter"),
    "adopters": _ADOPTIONS.format(path="uts:product"),
    "questions": _ASSESSMENTS.format(path="?own uts:assessor ?this ; uts:product ?product ."),
    "assessed-by-others": _ASSESSMENTS.format(
        path="?assessment uts:concerns ?whom . ?whom org:unitOf? ?this ."
    ),
    "views": _ASSESSMENTS.format(path="?assessment uts:product ?this ."),
    "under-act": _ASSESSMENTS.format(path="?assessment uts:underAct|uts:provision ?this ."),
    "said-for": _STATEMENTS.format(path="uts:onBehalfOf|uts:speakerUnit"),
    "said-about": _STATEMENTS.format(path="uts:about"),
    "published": """SELECT ?source ?issued WHERE {
  ?source dcterms:publisher ?this .
  OPTIONAL { ?source dcterms:issued ?issued }
}""",
    "said-by": _STATEMENTS.format(path="uts:speaker"),
    "said-of-product": _STATEMENTS.format(path="uts:about|uts:keptOutOf|uts:carriedBy"),
    "said-of-act": _STATEMENTS.format(path="uts:cites|uts:about"),
    "said-in": _STATEMENTS.format(path="uts:saidIn"),
    "resting-on": _STATEMENTS.format(path="uts:evidence"),
    "safeguards": """SELECT DISTINCT ?statement ?text ?keptOutOf ?carriedBy WHERE {
  ?statement uts:onBehalfOf ?this ;
    uts:kind <https://w3id.org/utsaga/code/statement-kind/safeguard> ;
    uts:text ?text .
  OPTIONAL { ?statement uts:keptOutOf ?keptOutOf }
  OPTIONAL { ?statement uts:carriedBy ?carriedBy }
}""",
    "people": """SELECT ?person ?role ?source WHERE {
  ?office org:organization ?this ;
    org:member ?person ;
    schema:roleName ?role .
  OPTIONAL { ?office dcterms:source ?source }
}""",
    "offices": """SELECT ?role ?organisation ?source ?passage WHERE {
  ?office org:member ?this ;
    schema:roleName ?role .
  OPTIONAL { ?office org:organization ?organisation }
  OPTIONAL { ?office dcterms:source ?source }
  OPTIONAL { ?office uts:evidence ?passage }
}""",
    "offices-resting-on": """SELECT ?person ?role ?organisation WHERE {
  ?office uts:evidence ?this ;
    org:member ?person ;
    schema:roleName ?role .
  OPTIONAL { ?office org:organization ?organisation }
}""",
    "mail": """SELECT ?observation ?property ?value WHERE {
  ?observation sosa:hasFeatureOfInterest ?this ;
    ?property ?value .
}""",
    "coverage": """SELECT ?passage ?paragraph ?start ?end ?digest WHERE {
  ?passage oa:hasSource ?this ;
    oa:hasSelector [ oa:start ?start ; oa:end ?end ] .
  OPTIONAL { ?passage uts:paragraph ?paragraph }
  OPTIONAL { ?passage uts:digest ?digest }
} ORDER BY ?start""",
    "supports": """SELECT ?claim ?property ?value WHERE {
  ?claim uts:derivedFrom ?this ;
    ?property ?value .
}""",
    "facts": """SELECT ?property ?value ?graph WHERE {
  { ?this ?property ?value } UNION { GRAPH ?graph { ?this ?property ?value } }
}""",
    "links-here": """SELECT ?property (COUNT(DISTINCT ?subject) AS ?count) WHERE {
  ?subject ?property ?this .
} GROUP BY ?property""",
}


def panel_query(name: str, entity: str) -> str | None:
    """Return the query of the panel `name` about the IRI `entity`, or None if that is not a valid IRI."""
    try:
        term = str(to_node(iri(entity)))
    except ValueError:
        return None
    text = PANEL_QUERIES[name]
    used = "".join(f"PREFIX {each}: <{full}>\n" for each, full in PREFIXES.items() if f"{each}:" in text)
    return f"{used}{text}\nVALUES ?this {{ {term} }}\n"
