"""Whether a legal act was in force at a time that is known to the day, the month or only the year."""

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
_BEFORE = (UTS + "successorOf", ELI + "repeals")
_TEXTS: Final = (
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
class Act:
    """A legal act with the first day it applied and the last day it was in force, as far as they are known.

    http://data.europa.eu/eli/ontology#date_no_longer_in_force names that last day.
    """

    ref: Ref
    start: Term | None
    end: Term | None

    def at(self, when: Term | None) -> str:
        """Return IN_FORCE, NOT_YET or ENDED for the date `when`, or nothing where that cannot be told."""
        if when is None or not (self.start or self.end):
            return ""
        if self.start and _earlier(when.value, self.start.value):
            return NOT_YET
        if self.end and _earlier(self.end.value, when.value):
            return ENDED
        if self.end and _same(when.value, self.end.value):
            return ""
        unsure = self.start is None or _same(when.value, self.start.value)
        return "" if unsure else IN_FORCE


def act(entities: Entities, name: str) -> Act:
    """Return the act with the IRI `name`."""
    node = entities.node(iri(name))
    return Act(entities.ref(name), node.literal(*_START), node.literal(*_END))


def line(entities: Entities, name: str) -> tuple[tuple[Act, ...], tuple[Act, ...]]:
    """Return the acts that the act `name` has replaced, and those that have replaced it."""
    node: Node = entities.node(iri(name))
    before = dict.fromkeys(node.iris(*_BEFORE))
    after = dict.fromkeys(
        (
            *node.iris(ELI + "repealed_by"),
            *(subject for each in _BEFORE for subject in entities.subjects(name, each, limit=20)),
        )
    )
    return tuple(act(entities, each) for each in before), tuple(act(entities, each) for each in after)


def texts(node: Node) -> tuple[str, ...]:
    """Return the addresses of the text of the act `node`: as it reads now, and as it was amended or made."""
    numbers = (node.literal(UTS + "sfsNumber"), node.literal(UTS + "celex"))
    found = []
    for term, (form, addresses) in zip(numbers, _TEXTS, strict=True):
        if term and form.fullmatch(term.value):
            found += [address + term.value for address in addresses]
    return tuple(found)


def _earlier(one: str, other: str) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] < other[:shorter]


def _same(one: str, other: str) -> bool:
    """Tell whether `one` may be before or after `other` for all that is known: only its year, say, is."""
    return len(one) < len(other) and other.startswith(one)
