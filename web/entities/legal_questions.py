"""Legal questions: the assessments of a product under a law, grouped for comparison."""

from collections.abc import Iterable
from typing import Final

from graph.claims import claims
from graph.claims.claims import Assessment
from graph.core.namespaces import UTS
from graph.core.partial_dates import PartialDate
from graph.read.as_of import AsOfIndex
from graph.read.entities import Entities, Ref
from web.entities.page_models import LegalQuestion

MAX_ASSESSMENTS: Final = 60  # of a page or a question; a link leads to the rest


def group_by_question(assessments: Iterable[Assessment]) -> tuple[LegalQuestion, ...]:
    """Return `assessments` grouped by product and law, the largest group first."""
    answers: dict[tuple[Ref, Ref | None], list[Assessment]] = {}
    for each in assessments:
        if each.product:
            answers.setdefault((each.product, each.act), []).append(each)
    found = (LegalQuestion(*question, tuple(group), len(group)) for question, group in answers.items())
    return tuple(sorted(found, key=lambda question: -len(question.answers)))


def read_questions(
    entities: Entities, assessments: Iterable[Assessment], when: PartialDate | None = None
) -> tuple[LegalQuestion, ...]:
    """Return the questions that `assessments` answer, each with all assessments of it (as of `when`)."""
    keys = dict.fromkeys((each.product, each.act) for each in assessments if each.product)
    found = tuple(_question(entities, product, act, when) for product, act in keys if product)
    return tuple(sorted(found, key=lambda question: -len(question.answers)))


def _question(entities: Entities, product: Ref, act: Ref | None, when: PartialDate | None) -> LegalQuestion:
    """Return the newest assessments of `product` under `act`."""
    linking = AsOfIndex(entities.index, when).linking_to
    found = linking(product.iri, UTS + "product", kind="assessment")
    if act:
        found &= linking(act.iri, UTS + "underAct", kind="assessment")
    names = found.page(0, MAX_ASSESSMENTS)
    read = (claims.read_assessment(entities, each) for each in names)
    answers = tuple(each for each in read if each.act == act)
    return LegalQuestion(product, act, answers, len(found) if act else len(answers))
