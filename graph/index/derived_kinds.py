"""The kinds of entities of a site without a table of them: its classes with instances, and their columns.

A class below another one, by its definition or because all its instances are of both, is part of the kind of
that one. What the instances have is read of a sample of them, so that the cost does not grow with the data.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from graph.core.entity_types import EntityKind
from graph.core.iris import last_segment, slugify
from graph.core.kind_table import KindTable
from graph.core.namespaces import CODE, CSVW, GRAPH, OWL, QUERY, RDF, RDFS, SD, SH, SHAPES, SPEX
from graph.core.site import SITE
from graph.core.site_kinds import PART_KINDS, RESERVED_KINDS, TAKEN_NAMES
from graph.core.terms import Term
from graph.index.derived_columns import derive_kind

Select = Callable[[str], list[dict[str, Term]]]
"""Answers a SELECT query."""
MAX_KINDS: Final = 30  # those with most instances
_SCHEMA_NAMESPACES: Final = (RDF, RDFS, OWL, SH, SPEX, SD, CSVW)
_OWN_ADDRESSES: Final = (CODE, GRAPH, QUERY, SHAPES)
_NOT_OWN: Final = " && ".join(f'!STRSTARTS(STR(?entity), "{each}")' for each in _OWN_ADDRESSES)
_CLASSES: Final = f"""
SELECT ?class (COUNT(?entity) AS ?count) WHERE {{
  ?entity a ?class FILTER(isIRI(?class) && isIRI(?entity) && {_NOT_OWN}) }} GROUP BY ?class"""
_SHARED: Final = f"""
SELECT ?class ?other (COUNT(?entity) AS ?count) WHERE {{
  ?entity a ?class, ?other FILTER(?class != ?other && isIRI(?class) && isIRI(?other) && isIRI(?entity)
    && {_NOT_OWN}) }} GROUP BY ?class ?other"""
_ABOVE: Final = f"SELECT ?class ?other WHERE {{ ?class <{RDFS}subClassOf>+ ?other FILTER(?class != ?other) }}"
_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_OPAQUE: Final = re.compile(r"[A-Za-z]{0,2}[0-9_-]+")


def derive_kinds(select: Select, of_parts: Mapping[str, EntityKind] = PART_KINDS) -> KindTable:
    """Return the kinds of what the store that `select` asks says, those with most instances first.

    Terms of a vocabulary are entities only where there is nothing else. Before them come those `of_parts`:
    the kinds that have instances, and those that pages read by name.
    """
    found = {row["class"].value: int(row["count"].value) for row in select(_CLASSES) if "class" in row}
    counts = {name: count for name, count in found.items() if not name.startswith(_SCHEMA_NAMESPACES)}
    counts = counts or {name: count for name, count in found.items() if name.startswith((RDFS, OWL, RDF))}
    above = _classes_above(select, counts)
    below = {class_: sorted(each for each in counts if class_ in above[each]) for class_ in counts}
    totals = {class_: counts[class_] + sum(counts[each] for each in below[class_]) for class_ in counts}
    kinds: dict[str, EntityKind] = {
        name: kind
        for name, kind in of_parts.items()
        if name in RESERVED_KINDS or not counts.keys().isdisjoint(kind.classes)
    }
    taken = _around({class_ for kind in kinds.values() for class_ in kind.classes}, above)
    free = (each for each in counts if each not in taken and above[each] <= taken)
    tops = sorted(free, key=lambda each: (-totals[each], each))
    for class_ in tops[:MAX_KINDS]:
        kinds[_free_name(class_, kinds)] = derive_kind(select, (class_, *below[class_]))
    return KindTable(kinds, derived=True)


def _classes_above(select: Select, counts: Mapping[str, int]) -> dict[str, set[str]]:
    """Return by class the classes with instances that it is below; of two with the same instances, one is."""
    above: dict[str, set[str]] = {each: set() for each in counts}
    for row in select(_ABOVE):
        if row["class"].value in counts and row["other"].value in counts:
            above[row["class"].value].add(row["other"].value)
    for row in select(_SHARED):
        class_, other = row["class"].value, row["other"].value
        if class_ in counts and other in counts and int(row["count"].value) == counts[class_]:
            above[class_].add(other)
    for class_ in sorted(above):  # of classes that are below each other, the first is above
        for other in sorted(above[class_]):
            if class_ in above[other] and class_ < other:
                above[class_].discard(other)
    return above


def _around(classes: set[str], above: Mapping[str, set[str]]) -> set[str]:
    """Return `classes`, the classes below them, and those above."""
    below = {each for each in above if not above[each].isdisjoint(classes)}
    return classes | below | {other for each in classes for other in above.get(each, ())}


def _free_name(class_: str, taken: Iterable[str]) -> str:
    """Return a name for the kind of `class_` that is no other address."""
    local = last_segment(class_)
    words = _WORDS.findall(local) if not _OPAQUE.fullmatch(local) else [local]
    name = slugify(" ".join(words)) or "thing"
    if name[0].isdigit():
        name = f"class-{name}"
    refused = TAKEN_NAMES | RESERVED_KINDS | {*taken}
    names = (name, f"{SITE.prefix}-{name}", *(f"{name}-{number}" for number in range(2, MAX_KINDS + 3)))
    return next(each for each in names if each not in refused)
