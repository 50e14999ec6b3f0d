"""Claims and their speakers."""

from dataclasses import fields
from typing import Any

from graph.claims.claims import Assessment
from graph.claims.statements import ApproximateDate, Passage, Statement
from graph.core.terms import text
from graph.read.entities import Ref


def make_statement(name: str, speaker: str | None, unit: str | None, *places: tuple[int, int]) -> Statement:
    passages = tuple(Passage(f"p{start}", Ref("s"), paragraph, start, 0, "") for paragraph, start in places)
    by = Ref(speaker) if speaker else None
    return Statement(
        name, (), None, by, Ref(unit) if unit else None, (), (), Ref("s"), ApproximateDate(), passages, {}
    )


def assessment(**values: Any) -> Assessment:
    """Return an assessment without any values but those given."""
    empty: dict[str, Any] = {
        each.name: () if "tuple" in str(each.type) else None for each in fields(Assessment)
    }
    return Assessment(**(empty | {"iri": "x", "act_is_inferred": False} | values))


def test_the_latest_time_of_an_assessment_is_what_it_is_last_known_for() -> None:
    first, last = text("2015"), text("2017-10")
    assert assessment(made_in=first, valid_until=last).last_known == last
    assert assessment().last_known is None


def test_each_speaker_is_listed_once_with_one_passage_per_paragraph() -> None:
    statements = (
        make_statement("1", "eva", None, (2, 20), (3, 30)),
        make_statement("2", None, "lawyers", (1, 5)),
        make_statement("3", "eva", None, (2, 25), (1, 1)),
    )
    speakers = assessment(statements=statements).speakers
    assert [speaker.statement.iri for speaker in speakers] == ["1", "2"]
    assert [passage.start for passage in speakers[0].passages] == [1, 20, 30]
