"""What reconciliation knows of an entity beside its names: properties to compare by and to fetch.

Each has the IRI of the vocabulary's property as its identifier, or a word of our own for what is counted or
follows from more than one statement. An identifier can also be given without the vocabulary's namespace.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from graph.core.namespaces import ELI, GEO, ID, RDFS, SKOS, TYPE, UTS, XSD, expand_curie
from graph.core.terms import Term, iri, text
from graph.matching.identifiers import CLOSE, SAME
from graph.read.entities import Entities, Ref

LABEL: Final = RDFS + "label"
STATUS: Final = "status/"  # and the slug of a product
STATEMENTS: Final = "statements"
LINKS: Final = "links"
_SPOKEN: Final = (UTS + "onBehalfOf", UTS + "speaker", UTS + "about", UTS + "cites", UTS + "saidIn")


@dataclass(frozen=True)
class Trait:
    """A property: of which kinds of entity, what its values are, and whether one value names one entity."""

    id: str
    kinds: tuple[str, ...]
    labels: tuple[Term, ...] = ()
    of: str = ""  # the class of its values, where they are entities
    identifies: bool = False


def _named(id_: str, kinds: tuple[str, ...], swedish: str, english: str, of: str = "") -> Trait:
    return Trait(id_, kinds, (text(swedish, "sv"), text(english, "en")), of, identifies=id_ == LINKS)


_ALL: Final = ("organisation", "person", "product", "law", "place", "source")
TRAITS: Final = (
    _named(LABEL, _ALL, "namn", "name"),
    _named(SKOS + "altLabel", _ALL, "annat namn", "other name"),
    _named(UTS + "formerName", ("organisation",), "tidigare namn", "former name"),
    _named(TYPE, _ALL, "typ", "type"),
    Trait(UTS + "organisationNumber", ("organisation",), identifies=True),
    Trait(UTS + "municipalityCode", ("organisation",), identifies=True),
    Trait(UTS + "countyCode", ("organisation", "place")),
    Trait(UTS + "internetDomain", ("organisation",), identifies=True),
    Trait(UTS + "inCounty", ("organisation",), of=UTS + "County"),
    Trait(UTS + "population", ("organisation",)),
    Trait(UTS + "nuts3", ("organisation", "place")),
    Trait(UTS + "iso3166", ("place",), identifies=True),
    _named(GEO + "lat", ("organisation",), "latitud", "latitude"),
    _named(GEO + "long", ("organisation",), "longitud", "longitude"),
    _named("organisation", ("person",), "organisation", "organisation", of=UTS + "PublicBody"),
    _named("role", ("person",), "uppdrag", "office"),
    Trait(UTS + "vendor", ("product",), of=UTS + "Company"),
    Trait(UTS + "deployment", ("product",)),
    Trait(UTS + "sfsNumber", ("law",), identifies=True),
    Trait(UTS + "celex", ("law",), identifies=True),
    _named(ELI + "title_short", ("law",), "förkortning", "short name"),
    _named(LINKS, _ALL, "länkar till andra datamängder", "links to other data sets"),
    _named(STATEMENTS, _ALL, "antal utsagor", "number of statements"),
)
_BY_ID: Final = {trait.id: trait for trait in TRAITS}
_ALIASES: Final = {
    **{trait.id.removeprefix(UTS): trait.id for trait in TRAITS},
    **dict.fromkeys((*SAME, "sameAs", "owl:sameAs", "wikidata"), LINKS),
    "label": LABEL,
    "name": LABEL,
    "altLabel": SKOS + "altLabel",
    "type": TYPE,
    "lat": GEO + "lat",
    "long": GEO + "long",
    "orgnr": UTS + "organisationNumber",
    "municipality": UTS + "municipalityCode",
    "county": UTS + "inCounty",
    "domain": UTS + "internetDomain",
    "sfs": UTS + "sfsNumber",
}


def all_traits(entities: Entities) -> tuple[Trait, ...]:
    """Return every trait, with the names that the graph has for it; last the statuses on each product."""
    own = tuple(_labelled(entities, trait) for trait in TRAITS)
    products = entities.refs(entities.members(UTS + "Product"))
    return (*own, *(_status(ref) for ref in sorted(products) if ref.iri.startswith(ID + "product/")))


def trait(entities: Entities, id_: str) -> Trait | None:
    """Return the trait that `id_` names, with the names that the graph has for it, or None."""
    if id_.startswith(STATUS):
        product = f"{ID}product/{id_.removeprefix(STATUS)}"
        known = id_.count("/") == 1 and entities.exists(product)
        return _status(entities.ref(product)) if known else None
    whole = expand_curie(id_)
    found = _BY_ID.get(_ALIASES.get(id_, _ALIASES.get(whole, whole)))
    return _labelled(entities, found) if found else None


def values(entities: Entities, name: str, known: Trait) -> tuple[Term | Ref, ...]:
    """Return the values of a trait of the entity `name`: entities and codes with their names."""
    return tuple(
        entities.ref(value.value) if value.kind == "iri" and not _is_link(known) else value
        for value in _terms(entities, name, known)
    )


def _terms(entities: Entities, name: str, known: Trait) -> Iterator[Term]:
    node = entities.node(iri(name))
    if known.id == TYPE:
        yield from map(iri, entities.types(node))
    elif known.id == LINKS:
        yield from node.terms(*SAME, *CLOSE)
    elif known.id == STATEMENTS:
        counts = entities.link_counts(name)
        yield Term(str(sum(counts.get(each, 0) for each in _SPOKEN)), "literal", "", XSD + "integer")
    elif known.id == "role":
        yield from (title for office in entities.offices(name) for title in office.titles)
    elif known.id == "organisation":
        yield from (iri(office.organisation.iri) for office in entities.offices(name) if office.organisation)
    elif known.id.startswith(STATUS):
        yield from _statuses(entities, name, f"{ID}product/{known.id.removeprefix(STATUS)}")
    else:
        yield from node.terms(known.id)


_STATUSES: Final = f"""
SELECT ?organisation ?product ?status ?when WHERE {{ ?claim <{UTS}adopter> ?organisation ;
<{UTS}product> ?product ; <{UTS}status> ?status OPTIONAL {{ ?claim <{UTS}asOf> ?when }} }}"""


def _statuses(entities: Entities, organisation: str, product: str) -> Iterator[Term]:
    """Yield the statuses of `organisation` on `product`, the latest first."""
    rows = entities.select(_STATUSES, organisation=iri(organisation), product=iri(product))
    rows.sort(key=lambda row: row["when"].value if "when" in row else "", reverse=True)
    yield from dict.fromkeys(row["status"] for row in rows)


def _status(product: Ref) -> Trait:
    words = {"sv": "status för", "en": "status on"}
    labels = {each.language: each.value for each in product.labels}
    some = next(iter(labels.values()), product.iri)
    names = tuple(text(f"{words[each]} {labels.get(each, some)}", each) for each in words)
    return Trait(STATUS + product.iri.rpartition("/")[2], ("organisation",), names)


def _labelled(entities: Entities, known: Trait) -> Trait:
    if known.labels:
        return known
    labels = entities.ref(known.id).labels or (text(known.id.rpartition("#")[2]),)
    return Trait(known.id, known.kinds, labels, known.of, known.identifies)


def _is_link(known: Trait) -> bool:
    return known.id == LINKS
