"""The order of statements."""

from dataclasses import replace

from graph.claims.statements import ApproximateDate, Passage, Statement, sort_newest_first
from graph.core.terms import Term, text
from graph.read.entities import Ref

EARLY, LATE = ApproximateDate(on=text("2017")), ApproximateDate(not_after=text("2019-02-22"))


def make_statement(name: str, source: str, dated: ApproximateDate, *starts: int) -> Statement:
    passages = tuple(Passage(f"{source}-{start}", Ref(source), 1, start, start + 1, "") for start in starts)
    return Statement(name, (), None, None, None, (), (), Ref(source), dated, passages, {})


def test_statements_are_sorted_by_date_of_the_source_and_reading_order() -> None:
    found = sort_newest_first(
        [
            make_statement("c", "early", EARLY, 90),
            make_statement("b", "late", LATE, 50, 7),
            make_statement("a", "late", LATE, 8),
            make_statement("d", "early", EARLY, 10, 200),
        ]
    )
    assert [each.iri for each in found] == ["b", "a", "d", "c"]


def test_statements_without_a_source_come_last() -> None:
    lost = replace(make_statement("x", "s", ApproximateDate()), source=None)
    assert [each.iri for each in sort_newest_first([lost, make_statement("y", "s", EARLY, 1)])] == ["y", "x"]


def test_the_sort_key_of_a_date_is_its_best_known_bound() -> None:
    assert LATE.sort_key == "2019-02-22"
    assert ApproximateDate(not_before=Term("2016", "literal")).sort_key == "2016"
    assert ApproximateDate().sort_key == ""
