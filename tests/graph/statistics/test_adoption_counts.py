"""Numbers of organisations by status."""

from pyoxigraph import RdfFormat, Store, parse

from graph.backends.in_process import InProcess
from graph.core.iris import entity_iri
from graph.core.namespaces import CODE, UTS
from graph.read.entities import Entities
from graph.statistics.adoption_counts import count_adoptions

OFFICE = entity_iri("product", "office-365")
SAID = """
@prefix uts: <https://w3id.org/utsaga/ns#> .
@prefix : <https://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:a a uts:Region . :b a uts:Region . :c a uts:Region . :d a uts:Region . :e a uts:Municipality .
:1 uts:product :p ; uts:adopter :a ; uts:status :evaluating ; uts:asOf "2017"^^xsd:gYear .
:2 uts:product :p ; uts:adopter :a ; uts:status :in-use ; uts:asOf "2019-02"^^xsd:gYearMonth .
:3 uts:product :p ; uts:adopter :b ; uts:status :not-in-use .
:4 uts:product :p ; uts:adopter :e ; uts:status :in-use .
:s uts:about :p ; uts:onBehalfOf :c, :a .
"""


def test_the_latest_status_counts_and_groups_without_status_are_separate() -> None:
    entities = Entities(InProcess.of(parse(SAID, format=RdfFormat.TURTLE)))
    found = count_adoptions(entities, "https://example.org/p", UTS + "Region")
    statuses = {ref.iri.rsplit("/")[-1]: count for ref, count in found.statuses}
    assert statuses == {"in-use": 1, "not-in-use": 1}
    assert (found.known, found.unclear, found.unmentioned, found.total) == (2, 1, 1, 4)


def test_every_organisation_of_the_register_is_counted(graph_store: Store) -> None:
    entities = Entities(InProcess(graph_store, union=False))
    municipalities = count_adoptions(entities, OFFICE, UTS + "Municipality")
    assert municipalities.total == 290
    assert municipalities.known + municipalities.unclear + municipalities.unmentioned == 290
    assert 0 < municipalities.known < 50
    regions = count_adoptions(entities, OFFICE, UTS + "Region")
    assert regions.total == 21
    assert {ref.iri for ref, _ in regions.statuses} <= {
        CODE + f"adoption-status/{each}" for each in ("in-use", "in-use-in-part", "evaluating")
    }


def test_a_product_without_statements_has_no_statuses(graph_store: Store) -> None:
    found = count_adoptions(
        Entities(InProcess(graph_store, union=False)), "https://example.org/nothing", UTS + "Region"
    )
    assert (found.known, found.unclear, found.unmentioned) == (0, 0, 21)
