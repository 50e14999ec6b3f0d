"""Entities as schema.org has them, for the pages: what search engines and assistants read.

https://schema.org/docs/full.html, https://www.w3.org/TR/json-ld11/#embedding-json-ld-in-html-documents. It
is data in a script element, which no browser runs, so that the policy against inline scripts holds.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from flask import Flask, current_app, url_for

from graph.describe import TYPE, Entities, Node, Ref
from graph.namespaces import BASE, CODE, DCTERMS, ELI, OA, ORG, OWL, RDFS, SKOS, SOSA, UTS
from graph.terms import Term, iri
from graph.volumes import DATASET, LICENCE
from web import links
from web.dataset_page import DatasetPage
from web.entity_pages import EntityPage
from web.outline import position
from web.pages import HomePage, Page
from web.present import MOST_CHARACTERS
from web.site import base

Thing = dict[str, Any]
_MOST: Final = 25  # values of a property
_SAME: Final = (OWL + "sameAs", SKOS + "exactMatch")
_OTHER_NAMES: Final = (SKOS + "altLabel", UTS + "formerName")
_CODES: Final = (
    "municipalityCode",
    "countyCode",
    "organisationNumber",
    "sfsNumber",
    "celex",
    "iso3166",
    "nuts3",
)
_TYPES: Final = {
    "Company": "Corporation",
    "NewsPublisher": "NewsMediaOrganization",
    "PublicBody": "GovernmentOrganization",
    "Municipality": "GovernmentOrganization",
    "Region": "GovernmentOrganization",
    "Article": "NewsArticle",
    "DataSet": "Dataset",
    "County": "AdministrativeArea",
}
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


def structured(page: Page) -> Thing | None:
    """Return what `page` is about as JSON-LD, or None if it is about nothing in particular."""
    if isinstance(page, EntityPage):
        return _complete(_entity(page))
    if isinstance(page, DatasetPage):
        return _complete(_dataset(page))
    return _complete(_site()) if isinstance(page, HomePage) else None


def _complete(thing: Thing) -> Thing:
    """Return `thing` with its context and without what is empty."""
    return {"@context": "https://schema.org"} | {key: value for key, value in thing.items() if value}


def _entity(page: EntityPage) -> Thing:
    entities: Entities = current_app.extensions["entities"]
    node = entities.node(iri(page.ref.iri))
    return {
        "@type": _type(page.kind, node),
        "@id": page.ref.iri,
        "url": base() + links.page(page.ref.iri).partition("?")[0],
        "name": _texts(page.ref.labels),
        "alternateName": _texts(node.literals(*_OTHER_NAMES)),
        "description": _texts(node.literals(SKOS + "definition", SKOS + "note", RDFS + "comment")),
        "sameAs": [each for each in node.iris(*_SAME)[:_MOST] if links.outside(each)],
        "identifier": _codes(node),
        "subjectOf": {"@id": DATASET},
    } | _PARTS.get(page.kind, _nothing)(entities, node)


def _dataset(page: DatasetPage) -> Thing:
    start = base()
    return {
        "@type": "Dataset",
        "@id": DATASET,
        "url": start + url_for("dataset.page", lang=None, content=None),
        "name": _texts(page.titles),
        "description": _texts(page.descriptions),
        "license": LICENCE,
        "isAccessibleForFree": True,
        "inLanguage": ["sv", "en"],
        "creator": {"@type": "Organization", "name": "Utsaga", "url": f"{start}/"},
        "distribution": [
            {
                "@type": "DataDownload",
                "name": dump.name,
                "contentUrl": start + url_for("dataset.download", name=dump.name, lang=None, content=None),
                "encodingFormat": dump.media_type,
                "contentSize": f"{dump.size} B",
                "sha256": dump.digest,
            }
            for dump in page.dumps
            if dump.whole
        ],
    }


def _site() -> Thing:
    search = base() + url_for("search.page", lang=None, content=None) + "?q={words}"
    return {
        "@type": "WebSite",
        "@id": BASE,
        "url": f"{base()}/",
        "name": "Utsaga",
        "inLanguage": ["sv", "en"],
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": search},
            "query-input": "required name=words",
        },
    }


def _type(kind: str, node: Node) -> str:
    own = {name.removeprefix(UTS) for name in node.iris(TYPE)}
    if kind == "code" and SKOS + "ConceptScheme" in node.iris(TYPE):
        return "DefinedTermSet"
    return next((type_ for name, type_ in _TYPES.items() if name in own), _KINDS.get(kind, "Thing"))


def _nothing(entities: Entities, node: Node) -> Thing:
    return {}


def _person(entities: Entities, node: Node) -> Thing:
    offices = entities.offices(node.term.value)
    return {
        "jobTitle": _texts(title for office in offices for title in office.titles),
        "affiliation": _named("Organization", (each.organisation for each in offices if each.organisation)),
    }


def _product(entities: Entities, node: Node) -> Thing:
    return {
        "applicationCategory": "BusinessApplication",
        "provider": _of(entities, node, "Organization", UTS + "vendor"),
    }


def _law(entities: Entities, node: Node) -> Thing:
    number = node.literal(ELI + "id_local", UTS + "sfsNumber", UTS + "celex")
    swedish = "SE" if node.literal(UTS + "sfsNumber") else None
    return {
        "legislationIdentifier": _word(number),
        "legislationJurisdiction": "EU" if node.literal(UTS + "celex") else swedish,
    }


def _statement(entities: Entities, node: Node) -> Thing:
    said_by = _of(entities, node, "Person", UTS + "speaker")
    return {
        "license": LICENCE,
        "isPartOf": {"@id": DATASET},
        "text": _texts(node.literals(UTS + "text")),
        "author": said_by or _of(entities, node, "Organization", UTS + "onBehalfOf"),
        "sourceOrganization": _of(entities, node, "Organization", UTS + "onBehalfOf"),
        "about": _of(entities, node, "Thing", UTS + "about"),
        "citation": _of(entities, node, "Legislation", UTS + "cites"),
        "appearance": _of(entities, node, "CreativeWork", UTS + "saidIn"),
        "keywords": _texts(label for ref in _refs(entities, node, UTS + "kind") for label in ref.labels),
    }


def _adoption(entities: Entities, node: Node) -> Thing:
    of = (UTS + "adopter", UTS + "product", UTS + "status", SOSA + "hasFeatureOfInterest")
    when = node.literal(UTS + "asOf")
    return {
        "license": LICENCE,
        "isPartOf": {"@id": DATASET},
        "about": _of(entities, node, "Thing", *of),
        "temporalCoverage": _word(when),
        "isBasedOn": _of(entities, node, "Claim", UTS + "derivedFrom"),
    }


def _assessment(entities: Entities, node: Node) -> Thing:
    return {
        "license": LICENCE,
        "isPartOf": {"@id": DATASET},
        "author": _of(entities, node, "Organization", UTS + "assessor"),
        "about": _of(entities, node, "Thing", UTS + "product", UTS + "underAct", UTS + "outcome"),
        "isBasedOn": _of(entities, node, "Claim", UTS + "derivedFrom"),
    }


def _observation(entities: Entities, node: Node) -> Thing:
    when, found = node.literal(UTS + "asOf"), node.literal(UTS + "mailProvider")
    about = _of(entities, node, "Organization", SOSA + "hasFeatureOfInterest")
    return {
        "observationAbout": about[0] if about else None,
        "observationDate": _word(when),
        "measuredProperty": {"@id": UTS + "mailProvider"},
        "value": _word(found),
    }


def _source(entities: Entities, node: Node) -> Thing:
    when, language = node.literal(DCTERMS + "issued"), node.literal(DCTERMS + "language")
    licence = node.iri(DCTERMS + "license")
    return {
        "publisher": _of(entities, node, "Organization", DCTERMS + "publisher"),
        "contributor": _of(entities, node, "Person", DCTERMS + "contributor"),
        "datePublished": _word(when),
        "inLanguage": _word(language),
        "license": licence if licence and links.outside(licence) else None,
    }


def _passage(entities: Entities, node: Node) -> Thing:
    return {"isPartOf": _of(entities, node, "CreativeWork", OA + "hasSource")}


def _place(entities: Entities, node: Node) -> Thing:
    point = position(node)
    if point is None:
        return {}
    return {"geo": {"@type": "GeoCoordinates", "latitude": point.latitude, "longitude": point.longitude}}


def _organisation(entities: Entities, node: Node) -> Thing:
    return {
        "location": {"@type": "Place"} | geo if (geo := _place(entities, node)) else None,
        "areaServed": _of(entities, node, "AdministrativeArea", UTS + "inCounty"),
        "parentOrganization": _of(entities, node, "Organization", ORG + "subOrganizationOf"),
    }


def _code(entities: Entities, node: Node) -> Thing:
    code = node.literal(SKOS + "notation")
    whole = node.iri(SKOS + "inScheme")
    return {
        "termCode": _word(code) or links.tail(node.term.value),
        "inDefinedTermSet": whole if whole and whole.startswith(CODE) else None,
    }


_PARTS: Final[dict[str, Callable[[Entities, Node], Thing]]] = {
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


def _texts(terms: Iterable[Term]) -> list[Thing | str]:
    """Return the first few texts with their languages, each as long as it may be on a page."""
    texts = [term for term in dict.fromkeys(terms) if term.kind == "literal"][:_MOST]
    shortened = [(term.value[:MOST_CHARACTERS], term.language) for term in texts]
    return [{"@value": words, "@language": tag} if tag else words for words, tag in shortened]


def _word(term: Term | None) -> str | None:
    return term.value[:MOST_CHARACTERS] if term else None


def _codes(node: Node) -> list[Thing]:
    return [
        {"@type": "PropertyValue", "propertyID": UTS + name, "value": term.value}
        for name in _CODES
        for term in node.literals(UTS + name)[:_MOST]
        if len(term.value) <= MOST_CHARACTERS
    ]


def _refs(entities: Entities, node: Node, *properties: str) -> tuple[Ref, ...]:
    return entities.refs(node.iris(*properties)[:_MOST])


def _of(entities: Entities, node: Node, type_: str, *properties: str) -> list[Thing]:
    """Return the values of `properties` as things of `type_` with their names."""
    return _named(type_, _refs(entities, node, *properties))


def _named(type_: str, refs: Iterable[Ref]) -> list[Thing]:
    return [
        {"@type": type_, "@id": ref.iri, "name": _texts(ref.labels)} if ref.labels else {"@id": ref.iri}
        for ref in dict.fromkeys(refs)
    ]


def register(app: Flask) -> None:
    """Let templates say in data what their page is about."""
    app.jinja_env.globals.update(structured=structured)
