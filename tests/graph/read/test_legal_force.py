"""Which law was in force when."""

import pytest
from pyoxigraph import Store

from graph.backends.in_process import InProcess
from graph.core.iris import entity_iri
from graph.core.namespaces import UTS
from graph.core.terms import Term, iri, text
from graph.read.entities import Entities, Node, Ref
from graph.read.legal_force import ENDED, IN_FORCE, NOT_YET, Act, act, line, texts


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
def test_a_date_is_told_as_far_as_it_is_known(when: str, state: str) -> None:
    law = Act(Ref("x"), day("1998-10-24"), day("2018-05-24"))
    assert law.at(day(when)) == state


def test_what_is_not_known_is_not_told() -> None:
    assert Act(Ref("x"), None, None).at(day("2017")) == ""
    assert Act(Ref("x"), day("2018-05-25"), None).at(None) == ""
    assert Act(Ref("x"), None, day("2018-05-25")).at(day("2017")) == ""
    assert Act(Ref("x"), day("2018-05-25"), None).at(day("2017-11")) == NOT_YET


def test_what_came_before_and_after(graph_store: Store) -> None:
    entities = Entities(InProcess(graph_store, union=False))
    before, after = line(entities, entity_iri("law", "gdpr"))
    assert [each.ref.iri for each in before] == [
        entity_iri("law", "pul"),
        entity_iri("law", "direktiv-95-46-eg"),
    ]
    assert after == ()
    assert line(entities, entity_iri("law", "pul"))[1] == (act(entities, entity_iri("law", "gdpr")),)


@pytest.mark.parametrize("number", ["2009:400 OR 1=1", "javascript:1", "٢٠٠٩:٤", ""])
def test_only_a_number_leads_to_a_text(number: str) -> None:
    assert texts(Node(iri("x"), {UTS + "sfsNumber": (text(number),)})) == ()


def test_where_its_text_is() -> None:
    found = texts(Node(iri("x"), {UTS + "sfsNumber": (text("2009:400"),)}))
    assert found == (
        "https://rkrattsbaser.gov.se/sfst?bet=2009:400",
        "https://rkrattsbaser.gov.se/sfsr?bet=2009:400",
    )
