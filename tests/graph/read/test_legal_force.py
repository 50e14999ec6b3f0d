"""Legal acts in force at a date."""

import pytest
from pyoxigraph import Store

from graph.backends.in_process import InProcess
from graph.core.iris import entity_iri
from graph.core.namespaces import UTS
from graph.core.terms import Term, iri, text
from graph.read.entities import Entities, Node, Ref
from graph.read.legal_force import ENDED, IN_FORCE, NOT_YET, LegalAct, read_act, read_succession, text_urls


def day(value: str) -> Term:
    return text(value)


@pytest.mark.parametrize(
    ("when", "state"),
    [
        ("1997", NOT_YET),
        ("1998", ""),
        ("1998-10", ""),
        ("1998-10-24", IN_FORCE),
        ("1999", IN_FORCE),
        ("2017-10", IN_FORCE),
        ("2018-05-24", IN_FORCE),
        ("2018-05-25", ENDED),
        ("2018-05", ""),
        ("2018", ""),
        ("2019-01-01", ENDED),
    ],
)
def test_status_at_a_partial_date_is_empty_if_uncertain(when: str, state: str) -> None:
    law = LegalAct(Ref("x"), day("1998-10-24"), day("2018-05-24"))
    assert law.status_at(day(when)) == state


def test_status_is_empty_without_the_dates_it_needs() -> None:
    assert LegalAct(Ref("x"), None, None).status_at(day("2017")) == ""
    assert LegalAct(Ref("x"), day("2018-05-25"), None).status_at(None) == ""
    assert LegalAct(Ref("x"), None, day("2018-05-25")).status_at(day("2017")) == ""
    assert LegalAct(Ref("x"), day("2018-05-25"), None).status_at(day("2017-11")) == NOT_YET


def test_predecessors_and_successors_are_read(graph_store: Store) -> None:
    entities = Entities(InProcess(graph_store, union=False))
    before, after = read_succession(entities, entity_iri("law", "gdpr"))
    assert [each.ref.iri for each in before] == [
        entity_iri("law", "pul"),
        entity_iri("law", "direktiv-95-46-eg"),
    ]
    assert after == ()
    assert read_succession(entities, entity_iri("law", "pul"))[1] == (
        read_act(entities, entity_iri("law", "dataskyddslagen")),
        read_act(entities, entity_iri("law", "gdpr")),
    )


@pytest.mark.parametrize("number", ["2009:400 OR 1=1", "javascript:1", "٢٠٠٩:٤", ""])
def test_a_malformed_number_has_no_text_url(number: str) -> None:
    assert text_urls(Node(iri("x"), {UTS + "sfsNumber": (text(number),)})) == ()


def test_an_sfs_number_has_text_urls() -> None:
    found = text_urls(Node(iri("x"), {UTS + "sfsNumber": (text("2009:400"),)}))
    assert found == (
        "https://rkrattsbaser.gov.se/sfst?bet=2009:400",
        "https://rkrattsbaser.gov.se/sfsr?bet=2009:400",
    )
