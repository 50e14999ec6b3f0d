"""The queries of states: they parse, pass the guard, and find what a query written by hand finds."""

from collections import Counter
from urllib.parse import parse_qsl, urlencode

import pyoxigraph as ox
import pytest

from graph.backends.in_process import InProcess
from graph.core.namespaces import ID, TYPE
from graph.core.partial_dates import DATATYPES
from graph.core.terms import Term
from graph.query.guard import check_query
from graph.query_builder.model import BuilderModel
from graph.query_builder.parse_state import parse_state
from graph.query_builder.sparql import BuiltQuery, write_query
from graph.query_builder.values import ValueReader
from graph.read.entities import Entities
from tests.graph.query_builder.questions import HAND_WRITTEN, PREFIXES
from web.builder.examples import EXAMPLES

BASE = "https://example.org/"


class Builder:
    """Builds and runs queries on the built release."""

    def __init__(self, model: BuilderModel, reader: ValueReader, store: InProcess) -> None:
        self.model, self.reader, self.store = model, reader, store

    def build(self, address: str, language: str = "sv") -> BuiltQuery:
        state = parse_state(parse_qsl(address), self.model, self.reader)
        assert state.problems == ()
        built = write_query(state, self.model, language)
        verdict = check_query(built.text, base_iri=BASE)
        assert verdict.form == "bindings"
        assert verdict.cacheable
        return built

    def rows(self, address: str, *columns: str, language: str = "sv") -> Counter[tuple[str, ...]]:
        found = self.store.select(self.build(address, language).text)
        return Counter(tuple(shown(row.get(each)) for each in columns) for row in found)

    def by_hand(self, text: str) -> list[dict[str, Term]]:
        return [dict(row) for row in self.store.select(PREFIXES + text)]


def shown(term: Term | None) -> str:
    return term.value.removeprefix(ID) if term else ""


@pytest.fixture(scope="module")
def builder(model: BuilderModel, value_reader: ValueReader, store: InProcess) -> Builder:
    return Builder(model, value_reader, store)


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("language", ["sv", "en"])
def test_an_example_finds_what_a_query_written_by_hand_finds(
    builder: Builder, name: str, language: str
) -> None:
    built = builder.build(EXAMPLES[name], language)
    counted = ["count"] if "COUNT(" in built.text else []
    columns = [each.variable[1:] for each in built.columns] + counted
    found = builder.rows(EXAMPLES[name], *columns, language=language)
    by_hand = builder.by_hand(HAND_WRITTEN[name])
    names = list(dict.fromkeys(key for row in by_hand for key in row))
    assert found == Counter(tuple(shown(row.get(each)) for each in names) for row in by_hand)
    assert found


def test_every_example_has_a_query_written_by_hand() -> None:
    assert EXAMPLES.keys() == HAND_WRITTEN.keys()
    assert len(EXAMPLES) == 10


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_class_with_all_its_properties_makes_a_query(
    builder: Builder, model: BuilderModel, language: str
) -> None:
    for class_ in model.classes:
        for name in class_.properties:
            arguments = {
                "class": class_.name,
                "show": 1,
                "0.property": name,
                "0.show": 1,
                "0.match": "optional",
            }
            builder.build(urlencode(arguments), language)


def test_things_and_codes_have_a_label_in_the_language_of_the_reader(builder: Builder) -> None:
    address = (
        "class=Adoption&0.property=adopter&0.value=organisation/malmo-kommun&0.show=1"
        "&1.property=status&1.value=in-use&1.show=1"
    )
    assert ("Malmö kommun", "används") in builder.rows(address, "adopterLabel", "statusLabel")
    assert ("Malmö Municipality", "in use") in builder.rows(
        address, "adopterLabel", "statusLabel", language="en"
    )


def test_a_label_that_is_in_swedish_alone_is_shown_in_english_too(builder: Builder) -> None:
    found = builder.rows("class=Person&show=1", "personLabel", language="en")
    assert ("",) not in found
    assert ("Patrik Kron",) in found


def test_a_text_is_shown_in_one_language(builder: Builder) -> None:
    address = "class=Statement&show=1&0.property=text&0.show=1"
    [[statements]] = [
        [*each.values()] for each in builder.by_hand("SELECT (COUNT(?s) AS ?n) { ?s a uts:Statement }")
    ]
    assert sum(builder.rows(address, "statement").values()) == int(statements.value)


def test_one_of_several_values_is_enough(builder: Builder) -> None:
    address = "class=Adoption&show=1&0.property=status&0.value={}"
    both = builder.rows(address.format("paused&0.value=phasing-out"), "adoption")
    assert both == builder.rows(address.format("paused"), "adoption") + builder.rows(
        address.format("phasing-out"), "adoption"
    )


def test_is_not_and_is_complement_each_other(builder: Builder) -> None:
    every = builder.rows("class=Adoption&show=1", "adoption")
    paused = builder.rows("class=Adoption&show=1&0.property=status&0.value=paused", "adoption")
    others = builder.rows(
        "class=Adoption&show=1&0.property=status&0.match=not&0.value=paused&0.show=1", "adoption", "status"
    )
    assert paused
    assert Counter({(name,): 1 for name, _ in others}) + paused == every
    assert all(status and "paused" not in status for _, status in others)


def test_missing_and_present_complement_each_other(builder: Builder) -> None:
    every = builder.rows("class=LegalAct&show=1", "legalAct")
    ended = builder.rows("class=LegalAct&show=1&0.property=date_no_longer_in_force", "legalAct")
    in_force = builder.rows(
        "class=LegalAct&show=1&0.property=date_no_longer_in_force&0.match=none", "legalAct"
    )
    either = builder.rows(
        "class=LegalAct&show=1&0.property=date_no_longer_in_force&0.match=optional", "legalAct"
    )
    assert ended
    assert in_force
    assert ended + in_force == every == either


def test_what_lies_behind_a_missing_property_is_part_of_the_condition(builder: Builder) -> None:
    """Municipalities that do not use Office 365, though they may do something else with it."""
    uses = "0.0.property=product&0.0.value=product/office-365&0.1.property=status&0.1.value=in-use"
    address = f"class=Municipality&show=1&0.property=Adoption.adopter&{uses}"
    users = builder.rows(address, "municipality")
    others = builder.rows(f"{address}&0.match=none", "municipality")
    assert users
    assert users + others == builder.rows("class=Municipality&show=1", "municipality")


@pytest.mark.parametrize(
    ("match", "value", "holds"),
    [
        ("during", "2017", {"2017", "2017-09", "2017-10", "2017-10-05"}),
        ("during", "2017-10", {"2017-10", "2017-10-05"}),
        ("from", "2017-10", {"2017-10", "2017-10-05", "2018"}),
        ("before", "2017-10", {"2016", "2017-09"}),
        ("before", "2018", {"2016", "2017", "2017-09", "2017-10", "2017-10-05"}),
    ],
)
def test_dates_compare_by_what_is_certain(
    model: BuilderModel, match: str, value: str, holds: set[str]
) -> None:
    adoption = model.by_name["Adoption"]
    address = [
        ("class", "Adoption"),
        ("0.property", "asOf"),
        ("0.match", match),
        ("0.value", value),
        ("0.show", "1"),
    ]
    dates = ("2016", "2017", "2017-09", "2017-10", "2017-10-05", "2018")
    store = InProcess.of(_dated(adoption.ref.iri, adoption.properties["asOf"].ref.iri, dates))
    state = parse_state(address, model, ValueReader(Entities(store)))
    found = store.select(write_query(state, model, "sv").text)
    assert {row["asOf"].value for row in found} == holds


@pytest.mark.parametrize(
    ("match", "value", "least", "most"),
    [("least", "100 000", 100_000, 10**9), ("most", "3000", 0, 3000), ("is", "2409", 2409, 2409)],
)
def test_numbers_compare(builder: Builder, match: str, value: str, least: int, most: int) -> None:
    address = urlencode(
        {"class": "Municipality", "0.property": "population", "0.match": match, "0.value": value, "0.show": 1}
    )
    found = {int(number) for (number,) in builder.rows(address, "population")}
    every = {
        int(n) for (n,) in builder.rows("class=Municipality&0.property=population&0.show=1", "population")
    }
    assert found == {number for number in every if least <= number <= most}


def test_texts_are_found_whatever_their_case(builder: Builder) -> None:
    found = builder.rows("class=Municipality&0.property=label&0.value=göteborg&0.show=1", "label")
    assert found == Counter({("Göteborgs kommun",): 1})


def test_nothing_that_is_typed_becomes_part_of_the_query(builder: Builder) -> None:
    hostile = '") } # \\ \n DELETE WHERE { ?s ?p ?o } <x> "@sv'
    address = urlencode({"class": "Municipality", "show": 1, "0.property": "label", "0.value": hostile})
    built = builder.build(address)
    assert '\\") } # \\\\ \\n DELETE' in built.text
    assert builder.rows(address, "municipality") == Counter()


def test_columns_are_ordered_by_as_chosen(builder: Builder) -> None:
    address = "class=Municipality&show=1&0.property=population&0.show=1&0.sort={}"
    down = [
        int(row["population"].value)
        for row in builder.store.select(builder.build(address.format("desc")).text)
    ]
    up = [
        int(row["population"].value)
        for row in builder.store.select(builder.build(address.format("asc")).text)
    ]
    assert down == sorted(down, reverse=True)
    assert up == sorted(up)
    assert len(set(up)) > 100


def test_a_count_without_columns_counts_everything(builder: Builder) -> None:
    found = builder.rows("class=Municipality&show=1&count=1", "count")
    assert found == Counter({("290",): 1})


def _dated(class_: str, property_: str, dates: tuple[str, ...]) -> list[ox.Quad]:
    """Return a thing of the class for each of the partial dates."""
    quads = []
    for date in dates:
        thing = ox.NamedNode(f"urn:x:{date}")
        quads.append(ox.Quad(thing, ox.NamedNode(TYPE), ox.NamedNode(class_)))
        value = ox.Literal(date, datatype=ox.NamedNode(DATATYPES[len(date)]))
        quads.append(ox.Quad(thing, ox.NamedNode(property_), value))
    return quads
