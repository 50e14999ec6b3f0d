"""What came, went or changed between two answers, row by row."""

from graph.core.namespaces import ID
from graph.core.terms import Term, iri
from graph.rdf.results import QueryResults
from web.sparql.answer_changes import compare_answers

COLUMNS = ("organisation", "organisationLabel", "status", "source")


def row(organisation: str, status: str, label: str = "X", source: str = "a") -> tuple[Term, ...]:
    return (
        iri(f"{ID}organisation/{organisation}"),
        Term(label, "literal", "sv"),
        Term(status, "literal"),
        iri(f"{ID}source/{source}"),
    )


def compare(old: list[tuple[Term, ...]], new: list[tuple[Term, ...]], *hidden: str) -> list[tuple[str, str]]:
    found = compare_answers(QueryResults(COLUMNS, tuple(old)), QueryResults(COLUMNS, tuple(new)), hidden)
    return [(each.kind, each.row[0].value.rpartition("/")[2] if each.row[0] else "") for each in found]


def test_rows_come_go_and_change() -> None:
    old = [row("a", "used"), row("b", "used"), row("c", "used")]
    new = [row("a", "used"), row("b", "paused"), row("d", "used")]
    assert compare(old, new) == [("changed", "b"), ("new", "d"), ("gone", "c")]
    change = compare_answers(QueryResults(COLUMNS, tuple(old)), QueryResults(COLUMNS, tuple(new)))[0]
    assert change.before == row("b", "used")


def test_the_same_answer_in_another_order_is_no_change() -> None:
    rows = [row("a", "used"), row("b", "used")]
    assert compare(rows, rows[::-1]) == []


def test_several_rows_of_one_entity_are_not_taken_for_each_other() -> None:
    old = [row("a", "used"), row("a", "paused")]
    new = [row("a", "used"), row("a", "stopped"), row("a", "planned")]
    assert compare(old, new) == [("new", "a"), ("new", "a"), ("gone", "a")]


def test_rows_without_an_entity_come_and_go() -> None:
    columns = ("text",)
    old = QueryResults(columns, ((Term("x", "literal"),),))
    new = QueryResults(columns, ((Term("y", "literal"),),))
    assert [each.kind for each in compare_answers(old, new)] == ["new", "gone"]


def test_another_source_alone_is_a_change_of_the_row() -> None:
    assert compare([row("a", "used")], [row("a", "used", source="b")]) == [("changed", "a")]


def test_a_query_with_other_columns_cannot_be_compared() -> None:
    assert compare_answers(QueryResults(("x",), ()), QueryResults(COLUMNS, (row("a", "used"),))) == ()


def test_rows_that_name_who_was_removed_have_never_been() -> None:
    old = [row("a", "used", "Eva Ek"), row("b", "EVA EK says")]
    new = [row("a", "used")]
    assert compare(old, new) == [("changed", "a"), ("gone", "b")]
    assert compare(old, new, "Eva Ek") == [("new", "a")]
