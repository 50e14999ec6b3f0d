"""Charts and links of the rows of a result."""

from decimal import Decimal

import pytest

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
