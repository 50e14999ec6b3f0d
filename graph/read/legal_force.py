"""Whether a legal act was in force at a date known to the day, the month or the year."""

import re
from dataclasses import dataclass
from typing import Final

from graph.core.namespaces import ELI, UTS
from graph.core.terms import Term, iri
from graph.read.entities import Entities, Node, Ref

IN_FORCE: Final = "in-force"
NOT_YET: Final = "not-yet"
ENDED: Final = "ended"
_START = (ELI + "date_applicability", ELI + "first_date_entry_in_force")
_END = (ELI + "date_no_longer_in_force",)
_PREDECESSOR = (UTS + "successorOf", ELI + "repeals")
_TEXT_URLS: Final = (
    (
        re.compile(r"\d{4}:\d{1,5}", re.ASCII),
        ("https://rkrattsbaser.gov.se/sfst?bet=", "https://rkrattsbaser.gov.se/sfsr?bet="),
    ),
    (
        re.compile(r"\d{5}[A-Z]\d{4}", re.ASCII),
        (
            "https://eur-lex.europa.eu/legal-content/SV/TXT/?uri=CELEX:",
            "https://eur-lex.europa.eu/legal-content/SV/ALL/?uri=CELEX:",
        ),
    ),
)


@dataclass(frozen=True)
class LegalAct:
    """A legal act with the first day it applied and the last day it was in force, each None if unknown.

    The last day is http://data.europa.eu/eli/ontology#date_no_longer_in_force.
    """

    ref: Ref
    start: Term | None
    end: Term | None

    def status_at(self, when: Term | None) -> str:
        """Return IN_FORCE, NOT_YET or ENDED for the date `when`, or "" if it cannot be determined."""
        if when is None or not (self.start or self.end):
            return ""
        if self.start and _is_earlier(when.value, self.start.value):
            return NOT_YET
        if self.end and _is_earlier(self.end.value, when.value):
            return ENDED
        if self.end and _may_be_same(when.value, self.end.value):
            return ""
        uncertain = self.start is None or _may_be_same(when.value, self.start.value)
        return "" if uncertain else IN_FORCE


def read_act(entities: Entities, name: str) -> LegalAct:
    """Return the act with the IRI `name`."""
    node = entities.node(iri(name))
    return LegalAct(entities.ref(name), node.literal(*_START), node.literal(*_END))


def read_succession(entities: Entities, name: str) -> tuple[tuple[LegalAct, ...], tuple[LegalAct, ...]]:
    """Return the acts that the act with the IRI `name` has replaced, and those that have replaced it."""
    node: Node = entities.node(iri(name))
    before = dict.fromkeys(node.iris(*_PREDECESSOR))
    after = dict.fromkeys(
        (
            *node.iris(ELI + "repealed_by"),
            *(subject for each in _PREDECESSOR for subject in entities.subjects(name, each, limit=20)),
        )
    )
    return tuple(read_act(entities, each) for each in before), tuple(
        read_act(entities, each) for each in after
    )


def text_urls(node: Node) -> tuple[str, ...]:
    """Return the URLs of the text of the act `node`: the current text, and its amendments or original."""
    numbers = (node.literal(UTS + "sfsNumber"), node.literal(UTS + "celex"))
    urls: list[str] = []
    for term, (form, addresses) in zip(numbers, _TEXT_URLS, strict=True):
        if term and form.fullmatch(term.value):
            urls += [address + term.value for address in addresses]
    return tuple(urls)


def _is_earlier(one: str, other: str) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] < other[:shorter]


def _may_be_same(one: str, other: str) -> bool:
    """Return whether the date `one` is less precise than `other` and contains it."""
    return len(one) < len(other) and other.startswith(one)
