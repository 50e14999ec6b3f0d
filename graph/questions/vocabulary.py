"""The names of a graph's entities and codes, read for the rules."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from graph.core.iris import parse_entity_iri
from graph.core.namespaces import CODE, ELI, ID, SCHEMA, SKOS, UTS
from graph.questions.names import NamedEntity
from graph.questions.place_names import place_names
from graph.questions.tokens import fold_words
from graph.read.entities import Entities
from graph.search.fields import FIELDS

_MAX_NAMES: Final = 100_000  # of a graph; a question about any other entity has no answer
_PROPERTIES: Final = (
    *FIELDS["label"],
    *FIELDS["former"],
    *FIELDS["also"],
    UTS + "sfsNumber",
    ELI + "id_local",
)
_NAMES: Final = f"""
SELECT DISTINCT ?entity ?name WHERE {{
  ?entity {"|".join(f"<{name}>" for name in _PROPERTIES)} ?name
  FILTER(isLiteral(?name) && REGEX(STR(?entity), "^{ID}(organisation|product|law|person|place)/"))
}} LIMIT {_MAX_NAMES}"""
_CODE_NAMES: Final = f"""
SELECT ?scheme ?code ?name WHERE {{ ?code <{SKOS}inScheme> ?scheme ; <{SKOS}prefLabel> ?name }}
LIMIT {_MAX_NAMES}"""
_NARROWER: Final = {
    "adopter": f"SELECT DISTINCT ?entity WHERE {{ ?adoption <{UTS}adopter> ?entity }} LIMIT {_MAX_NAMES}",
    "brand": f"SELECT DISTINCT ?entity WHERE {{ ?entity <{UTS}vendor> ?vendor }} LIMIT {_MAX_NAMES}",
}
"""The entities that are of one more kind, by that kind."""
_OFFICES: Final = f"SELECT DISTINCT ?name WHERE {{ ?office <{SCHEMA}roleName> ?name }} LIMIT {_MAX_NAMES}"
Names = dict[str, list[str]]


def read_names(
    entities: Entities, everyday_names: Mapping[str, tuple[str, ...]], code_lists: Collection[str]
) -> Iterator[NamedEntity]:
    """Yield the entities, codes and offices of a graph that questions may name; `code_lists` say which codes.

    Organisations with a status on some product are of the kind “adopter” too, and products of a vendor
    of the kind “brand”. `everyday_names` has more names of some entities, by IRI. The value of an office is
    its name.
    """
    called = place_names()
    places = {name: place for class_, place in called.classes.items() for name in entities.members(class_)}
    provisions = set(entities.members(UTS + "Provision"))
    narrower_kinds = {
        kind: {row["entity"].value for row in entities.select(query)} for kind, query in _NARROWER.items()
    }
    names: Names = defaultdict(list)
    for row in entities.select(_NAMES):
        names[row["entity"].value].append(row["name"].value)
    for name, own in names.items():
        kind, _ = parse_entity_iri(name) or ("", "")
        place = places.get(name, "")
        kind = place if place in called.sources else "provision" if name in provisions else kind
        all_names = (*own, *everyday_names.get(name, ()))
        yield NamedEntity(kind, name, all_names, place)
        for narrower, members in narrower_kinds.items():
            if name in members:
                yield NamedEntity(narrower, name, all_names, place)
    for row in entities.select(_CODE_NAMES):
        scheme = row["scheme"].value.removeprefix(CODE)
        if scheme in code_lists:
            yield NamedEntity(scheme, row["code"].value, (row["name"].value,))
    offices = sorted(row["name"].value for row in entities.select(_OFFICES))
    for office in {fold_words(name): name for name in offices}.values():
        yield NamedEntity("office", office, (office,))
