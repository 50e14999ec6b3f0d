"""The statement that shows how the model is used."""

from graph.backends.in_process import InProcess
from graph.core.namespaces import ID
from graph.read.entities import Entities
from graph.release.release import Release
from graph.vocabulary.worked_example import read_example


def test_the_example_has_everything_that_a_statement_can_have(release: Release) -> None:
    example = read_example(Entities(InProcess.open(release.store)))
    assert example
    statement, assessment = example.statement, example.assessment
    assert statement.speaker
    assert statement.offices
    assert statement.on_behalf_of == (assessment.assessor,)
    assert all(
        passage.start is not None and passage.source == example.source for passage in statement.passages
    )
    assert assessment.act in statement.relations["cites"]
    assert assessment.product in statement.relations["about"]
    assert {text.language for text in statement.texts} == {"sv", "en"}
    assert example.source_class.iri.endswith("#Article")
    assert example.publisher


def test_a_statement_from_which_no_assessment_is_derived_is_no_example(release: Release) -> None:
    entities = Entities(InProcess.open(release.store))
    assert read_example(entities, ID + "statement/ny-teknik-office-365-stockholm-osl-omfattande") is None
    assert read_example(entities, ID + "statement/no-such-statement") is None
