"""Statements in the order they are shown, with the office and the evidence they have."""

from dataclasses import replace

from graph.core.terms import Term, text
from graph.read.entities import Ref
from graph.read.statements import Dated, Passage, Statement, newest_first

EARLY, LATE = Dated(on=text("2017")), Dated(not_after=text("2019-02-22"))


def said(name: str, source: str, dated: Dated, *starts: int) -> Statement:
    passages = tuple(Passage(f"{source}-{start}", Ref(source), 1, start, start + 1, "") for start in starts)
    return Statement(name, (), None, None, (), (), (), Ref(source), dated, passages, {})


def test_newest_source_first_and_each_in_reading_order() -> None:
    found = newest_first(
        [
            said("c", "early", EARLY, 90),
            said("b", "late", LATE, 50, 7),
            said("a", "late", LATE, 8),
            said("d", "early", EARLY, 10, 200),
        ]
    )
    assert [each.iri for each in found] == ["b", "a", "d", "c"]


def test_without_source_or_place() -> None:
    lost = replace(said("x", "s", Dated()), source=None)
    assert [each.iri for each in newest_first([lost, said("y", "s", EARLY, 1)])] == ["y", "x"]


def test_date_key() -> None:
    assert LATE.key == "2019-02-22"
    assert Dated(not_before=Term("2016", "literal")).key == "2016"
    assert Dated().key == ""
