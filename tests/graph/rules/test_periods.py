from pyoxigraph import Literal, NamedNode, Quad

from graph.core.namespaces import DCAT, DCTERMS, ELI, ID, ORG, RDF, UTS, XSD
from graph.rules.periods import periods

CLAIM = ID + "adoption/a"
TEMPORAL, START, END = DCTERMS + "temporal", DCAT + "startDate", DCAT + "endDate"
LAST_CONFIRMED = UTS + "lastConfirmed"


def quad(subject: str, predicate: str, value: str) -> Quad:
    """Return a quad whose value is an IRI or, if it begins with a digit, a date."""
    types = {4: "gYear", 7: "gYearMonth", 10: "date"}
    is_date = value[0].isdecimal()
    node = Literal(value, datatype=NamedNode(XSD + types[len(value)])) if is_date else NamedNode(value)
    return Quad(NamedNode(subject), NamedNode(predicate), node)


def period(class_: str, name: str = CLAIM, **dates: str) -> dict[str, str]:
    """Return what is added for a thing of `class_` with the dates: local names of properties and values."""
    stated = [quad(name, RDF + "type", class_)]
    stated += [quad(name, UTS + key, value) for key, value in dates.items()]
    return added(stated)


def added(stated: list[Quad]) -> dict[str, str]:
    return {
        each.predicate.value: each.object.value
        for each in periods(stated)
        if isinstance(each.object, Literal | NamedNode) and each.predicate.value != RDF + "type"
    }


def test_a_claim_that_begins_and_ends_has_the_first_and_the_last_day() -> None:
    assert period(UTS + "Adoption", validFrom="2016", validUntil="2020-02", asOf="2017") == {
        TEMPORAL: CLAIM + "#period",
        START: "2016-01-01",
        END: "2020-02-29",
    }


def test_a_claim_without_a_known_end_has_the_last_day_that_a_source_states() -> None:
    assert period(UTS + "Adoption", validFrom="2016-05-04", asOf="2017-10") == {
        TEMPORAL: CLAIM + "#period",
        START: "2016-05-04",
        LAST_CONFIRMED: "2017-10-31",
    }
    assert period(UTS + "Adoption", validFrom="2016", asOf="2016-06")[LAST_CONFIRMED] == "2016-06-30"
    assert period(UTS + "Assessment", validFrom="2016")[LAST_CONFIRMED] == "2016-12-31"
    assert period(UTS + "Assessment", validFrom="2016", madeIn="2015")[LAST_CONFIRMED] == "2016-12-31"


def test_a_claim_that_neither_begins_nor_ends_holds_for_the_time_that_its_source_gives() -> None:
    only = {TEMPORAL: CLAIM + "#period", START: "2017-10-01", END: "2017-10-31"}
    assert period(UTS + "Adoption", asOf="2017-10") == only
    assert period(UTS + "Assessment", madeIn="2017-10") == only
    assert period(ORG + "Membership", asOf="2017-10") == only


def test_the_period_of_an_office_is_beside_it_on_the_page_of_its_person() -> None:
    name = ID + "person/a#office"
    assert period(ORG + "Membership", name, asOf="2017")[TEMPORAL] == ID + "person/a#office-period"


def test_an_act_begins_when_it_applies_or_else_when_it_enters_into_force() -> None:
    act = [quad(CLAIM, RDF + "type", UTS + "LegalAct")]
    entry = quad(CLAIM, ELI + "first_date_entry_in_force", "2016-05-24")
    application = quad(CLAIM, ELI + "date_applicability", "2018-05-25")
    end = quad(CLAIM, ELI + "date_no_longer_in_force", "2030-01-01")
    assert added([*act, entry]) == {TEMPORAL: CLAIM + "#period", START: "2016-05-24"}
    assert added([*act, entry, application])[START] == "2018-05-25"
    assert added([*act, end]) == {TEMPORAL: CLAIM + "#period", END: "2030-01-01"}


def test_a_statement_was_made_when_its_source_was_issued() -> None:
    source = ID + "source/s"
    said = [quad(CLAIM, RDF + "type", UTS + "Statement"), quad(CLAIM, UTS + "saidIn", source)]
    issued = quad(source, DCTERMS + "issued", "2017-10")
    after, before = (
        quad(source, UTS + "issuedNotBefore", "2017-09"),
        quad(source, UTS + "issuedNotAfter", "2017-12"),
    )
    assert added([*said, issued]) == {
        TEMPORAL: CLAIM + "#period",
        START: "2017-10-01",
        END: "2017-10-31",
    }
    assert added([*said, after, before]) == {
        TEMPORAL: CLAIM + "#period",
        START: "2017-09-01",
        END: "2017-12-31",
    }
    year = quad(source, DCTERMS + "issued", "2017")
    assert added([*said, year, after, before])[START] == "2017-09-01", "bounds are more exact than the year"
    assert added([*said, year, before]) == {
        TEMPORAL: CLAIM + "#period",
        START: "2017-01-01",
        END: "2017-12-31",
    }
    assert added([*said, after]) == {TEMPORAL: CLAIM + "#period", START: "2017-09-01"}


def test_what_has_no_date_has_no_period() -> None:
    assert periods([quad(CLAIM, RDF + "type", UTS + "Adoption")]) == []
    assert period(UTS + "Article", validFrom="2017") == {}
