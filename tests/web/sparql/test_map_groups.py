"""The groups of places on a map."""

from decimal import Decimal

from graph.core.namespaces import CODE, XSD
from graph.core.terms import Term, text
from graph.read.entities import Ref
from web.sparql.map_groups import MAX_GROUPS, MapGroup, group_places
from web.sparql.result_charts import Cell

HALTED, USED = Ref(CODE + "adoption-status/halted"), Ref(CODE + "adoption-status/in-use")


def each(*cells: Cell) -> list[frozenset[Cell]]:
    return [frozenset({cell}) if cell else frozenset() for cell in cells]


def number(value: int) -> Term:
    return Term(str(value), "literal", datatype=XSD + "integer")


def test_codes_come_before_numbers_and_the_commonest_first() -> None:
    groups, indexes = group_places([each(number(1), number(2), number(3)), each(HALTED, USED, USED)])
    assert groups == (MapGroup(value=USED, count=2), MapGroup(value=HALTED, count=1))
    assert indexes == (1, 0, 0)


def test_numbers_are_divided_into_intervals_with_as_many_places_each() -> None:
    groups, indexes = group_places([each(*map(number, (5, 1, 1, 2, 3, 100, 4, 7)))])
    assert [(group.low, group.high, group.count) for group in groups] == [
        (Decimal(1), Decimal(1), 2),
        (Decimal(2), Decimal(3), 2),
        (Decimal(4), Decimal(5), 2),
        (Decimal(7), Decimal(100), 2),
    ]
    assert indexes == (2, 0, 0, 1, 1, 3, 2, 3)


def test_few_texts_are_groups_and_many_are_not() -> None:
    groups, _ = group_places([each(text("a"), text("b"), None)])
    assert [group.value for group in groups] == [text("a"), text("b"), None]
    assert group_places([each(*(text(str(n)) for n in range(MAX_GROUPS + 1)))]) == ((), ())
    assert group_places([each(text("a"), text("a"))]) == ((), ()), "one value tells nothing apart"


def test_the_rarest_codes_share_a_group() -> None:
    codes = [Ref(f"{CODE}a/{n}") for n in range(9)]
    groups, indexes = group_places([each(*codes, codes[3])])
    assert len(groups) == MAX_GROUPS
    assert groups[0] == MapGroup(value=codes[3], count=2)
    assert groups[-1] == MapGroup(count=4)
    assert indexes[-1] == 0
