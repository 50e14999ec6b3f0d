"""Finds organisations by what they are called now, also or formerly, as a reader types it."""

from typing import Final

from graph.core.iris import parse_entity_iri, slugify
from graph.core.namespaces import PREFIXES
from graph.core.terms import text
from graph.index.protocol import StoreReader

_MOST: Final = 500
_NAMED: Final = f"""PREFIX rdfs: <{PREFIXES["rdfs"]}>
PREFIX skos: <{PREFIXES["skos"]}>
PREFIX uts: <{PREFIXES["uts"]}>
SELECT DISTINCT ?words ?slug ?organisation ?name WHERE {{
VALUES ?class {{ uts:PublicBody uts:Municipality uts:Region uts:StateAgency uts:Company uts:NewsPublisher }}
?organisation a ?class ; rdfs:label|skos:altLabel|uts:formerName ?name
FILTER(CONTAINS(LCASE(STR(?name)), ?words) || CONTAINS(STR(?organisation), ?slug)) }} LIMIT {_MOST}"""


def find(store: StoreReader, words: str) -> tuple[str, ...]:
    """Return the IRIs of the organisations with a name that holds `words`, those that begin with them first.

    An organisation is also found by its slug, so that “goteborg” finds Göteborg. One that has exactly the
    name is found alone.
    """
    wanted, plain = words.strip().lower(), slugify(words)
    if not plain:
        return ()
    rows = store.select(_NAMED, words=text(wanted), slug=text(f"organisation/{plain}"))
    names: dict[str, set[str]] = {}
    for row in rows:
        if parse_entity_iri(row["organisation"].value):
            names.setdefault(row["organisation"].value, set()).add(row["name"].value.lower())
    if exact := [iri for iri, known in names.items() if wanted in known]:
        return tuple(sorted(exact))
    return tuple(
        sorted(names, key=lambda iri: (not any(each.startswith(wanted) for each in names[iri]), iri))
    )
