"""Leaves people out of a release who have asked for it: their entries, their offices and all links to them.

Their statements stay, without a speaker, and say since when. What would still name them stops the build.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from graph.core.errors import BadInput, Fault
from graph.core.iris import slugify
from graph.core.namespaces import OA, ORG, RDFS, REPLACED_BY, UTS, XSD
from graph.ingest.facts import Facts, where
from graph.ingest.removals import Removal

_MEMBER: Final = ORG + "member"
_SPEAKER: Final = UTS + "speaker"
_LABEL: Final = RDFS + "label"
_NOTE: Final = UTS + "speakerNote"
_EVIDENCE: Final = UTS + "evidence"
_REMOVED: Final = NamedNode(UTS + "speakerRemoved")
_WORD: Final = re.compile(r"\w+")
Node = NamedNode | BlankNode


@dataclass(frozen=True)
class Removed:
    """The facts without the people, and the IRIs at which they were: their own, and retired ones."""

    facts: list[Facts]
    iris: tuple[str, ...]


def remove(facts: Sequence[Facts], removals: Sequence[Removal]) -> Removed:
    """Return `facts` without the people in `removals`.

    Raise BadInput for each text or identifier in what is left that names one of them.
    """
    if not removals:
        return Removed(list(facts), ())
    quads = [quad for one in facts for quad in one.quads]
    days = {removal.iri: removal.day for removal in removals}
    people = _with_retired(quads, set(days))
    gone = _parts(quads, people)
    left = [replace(one, quads=list(_without(one, gone, days))) for one in facts]
    _check(left, quads, people, _statements(quads, people))
    return Removed(left, tuple(sorted(people | days.keys())))


def _with_retired(quads: Iterable[Quad], people: set[str]) -> set[str]:
    """Return the IRIs of `people` with those retired ones that they replace."""
    retired = {
        _value(quad.subject)
        for quad in quads
        if quad.predicate.value == REPLACED_BY and _value(quad.object) in people
    }
    return people | retired


def _parts(quads: Sequence[Quad], people: set[str]) -> set[Node]:
    """Return the nodes to leave out: people, their offices, and the passages that prove nothing but these."""
    gone: set[Node] = {NamedNode(name) for name in people}
    members = (quad for quad in quads if quad.predicate.value == _MEMBER and _value(quad.object) in people)
    gone |= {quad.subject for quad in members if isinstance(quad.subject, NamedNode | BlankNode)}
    proving = {quad.object for quad in quads if quad.predicate.value == _EVIDENCE and quad.subject in gone}
    needed = {quad.object for quad in quads if quad.predicate.value == _EVIDENCE and quad.subject not in gone}
    passages = proving - needed
    selectors = {
        quad.object
        for quad in quads
        if quad.subject in passages and quad.predicate.value == OA + "hasSelector"
    }
    return gone | {each for each in passages | selectors if isinstance(each, NamedNode | BlankNode)}


def _without(one: Facts, gone: set[Node], days: dict[str, str]) -> Iterator[Quad]:
    """Yield the quads of `one` that say nothing of what is `gone`, and the day at statements by a person."""
    spoken = {
        quad.subject: days[_value(quad.object)]
        for quad in one.quads
        if quad.predicate.value == _SPEAKER and _value(quad.object) in days
    }
    for quad in one.quads:
        is_note = quad.subject in spoken and quad.predicate.value == _NOTE
        if quad.subject not in gone and quad.object not in gone and not is_note:
            yield quad
    for statement, day in spoken.items():
        date = Literal(day, datatype=NamedNode(XSD + "date"))
        yield Quad(statement, _REMOVED, date, NamedNode(one.graph))


def _statements(quads: Iterable[Quad], people: set[str]) -> dict[str, set[str]]:
    """Return, by statement that links to one of `people`, the IRIs of those."""
    found: dict[str, set[str]] = {}
    for quad in quads:
        if _value(quad.object) in people and quad.predicate.value not in {_MEMBER, REPLACED_BY}:
            found.setdefault(_value(quad.subject), set()).add(_value(quad.object))
    return found


def _check(
    left: Sequence[Facts], quads: Iterable[Quad], people: set[str], statements: dict[str, set[str]]
) -> None:
    """Raise BadInput where a text or an identifier that is left holds a name, or a statement a surname."""
    names = {
        _value(quad.subject): _value(quad.object)
        for quad in quads
        if quad.predicate.value == _LABEL and _value(quad.subject) in people
    }
    anywhere = {_words(name) for name in names.values()}
    slugs = {_words(slugify(name)) for name in names.values()}
    surnames = {
        statement: {_words(_surname(names[each])) for each in linked if each in names}
        for statement, linked in statements.items()
    }
    faults = []
    for one in left:
        for quad in one.quads:
            subject, text = (
                _value(quad.subject),
                quad.object.value if isinstance(quad.object, Literal) else "",
            )
            if _mentions(text, anywhere | surnames.get(subject, set())):
                faults.append(_fault(one, quad, "text", "write it without the name"))
            elif _mentions(subject, slugs):
                faults.append(_fault(one, quad, "identifier", "give it another id"))
    if faults:
        raise BadInput.of(faults)


def _fault(one: Facts, quad: Quad, what: str, remedy: str) -> Fault:
    place = where(one.lines, _value(quad.subject), quad.predicate.value)
    return Fault(place, f"the {what} names a person who was removed", "removal", remedy)


def _words(text: str) -> str:
    """Return the words of `text` in lower case, with a space before and after each."""
    return f" {' '.join(_WORD.findall(text.casefold()))} "


def _surname(name: str) -> str:
    """Return the last part of `name` that has letters or digits."""
    return next((part for part in reversed(name.split()) if _WORD.search(part)), "")


def _mentions(text: str, names: set[str]) -> bool:
    """Return whether the words of one of `names` are in `text`, as whole words."""
    if not names:
        return False
    words = _words(text)
    return any(name in words for name in names if not name.isspace())


def _value(node: object) -> str:
    return str(getattr(node, "value", ""))
