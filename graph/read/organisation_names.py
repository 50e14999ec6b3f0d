"""Lookup of organisations by current, other and former names."""

from typing import Final

from graph.core.iris import parse_entity_iri, slugify
from graph.core.namespaces import ID, PREFIXES, UTS
from graph.core.terms import text
from graph.index.protocol import StoreReader

_MAX_ROWS: Final = 500
_NAMED: Final = f"""PREFIX rdfs: <{PREFIXES["rdfs"]}>
PREFIX skos: <{PREFIXES["skos"]}>
PREFIX uts: <{UTS}>
PREFIX org: <{PREFIXES["org"]}>
SELECT DISTINCT ?words ?slug ?organisation ?name WHERE {{
?organisation rdfs:label|skos:altLabel|uts:formerName ?name
FILTER STRSTARTS(STR(?organisation), "{ID}organisation/")
FILTER NOT EXISTS {{ ?organisation org:unitOf ?whole }}
FILTER(CONTAINS(LCASE(STR(?name)), ?words) || CONTAINS(STR(?organisation), ?slug)) }} LIMIT {_MAX_ROWS}"""


def find_organisations(store: StoreReader, words: str) -> tuple[str, ...]:
    """Return the IRIs of the organisations with a name that contains `words`, names that begin so first.

    Slugs are searched too, so that “vasteras” finds Västerås. If a name is exactly `words`, only the
    organisations of that name are returned.
    """
    wanted, slug = words.strip().lower(), slugify(words)
    if not slug:
        return ()
    rows = store.select(_NAMED, words=text(wanted), slug=text(f"organisation/{slug}"))
    names: dict[str, set[str]] = {}
    for row in rows:
        if parse_entity_iri(row["organisation"].value):
            names.setdefault(row["organisation"].value, set()).add(row["name"].value.lower())
    if exact := [iri for iri, own in names.items() if wanted in own]:
        return tuple(sorted(exact))
    return tuple(
        sorted(names, key=lambda iri: (not any(each.startswith(wanted) for each in names[iri]), iri))
    )
