"""Charts and links of the rows of a result."""

from collections.abc import Callable
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from graph.core.namespaces import CODE, XSD
from graph.core.terms import Term, text
from graph.read.entities import Ref
from web.sparql import result_charts
from web.sparql.result_charts import Cell

A, B, C = Ref("https://example.org/a"), Ref("https://example.org/b"), Ref("https://example.org/c")
HALTED, USED = Ref(CODE + "adoption-status/halted"), Ref(CODE + "adoption-status/in-use")


def integer(value: str) -> Term:
    return Term(value, "literal", datatype=XSD + "integer")


def test_numeric_columns_become_series_of_bars() -> None:
    drawn = result_charts.build_chart(
        ("what", "n", "m"), ((A, integer("4"), integer("1")), (B, integer("2"), None))
    )
    assert drawn
    assert drawn.series == ("n", "m")
    assert [bar.numbers for bar in drawn.bars] == [(Decimal(4), Decimal(1)), (Decimal(2), Decimal(0))]
    assert drawn.largest == 4


def test_rows_without_numbers_are_counted_by_code() -> None:
    drawn = result_charts.build_chart(("a", "b", "status"), ((A, B, HALTED), (A, C, HALTED), (A, B, USED)))
    assert drawn
    assert drawn.series == ()
    assert [(bar.of, bar.numbers) for bar in drawn.bars] == [
        ((HALTED,), (Decimal(2),)),
        ((USED,), (Decimal(1),)),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        (),
        ((A, integer("1")),),
        ((A, text("x")), (B, text("y"))),
        ((A, integer("-1")), (B, integer("2"))),
        ((A, integer("0")), (B, integer("0"))),
    ],
)
def test_rows_without_data_for_bars_have_no_chart(rows: tuple[tuple[Cell, ...], ...]) -> None:
    assert result_charts.build_chart(("a", "b"), rows) is None


def test_coordinates_are_not_charted() -> None:
    rows = ((A, integer("59"), integer("18")), (B, integer("60"), integer("17")))
    assert result_charts.build_chart(("a", "lat", "long"), rows) is None


def test_the_number_of_bars_is_limited() -> None:
    drawn = result_charts.build_chart(("a", "n"), tuple((text(f"{n}"), integer(f"{n}")) for n in range(200)))
    assert drawn
    assert (len(drawn.bars), drawn.total) == (result_charts.MAX_BARS, 200)


@pytest.mark.parametrize(
    ("value", "datatype", "expected"),
    [
        ("1.5", "decimal", Decimal("1.5")),
        ("NaN", "double", None),
        ("INF", "double", None),
        ("2017", "gYear", None),
    ],
)
def test_only_finite_numbers_are_charted(value: str, datatype: str, expected: Decimal | None) -> None:
    assert result_charts.finite_number(Term(value, "literal", datatype=XSD + datatype)) == expected


def test_links_of_a_table_start_at_the_first_entity_of_a_row() -> None:
    found = result_charts.find_links(
        "bindings", ("a", "n", "b"), ((A, integer("1"), B), (A, None, C), (A, None, A))
    )
    assert [(link.subject, link.by, link.object) for link in found] == [(A, "b", B), (A, "b", C)]


def test_links_of_a_graph_are_its_triples() -> None:
    by = Ref("https://example.org/by")
    found = result_charts.find_links("graph", ("s", "p", "o"), ((A, by, B), (A, by, text("x"))))
    assert [(link.subject, link.by, link.object) for link in found] == [(A, by, B)]


def test_the_number_of_linked_entities_is_limited() -> None:
    rows = tuple((A, Ref(f"https://example.org/{n}")) for n in range(200))
    found = result_charts.find_links("bindings", ("a", "b"), rows)
    assert len({end for link in found for end in (link.subject, link.object)}) == result_charts.MAX_NODES


def year(value: int) -> Term:
    return Term(str(value), "literal", datatype=XSD + "gYear")


@pytest.mark.parametrize("form", [year, lambda value: integer(str(value))], ids=["gYear", "integer"])
def test_years_without_rows_are_shown_empty(form: Callable[[int], Term]) -> None:
    drawn = result_charts.build_chart(
        ("year", "n"), ((form(2015), integer("3")), (form(2018), integer("1")), (form(2016), integer("2")))
    )
    assert drawn
    assert drawn.series == ("n",), "a year is no measure"
    assert [(bar.of, int(bar.numbers[0])) for bar in drawn.bars] == [
        ((form(2015),), 3),
        ((form(2016),), 2),
        ((form(2017),), 0),
        ((form(2018),), 1),
    ]


@pytest.mark.parametrize(
    ("small", "scales"), [("2", (Decimal(1000), Decimal(2))), ("500", (Decimal(1000), Decimal(1000)))]
)
def test_a_small_measure_beside_a_large_one_has_a_scale_of_its_own(
    small: str, scales: tuple[Decimal, ...]
) -> None:
    rows = ((A, integer("1000"), integer(small)), (B, integer("900"), integer("1")))
    drawn = result_charts.build_chart(("what", "people", "bodies"), rows)
    assert drawn
    assert drawn.scales == scales
    assert drawn.has_own_scales == (len(set(scales)) > 1)
    assert drawn.labels == ("what",)


@pytest.mark.parametrize("path", ["/queries/coverage/chart.svg?lang=sv", "/query/chart.svg"])
def test_a_chart_is_a_file_with_title_numbers_and_source(release_app: Flask, path: str) -> None:
    client = release_app.test_client()
    query = {"query": 'SELECT ?a ?n { VALUES (?a ?n) { ("<b>&x" 9740) ("y" 73) } }', "lang": "sv"}
    answer = client.get(path, query_string=query if path == "/query/chart.svg" else None)
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert "attachment" in answer.headers["Content-Disposition"]
    root = ElementTree.fromstring(answer.text)  # noqa: S314 (it is our own)
    texts = [each.text or "" for each in root.iter("{http://www.w3.org/2000/svg}text")]
    assert any(each.startswith("Källa: Utsaga, utgåva ") for each in texts)
    if path == "/query/chart.svg":
        assert {"<b>&x", "y", "9740", "73"} <= set(texts)
    else:
        assert "Hur många av alla kommuner och regioner vet vi något om?" in texts


def test_a_result_without_a_chart_has_no_file(pages: FlaskClient) -> None:
    answer = pages.get("/query/chart.svg", query_string={"query": "ASK {}"})
    assert answer.status_code == 404
