"""An address says a state in full, and what it cannot say is a problem and no failure."""

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.backends.in_process import InProcess
from graph.query_builder.model import BuilderModel
from graph.query_builder.parse_state import parse_state
from graph.query_builder.read_model import read_model
from graph.query_builder.sparql import write_query
from graph.query_builder.state import MAX_DEPTH, MAX_ROWS, BuilderState
from graph.query_builder.values import ValueReader
from graph.read.entities import Entities

NAMES = st.from_regex(
    r"([0-2]\.){0,5}(property|value|known|match|show|sort|add)|class|count|remove", fullmatch=True
)
TEXTS = st.one_of(
    st.sampled_from(
        ["Adoption", "status", "adopter", "inCounty", "phasing-out", "1", "0.0", "asOf", "none", "2017-1x"]
    ),
    st.text(max_size=12),
)


def parsed(model: BuilderModel, value_reader: ValueReader, address: str) -> BuilderState:
    return parse_state(parse_qsl(address, keep_blank_values=True), model, value_reader)


def problems(state: BuilderState) -> list[tuple[str, str, tuple[int, ...] | None]]:
    return [(each.key, each.value, each.path) for each in state.problems]


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("", ""),
        ("class=Adoption", "class=Adoption&show=1"),
        ("class=Adoption&show=1&sort=&count=", "class=Adoption&show=1"),
        ("class=Adoption&count=1&sort=desc&show=1", "class=Adoption&show=1&sort=desc&count=1"),
        (
            "class=Adoption&3.property=status&3.value=&3.value=phasing-out&3.value=phasing-out&3.show=1&1.property=asOf",
            "class=Adoption&0.property=asOf&1.property=status&1.value=phasing-out&1.show=1",
        ),
        (
            "class=Adoption&0.property=adopter&0.match=is&0.show=1&0.add=inCounty&add=status",
            "class=Adoption&0.property=adopter&0.show=1&0.0.property=inCounty&0.0.show=1&1.property=status&1.show=1",
        ),
        (
            "class=Adoption&show=1&0.property=adopter&0.0.property=inCounty&1.property=status&remove=0",
            "class=Adoption&show=1&0.property=status",
        ),
        (
            "class=Adoption&show=1&0.property=adopter&0.0.property=inCounty&remove=0.0",
            "class=Adoption&show=1&0.property=adopter",
        ),
        (
            "class=Adoption&show=1&0.property=product&0.value=Office 365"
            "&1.property=asOf&1.match=before&1.value=2018",
            "class=Adoption&show=1&0.property=product&0.value=product/office-365"
            "&1.property=asOf&1.match=before&1.value=2018",
        ),
        (
            "class=Adoption&show=1&0.property=adopter&0.match=none&0.value=organisation/malmo-kommun",
            "class=Adoption&show=1&0.property=adopter&0.match=none",
        ),
    ],
)
def test_a_form_leads_to_the_address_that_says_the_same(
    model: BuilderModel, value_reader: ValueReader, address: str, canonical: str
) -> None:
    state = parsed(model, value_reader, address)
    assert state.problems == ()
    assert state.arguments() == parse_qsl(canonical)
    again = parsed(model, value_reader, urlencode(state.arguments()))
    assert again.arguments() == state.arguments()


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("class=Nothing", [("class", "Nothing", None)]),
        ("class=Adoption&0.property=population", [("property", "population", None)]),
        ("class=Adoption&0.property=status&0.value=gone", [("code", "gone", (0,))]),
        ("class=Adoption&0.property=status&0.match=before", [("match", "before", (0,))]),
        ("class=Adoption&0.property=asOf&0.value=2017-13", [("date", "2017-13", (0,))]),
        ("class=Municipality&0.property=population&0.value=many", [("number", "many", (0,))]),
        ("class=Observation&0.property=mailProvider&0.value=gmail", [("choice", "gmail", (0,))]),
        ("class=Adoption&0.property=adopter&0.value=xyzzy", [("entity", "xyzzy", (0,))]),
        ("class=Adoption&0.property=adopter&0.0.property=label&0.0.0.property=x", [("property", "x", None)]),
        ("class=Adoption&0.property=adopter&0.value=Stockholm", [("ambiguous", "Stockholm", (0,))]),
        ("class=Adoption&add=nothing", [("property", "nothing", None)]),
    ],
)
def test_what_cannot_be_used_is_told(
    model: BuilderModel, value_reader: ValueReader, address: str, found: list[object]
) -> None:
    state = parsed(model, value_reader, address)
    assert problems(state) == found
    assert not state.is_complete


def test_a_row_that_is_removed_takes_its_problems_with_it(
    model: BuilderModel, value_reader: ValueReader
) -> None:
    state = parsed(model, value_reader, "class=Adoption&0.property=asOf&0.value=x&1.property=status&remove=0")
    assert state.problems == ()
    assert state.arguments() == parse_qsl("class=Adoption&show=1&0.property=status")


def test_an_ambiguous_name_has_candidates(model: BuilderModel, value_reader: ValueReader) -> None:
    state = parsed(model, value_reader, "class=Adoption&0.property=adopter&0.value=Stockholm")
    row = state.row((0,))
    assert row
    meant = [each.iri.rpartition("/")[2] for each in row.values[0].candidates]
    assert {"stockholms-kommun", "region-stockholm"} <= set(meant)


def test_the_name_of_a_value_that_the_form_showed_means_that_value(
    model: BuilderModel, value_reader: ValueReader
) -> None:
    form = (
        "class=Adoption&0.property=adopter&0.value=Stockholm&0.known=organisation/region-stockholm Stockholm"
    )
    state = parsed(model, value_reader, form)
    assert ("0.value", "organisation/region-stockholm") in state.arguments()


def test_the_added_row_is_known(model: BuilderModel, value_reader: ValueReader) -> None:
    assert parsed(model, value_reader, "class=Adoption&0.property=adopter&0.add=inCounty").added == (0, 0)
    assert parsed(model, value_reader, "class=Adoption&0.property=adopter").added is None


def test_depth_and_number_of_rows_are_limited(model: BuilderModel, value_reader: ValueReader) -> None:
    chain = ("answers",) * (MAX_DEPTH + 1)
    deep = "".join(f"&{'0.' * (level + 1)}property={name}" for level, name in enumerate(chain))
    state = parsed(model, value_reader, f"class=Statement{deep}")
    assert problems(state)[0][0] == "depth"
    assert max(len(path) for path, _ in state.walk()) == MAX_DEPTH
    many = "".join(f"&{index}.property=kind" for index in range(MAX_ROWS + 5))
    state = parsed(model, value_reader, f"class=Statement{many}")
    assert len(state.rows) == MAX_ROWS
    assert {key for key, _, _ in problems(state)} == {"rows"}


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(NAMES, TEXTS), max_size=12))
def test_no_address_fails_and_every_state_has_an_address(arguments: list[tuple[str, str]]) -> None:
    model, value_reader = read_model(), ValueReader(Entities(InProcess.of([])))
    state = parse_state([("class", "Adoption"), *arguments], model, value_reader)
    again = parse_state(state.arguments(), model, value_reader)
    assert again.arguments() == state.arguments()
    if state.is_complete:
        assert "\nLIMIT " in write_query(state, model, "sv").text
