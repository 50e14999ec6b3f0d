"""What people type for a value, and what it means."""

import pytest

from graph.backends.in_process import InProcess
from graph.core.namespaces import CODE, ID, XSD
from graph.core.terms import Term, iri, text
from graph.query_builder.model import BuilderModel
from graph.query_builder.state import Value
from graph.query_builder.values import ValueReader
from graph.read.entities import Entities


def read(model: BuilderModel, value_reader: ValueReader, where: str, given: str) -> Value:
    class_, _, property_ = where.partition(" ")
    return value_reader.read(model.by_name[class_].properties[property_], given)


@pytest.mark.parametrize(
    ("where", "given", "key", "term"),
    [
        ("Adoption adopter", "Malmö", "organisation/malmo-kommun", iri(ID + "organisation/malmo-kommun")),
        (
            "Adoption adopter",
            "goteborg",
            "organisation/goteborgs-kommun",
            iri(ID + "organisation/goteborgs-kommun"),
        ),
        (
            "Adoption adopter",
            ID + "organisation/eda-kommun",
            "organisation/eda-kommun",
            iri(ID + "organisation/eda-kommun"),
        ),
        ("Adoption product", "office 365", "product/office-365", iri(ID + "product/office-365")),
        ("Assessment underAct", "OSL", "law/osl", iri(ID + "law/osl")),
        ("Statement about", "Office 365", "product/office-365", iri(ID + "product/office-365")),
        ("Adoption status", "phasing-out", "phasing-out", iri(CODE + "adoption-status/phasing-out")),
        (
            "Adoption status",
            CODE + "adoption-status/phasing-out",
            "phasing-out",
            iri(CODE + "adoption-status/phasing-out"),
        ),
        ("Observation mailProvider", "google", "google", text("google")),
        ("Adoption asOf", "2017-10", "2017-10", text("2017-10")),
        ("Municipality population", "100 000", "100000", Term("100000", "literal", datatype=XSD + "integer")),
        ("Municipality lat", "57,7", "57.7", Term("57.7", "literal", datatype=XSD + "decimal")),
        ("Statement text", 'a "quote"\n', 'a "quote"\n', text('a "quote"\n')),
    ],
)
def test_a_value_is_a_term(
    model: BuilderModel, value_reader: ValueReader, where: str, given: str, key: str, term: Term
) -> None:
    value = read(model, value_reader, where, given)
    assert (value.key, value.term) == (key, term)
    assert read(model, value_reader, where, value.key).term == term, "the key means the same"


@pytest.mark.parametrize(
    ("where", "given"),
    [
        ("Adoption adopter", "xyzzy"),
        ("Adoption adopter", "urn:nothing:there"),
        ("Adoption adopter", "not an iri: <x>"),
        ("Adoption status", "Phasing-out"),
        ("Adoption asOf", "5 oktober"),
        ("Municipality population", "1e9"),
        ("Municipality population", "٣"),
        ("Observation mailProvider", "Google"),
    ],
)
def test_a_value_that_means_nothing_has_no_term(
    model: BuilderModel, value_reader: ValueReader, where: str, given: str
) -> None:
    value = read(model, value_reader, where, given)
    assert value.term is None
    assert value.text == given


def test_without_a_text_index_things_have_to_be_named_by_iri(model: BuilderModel, store: InProcess) -> None:
    bare = ValueReader(Entities(store))
    assert read(model, bare, "Adoption adopter", "Malmö kommun").term is None
    assert read(model, bare, "Adoption adopter", "organisation/malmo-kommun").term
