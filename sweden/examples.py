"""Searches and questions about our graph that readers can begin with."""

from typing import Final

WORKED_EXAMPLE: Final = "statement/ny-teknik-office-365-stockholm-uppfyller-osl"
"""A statement of the first article that has everything one can have."""
FIRST_QUERY: Final = """PREFIX uts: <https://w3id.org/utsaga/ns#>

SELECT ?product ?vendor WHERE {
  ?product a uts:Product .
  OPTIONAL { ?product uts:vendor ?vendor }
}
ORDER BY ?product
"""
"""The query that the editor begins with."""
SEARCHES: Final = (
    "vad säger Malmö om Office 365",
    "Stockholms läns landsting",
    "sekretess",
    '"Office 365" -Göteborg',
    "2009:400",
    "0180",
)
QUERIES: Final = {
    "municipalities_with_office_365": (
        "class=Municipality&show=1&0.property=Adoption.adopter"
        "&0.0.property=product&0.0.value=product/office-365"
        "&0.1.property=status&0.1.value=in-use&0.2.property=asOf&0.2.show=1"
    ),
    "paused_adoptions": (
        "class=Adoption&0.property=status&0.value=paused"
        "&1.property=adopter&1.show=1&2.property=product&2.show=1&3.property=asOf&3.show=1"
    ),
    "obstacles_under_osl": (
        "class=Assessment&0.property=outcome&0.value=obstacle&1.property=underAct&1.value=law/osl"
        "&2.property=assessor&2.show=1&3.property=product&3.show=1&4.property=madeIn&4.match=optional&4.show=1"
    ),
    "who_speaks_for_malmo": (
        "class=Statement&show=1&0.property=onBehalfOf&0.value=organisation/malmo-kommun"
        "&1.property=speaker&1.show=1"
    ),
    "people_for_region_uppsala": (
        "class=Person&show=1&0.property=Statement.speaker"
        "&0.0.property=onBehalfOf&0.0.value=organisation/region-uppsala"
    ),
    "products_of_microsoft": "class=Product&show=1&0.property=vendor&0.value=organisation/microsoft",
    "google_mail_by_county": (
        "class=Observation&count=1&0.property=mailProvider&0.value=google"
        "&1.property=hasFeatureOfInterest&1.0.property=inCounty&1.0.show=1"
    ),
    "statements_per_source": "class=Statement&count=1&0.property=saidIn&0.show=1",
    "hedged_statements": (
        "class=Statement&show=1&0.property=certainty&0.value=hedged&1.property=onBehalfOf&1.show=1"
    ),
    "laws_that_ended": "class=LegalAct&show=1&0.property=date_no_longer_in_force&0.show=1&0.sort=desc",
}
"""States of the query builder by the keys of their titles."""
