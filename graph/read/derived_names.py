"""Names of nodes that the facts give none: quantities, passages, positions in a text, and periods.

They are made of the labels of classes and codes in each language, of numbers, and of dates. An identifier
that has been replaced is called what its successor is called.
"""

from typing import TYPE_CHECKING, Final

from graph.core.formatting import LOCALES, between, date, number
from graph.core.namespaces import DCAT, OA, REPLACED_BY, UTS
from graph.core.terms import Term, iri, text

if TYPE_CHECKING:
    from graph.read.entities import Entities, Node

_RANGE: Final = "\N{EN DASH}"
_POSITION: Final = OA + "TextPositionSelector"
_PASSAGE: Final = UTS + "Passage"


def derive_names(entities: "Entities", node: "Node") -> tuple[Term, ...]:
    """Return a name of `node` in each language, or nothing if it is of no kind that gets one."""
    if successor := node.iri(REPLACED_BY):
        return entities.labels(successor) or entities.node(iri(successor)).literals(UTS + "text")
    for derive in (_quantity, _passage, _position, _period):
        names = {language: derive(entities, node, language) for language in LOCALES}
        if all(names.values()):
            return tuple(text(name, language) for language, name in names.items())
    return ()


def _quantity(entities: "Entities", node: "Node", language: str) -> str:
    """Return what is measured and the value with its unit: “antal användare: ungefär 32 000 personer”."""
    value, measured = node.literal(UTS + "quantityValue"), node.iri(UTS + "measures")
    if value is None or measured is None:
        return ""
    is_date = value.datatype.endswith("#date")
    shown = date(value.value, language) if is_date else number(value.value, language)
    precision, unit = (_label(entities, node.iri(UTS + name), language) for name in ("precision", "unit"))
    words = (precision.lower(), shown, "" if is_date else unit.lower())
    return f"{_label(entities, measured, language)}: {' '.join(filter(None, words))}"


def _passage(entities: "Entities", node: "Node", language: str) -> str:
    """Return the position of a passage and the title of its source."""
    source = node.iri(OA + "hasSource")
    selector = next(iter(node.terms(OA + "hasSelector")), None)
    if source is None or selector is None:
        return ""
    place = " ".join((_label(entities, _PASSAGE, language), _characters(entities.node(selector))))
    return ", ".join(filter(None, (place.strip(), _label(entities, source, language))))


def _position(entities: "Entities", node: "Node", language: str) -> str:
    characters = _characters(node)
    return f"{_label(entities, _POSITION, language)} {characters}".strip() if characters else ""


def _characters(node: "Node") -> str:
    start, end = node.integer(OA + "start"), node.integer(OA + "end")
    return "" if start is None or end is None else f"{start}{_RANGE}{end}"


def _period(_: "Entities", node: "Node", language: str) -> str:
    start, end = node.literal(DCAT + "startDate"), node.literal(DCAT + "endDate")
    if start and end:
        return between(start.value, end.value, language)
    first, last = (date(term.value, language) if term else "" for term in (start, end))
    return f"{first}{_RANGE}{last}" if first or last else ""


def _label(entities: "Entities", name: str | None, language: str) -> str:
    """Return the label of the IRI `name` in `language`, else in another one, else nothing."""
    labels = entities.labels(name) if name else ()
    in_order = sorted(labels, key=lambda term: (term.language != language, term))
    return in_order[0].value if in_order else ""
