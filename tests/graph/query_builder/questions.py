"""The questions that the query builder can be begun with, as somebody would write them in SPARQL."""

from typing import Final

PREFIXES: Final = """
PREFIX code: <https://w3id.org/utsaga/code/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX eli: <http://data.europa.eu/eli/ontology#>
PREFIX id: <https://w3id.org/utsaga/id/>
PREFIX sosa: <http://www.w3.org/ns/sosa/>
PREFIX uts: <https://w3id.org/utsaga/ns#>
"""
HAND_WRITTEN: Final = {
    "municipalities_with_office_365": """
        SELECT DISTINCT ?municipality ?asOf {
          ?municipality a uts:Municipality .
          [] uts:adopter ?municipality ; uts:product id:product\\/office-365 ;
             uts:status code:adoption-status\\/in-use ; uts:asOf ?asOf
        }""",
    "paused_adoptions": """
        SELECT DISTINCT ?who ?product ?asOf {
          [] a uts:Adoption ; uts:status code:adoption-status\\/paused ; uts:adopter ?who ;
             uts:product ?product ; uts:asOf ?asOf
        }""",
    "obstacles_under_osl": """
        SELECT DISTINCT ?who ?product ?made {
          ?x a uts:Assessment ; uts:outcome code:assessment-outcome\\/obstacle ; uts:underAct id:law\\/osl ;
             uts:assessor ?who ; uts:product ?product
          OPTIONAL { ?x uts:madeIn ?made }
        }""",
    "who_speaks_for_malmo": """
        SELECT ?statement ?speaker {
          ?statement uts:onBehalfOf id:organisation\\/malmo-kommun ; uts:speaker ?speaker
        }""",
    "people_for_region_uppsala": """
        SELECT DISTINCT ?person {
          [] uts:speaker ?person ; uts:onBehalfOf id:organisation\\/region-uppsala
        }""",
    "products_of_microsoft": "SELECT ?product { ?product uts:vendor id:organisation\\/microsoft }",
    "google_mail_by_county": """
        SELECT ?county (COUNT(?observation) AS ?bodies) {
          ?observation uts:mailProvider "google" ; sosa:hasFeatureOfInterest/uts:inCounty ?county
        } GROUP BY ?county""",
    "statements_per_source": """
        SELECT ?source (COUNT(?statement) AS ?statements) { ?statement uts:saidIn ?source }
        GROUP BY ?source""",
    "hedged_statements": """
        SELECT ?statement ?organisation {
          ?statement uts:certainty code:certainty\\/hedged ; uts:onBehalfOf ?organisation
        }""",
    "laws_that_ended": "SELECT ?law ?end { ?law a uts:LegalAct ; eli:date_no_longer_in_force ?end }",
}
"""By the names of the examples; their columns are those of the example, in its order, without labels."""
