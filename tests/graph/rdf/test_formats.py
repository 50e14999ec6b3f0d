"""Formats by name, media type and form of result."""

import pytest

from graph.rdf import formats
from graph.rdf.formats import FORMATS, Form


def test_names_and_media_types_are_unique() -> None:
    assert (
        len({each.name for each in FORMATS})
        == len({each.media_type for each in FORMATS})
        == len(FORMATS)
        == 11
    )


@pytest.mark.parametrize(
    ("form", "names"),
    [
        ("boolean", ["json", "xml"]),
        ("bindings", ["json", "xml", "csv", "tsv"]),
        ("graph", ["ttl", "nt", "rdf", "jsonld", "nq", "trig", "n3"]),
    ],
)
def test_the_formats_of_each_form(form: Form, names: list[str]) -> None:
    assert [each.name for each in formats.formats_for(form)] == names


@pytest.mark.parametrize(
    ("value", "form", "name"),
    [
        ("json", "bindings", "json"),
        ("JSON", "boolean", "json"),
        ("json", "graph", "jsonld"),
        ("xml", "bindings", "xml"),
        ("xml", "graph", "rdf"),
        ("turtle", "graph", "ttl"),
        ("text/csv", "bindings", "csv"),
        ("application/json", "bindings", "json"),
        ("application/json", "graph", "jsonld"),
        ("text/turtle; charset=utf-8", "graph", "ttl"),
        ("text/plain", "graph", "nt"),
        ("csv", "boolean", None),
        ("ttl", "bindings", None),
        ("text/html", "graph", None),
        ("", "graph", None),
    ],
)
def test_a_format_is_found_by_name_alias_or_media_type(value: str, form: Form, name: str | None) -> None:
    found = formats.find_format(value, form)
    assert (found and found.name) == name


@pytest.mark.parametrize("form", ["boolean", "bindings", "graph"])
def test_media_types_come_before_their_aliases(form: Form) -> None:
    types = list(formats.by_media_type(form))
    own = [each.media_type for each in formats.formats_for(form)]
    assert types[: len(own)] == own


def test_an_alias_selects_the_first_format_that_has_it_and_never_another_formats_own_type() -> None:
    rows, graphs = formats.named("json", "xml"), formats.formats_for("graph")
    types = formats.by_accepted_type((*rows, *graphs, formats.JSON))
    assert types["application/json"] == formats.JSON
    assert types["application/xml"].name == "xml"
    assert types["application/rdf+xml"].name == "rdf"
    assert types["text/plain"].name == "nt"


def test_the_engine_has_the_same_media_types_and_extensions() -> None:
    for each in FORMATS:
        assert each.engine.media_type.partition(";")[0] == each.media_type
        assert each.engine.file_extension.removeprefix("sr") in (each.extension, "j", "x")


def test_the_content_type_of_csv_declares_its_header() -> None:
    csv = formats.find_format("csv", "bindings")
    assert csv is not None
    assert csv.content_type == "text/csv; charset=utf-8; header=present"
