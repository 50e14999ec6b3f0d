"""The questions that assessments answer: may this product be used under that law, and who says what."""

from collections.abc import Iterable
from typing import Final

from graph.core.namespaces import UTS
from graph.core.partial_dates import PartialDate
from graph.read import claims
from graph.read.as_of import AsOfIndex
from graph.read.claims import Assessment
from graph.read.entities import Entities, Ref
from web.entities.page_models import Question

MOST_VIEWS: Final = 12  # assessments side by side


def questions(assessments: Iterable[Assessment]) -> tuple[Question, ...]:
    """Return `assessments` by the product and the law that they are about, those with most answers first."""
    answers: dict[tuple[Ref, Ref | None], list[Assessment]] = {}
    for each in assessments:
        if each.product:
            answers.setdefault((each.product, each.act), []).append(each)
    found = (Question(product, act, tuple(given)) for (product, act), given in answers.items())
    return tuple(sorted(found, key=lambda question: -len(question.answers)))


def same_questions(
    entities: Entities, assessments: Iterable[Assessment], when: PartialDate | None = None
) -> tuple[Question, ...]:
    """Return the questions that `assessments` answer, with the answers of others (at a time) too."""
    asked = dict.fromkeys((each.product, each.act) for each in assessments if each.product)
    found = tuple(_question(entities, product, act, when) for product, act in asked if product)
    return tuple(sorted(found, key=lambda question: -len(question.answers)))


def _question(entities: Entities, product: Ref, act: Ref | None, when: PartialDate | None) -> Question:
    """Return the newest answers to whether `product` may be used under `act`."""
    linking = AsOfIndex(entities.index, when).linking_to
    found = linking(product.iri, UTS + "product", kind="assessment")
    if act:
        found &= linking(act.iri, UTS + "underAct", kind="assessment")
    names = found.page(0, MOST_VIEWS)
    answers = (claims.read_assessment(entities, each) for each in names)
    return Question(product, act, tuple(each for each in answers if each.act == act))
