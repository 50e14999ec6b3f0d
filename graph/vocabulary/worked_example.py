"""One statement of the graph as an example of the model: where it is from, who made it, and what follows."""

from dataclasses import dataclass
from typing import Final

from graph.claims.claims import Assessment, read_assessment
from graph.claims.statements import Statement, read_statement
from graph.core.extensions import extension
from graph.core.namespaces import DCTERMS, ID, UTS
from graph.core.terms import iri
from graph.read.entities import Entities, Ref

EXAMPLE: Final = ID + extension("worked_example", "statement/none")
"""A statement that has everything one can have: a speaker with an office, an organisation, passages, a
product, a law that it names itself, and an assessment that is derived from it."""


@dataclass(frozen=True)
class WorkedExample:
    """A statement, its source with class and publisher, and an assessment that is derived from it."""

    source: Ref
    source_class: Ref
    publisher: Ref | None
    statement: Statement
    assessment: Assessment
    conclusion: Ref  # the assessment by its name


def read_example(entities: Entities, name: str = EXAMPLE) -> WorkedExample | None:
    """Return the example of the statement with the IRI `name`, or None if the data have no such statement.

    That is so too where it has no source, or no assessment is derived from it.
    """
    statement = read_statement(entities, name)
    derived = (read_assessment(entities, each) for each in entities.subjects(name, UTS + "derivedFrom"))
    assessment = next((each for each in derived if each.outcome), None)
    if not statement.texts or not statement.source or not assessment:
        return None
    source = entities.node(iri(statement.source.iri))
    return WorkedExample(
        source=statement.source,
        source_class=entities.ref(next(iter(entities.types(source)), UTS + "Source")),
        publisher=entities.optional_ref(source.iri(DCTERMS + "publisher")),
        statement=statement,
        assessment=assessment,
        conclusion=entities.ref(assessment.iri),
    )
