"""Map entities to schema.org, with a function for each kind: https://schema.org/docs/full.html."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from graph.core.extensions import extension
from graph.core.namespaces import CODE, DATASET, DCTERMS, ELI, LICENCE, OA, ORG, SCHEMA, SKOS, SOSA, TYPE, UTS
from graph.core.organisations import organisation_model
from graph.core.terms import Term
from graph.read.entities import Entities, Node, Ref
from web.entities.entity_page import read_position
from web.html import urls
from web.html.filters import MAX_TEXT_LENGTH

Thing = dict[str, Any]
MAX_VALUES: Final = 25  # values of a property
_CODES: Final = extension("schema_identifiers", tuple[str, ...]())
_TYPES: Final = {
    UTS + "Article": "NewsArticle",
    UTS + "DataSet": "Dataset",
    UTS + "Decision": "DigitalDocument",
    UTS + "Report": "Report",
    **extension("schema_types", {}),
}
"""The classes of schema.org by the IRI of ours."""

_JURISDICTIONS: Final = extension("jurisdictions", dict[str, str]())
_KINDS: Final = {
    "organisation": "Organization",
    "person": "Person",
    "product": "SoftwareApplication",
    "law": "Legislation",
    "statement": "Claim",
    "adoption": "Claim",
    "assessment": "Claim",
    "observation": "Observation",
    "source": "CreativeWork",
    "passage": "Quotation",
    "place": "Place",
    "code": "DefinedTerm",
}


def type_of(kind: str, node: Node) -> str:
    """Return the class of schema.org for `node`, an entity of `kind`."""
    own = node.iris(TYPE)
    if kind == "code" and SKOS + "ConceptScheme" in own:
        return "DefinedTermSet"
    return next((type_ for name, type_ in _TYPES.items() if name in own), _KINDS.get(kind, "Thing"))


def kind_properties(entities: Entities, kind: str, node: Node) -> Thing:
    """Return the properties of `node` that are specific to its kind; empty ones are None or []."""
    return _KIND_PROPERTIES.get(kind, _no_properties)(entities, node)


def _no_properties(entities: Entities, node: Node) -> Thing:
    return {}


def _person(entities: Entities, node: Node) -> Thing:
    offices = entities.offices(node.term.value)
    return {
        "jobTitle": texts(title for office in offices for title in office.titles),
        "affiliation": _things("Organization", (each.organisation for each in offices if each.organisation)),
    }


def _product(entities: Entities, node: Node) -> Thing:
    return {
        "applicationCategory": "BusinessApplication",
        "provider": _linked_things(entities, node, "Organization", UTS + "vendor"),
    }


def _law(entities: Entities, node: Node) -> Thing:
    number = node.literal(ELI + "id_local", UTS + "sfsNumber", UTS + "celex")
    country = next((code for name, code in _JURISDICTIONS.items() if node.literal(name)), None)
    return {
        "legislationIdentifier": _text(number),
        "legislationJurisdiction": country,
    }


def _statement(entities: Entities, node: Node) -> Thing:
    speakers = _linked_things(entities, node, "Person", UTS + "speaker")
    return {
        "license": LICENCE,
        "isPartOf": {"@id": DATASET},
        "text": texts(node.literals(UTS + "text")),
        "author": speakers or _linked_things(entities, node, "Organization", UTS + "onBehalfOf"),
        "claimInterpreter": {"@type": "Organization", "name": "Utsaga"},  # whose words the text is in
        "sourceOrganization": _linked_things(entities, node, "Organization", UTS + "onBehalfOf"),
        "about": _linked_things(entities, node, "Thing", UTS + "about"),
        "citation": _linked_things(entities, node, "Legislation", UTS + "cites"),
        "appearance": _linked_things(entities, node, "CreativeWork", UTS + "saidIn"),
        "keywords": texts(label for ref in _refs(entities, node, UTS + "kind") for label in ref.labels),
    }


def _adoption(entities: Entities, node: Node) -> Thing:
    of = (UTS + "adopter", UTS + "product", UTS + "status", SOSA + "hasFeatureOfInterest")
    when = node.literal(UTS + "asOf")
    return {
        "license": LICENCE,
        "isPartOf": {"@id": DATASET},
        "about": _linked_things(entities, node, "Thing", *of),
        "temporalCoverage": _text(when),
        "isBasedOn": _linked_things(entities, node, "Claim", UTS + "derivedFrom"),
    }


def _assessment(entities: Entities, node: Node) -> Thing:
    return {
        "license": LICENCE,
        "isPartOf": {"@id": DATASET},
        "author": _linked_things(entities, node, "Organization", UTS + "assessor"),
        "about": _linked_things(entities, node, "Thing", UTS + "product", UTS + "underAct", UTS + "outcome"),
        "isBasedOn": _linked_things(entities, node, "Claim", UTS + "derivedFrom"),
    }


def _observation(entities: Entities, node: Node) -> Thing:
    when, found = node.literal(UTS + "asOf"), node.literal(UTS + "mailProvider")
    kind_properties = _linked_things(entities, node, "Organization", SOSA + "hasFeatureOfInterest")
    return {
        "observationAbout": kind_properties[0] if kind_properties else None,
        "observationDate": _text(when),
        "measuredProperty": {"@id": UTS + "mailProvider"},
        "value": _text(found),
    }


def _source(entities: Entities, node: Node) -> Thing:
    when, language = node.literal(DCTERMS + "issued"), node.literal(DCTERMS + "language")
    licence = node.iri(DCTERMS + "license")
    return {
        "publisher": _linked_things(entities, node, "Organization", DCTERMS + "publisher"),
        "contributor": _linked_things(entities, node, "Person", DCTERMS + "contributor"),
        "creditText": _text(node.literal(SCHEMA + "creditText")),
        "datePublished": _text(when),
        "inLanguage": _text(language),
        "license": licence if licence and urls.external_url(licence) else None,
    }


def _passage(entities: Entities, node: Node) -> Thing:
    return {"isPartOf": _linked_things(entities, node, "CreativeWork", OA + "hasSource")}


def _place(entities: Entities, node: Node) -> Thing:
    point = read_position(node)
    if point is None:
        return {}
    return {"geo": {"@type": "GeoCoordinates", "latitude": point.latitude, "longitude": point.longitude}}


def _organisation(entities: Entities, node: Node) -> Thing:
    return {
        "location": {"@type": "Place"} | geo if (geo := _place(entities, node)) else None,
        "areaServed": _linked_things(entities, node, "AdministrativeArea", organisation_model().group),
        "parentOrganization": _linked_things(entities, node, "Organization", ORG + "subOrganizationOf"),
    }


def _code(entities: Entities, node: Node) -> Thing:
    code = node.literal(SKOS + "notation")
    whole = node.iri(SKOS + "inScheme")
    return {
        "termCode": _text(code) or urls.local_name(node.term.value),
        "inDefinedTermSet": whole if whole and whole.startswith(CODE) else None,
    }


_KIND_PROPERTIES: Final[dict[str, Callable[[Entities, Node], Thing]]] = {
    "organisation": _organisation,
    "person": _person,
    "product": _product,
    "law": _law,
    "statement": _statement,
    "adoption": _adoption,
    "assessment": _assessment,
    "observation": _observation,
    "source": _source,
    "passage": _passage,
    "place": _place,
    "code": _code,
}


def texts(terms: Iterable[Term]) -> list[Thing | str]:
    """Return the literals among the first `terms` with their languages, cut to the length that pages show."""
    texts = [term for term in dict.fromkeys(terms) if term.kind == "literal"][:MAX_VALUES]
    shortened = [(term.value[:MAX_TEXT_LENGTH], term.language) for term in texts]
    return [{"@value": words, "@language": tag} if tag else words for words, tag in shortened]


def _text(term: Term | None) -> str | None:
    return term.value[:MAX_TEXT_LENGTH] if term else None


def codes(node: Node) -> list[Thing]:
    """Return the codes and numbers of `node` in other registers."""
    return [
        {"@type": "PropertyValue", "propertyID": UTS + name, "value": term.value}
        for name in _CODES
        for term in node.literals(UTS + name)[:MAX_VALUES]
        if len(term.value) <= MAX_TEXT_LENGTH
    ]


def _refs(entities: Entities, node: Node, *properties: str) -> tuple[Ref, ...]:
    return entities.refs(node.iris(*properties)[:MAX_VALUES])


def _linked_things(entities: Entities, node: Node, type_: str, *properties: str) -> list[Thing]:
    """Return the values of `properties` as things of `type_` with their names."""
    return _things(type_, _refs(entities, node, *properties))


def _things(type_: str, refs: Iterable[Ref]) -> list[Thing]:
    return [
        {"@type": type_, "@id": ref.iri, "name": texts(ref.labels)} if ref.labels else {"@id": ref.iri}
        for ref in dict.fromkeys(refs)
    ]
