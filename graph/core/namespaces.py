"""The base IRI of the project, its namespaces and prefixes, and IRIs that several packages use."""

import re
from collections.abc import Mapping
from typing import Final

from graph.core.errors import BadInput
from graph.core.site import FILE, SITE

BASE: Final = SITE.base
ID: Final = BASE + "id/"
NAMESPACE: Final = SITE.namespace
"""Of the terms of the site's ontology."""
UTS: Final = "https://w3id.org/utsaga/ns#"
"""Of the terms of the parts that any site may switch on: statements, evidence, adoptions, assessments."""
GRAPH: Final = BASE + "graph/"
UNION_GRAPH: Final = GRAPH + "union"  # of all graphs, in engines that cannot have it as their default graph
CODE: Final = "https://w3id.org/utsaga/code/" if SITE.parts else BASE + "code/"
"""Of the codes of the parts, or of the site's own where it has no parts."""
SHAPES: Final = BASE + "shapes#"
QUERY: Final = BASE + "query/"

DOCUMENT: Final = BASE + "dataset"
"""The description of the data set."""
DATASET: Final = f"{DOCUMENT}#{'-'.join(re.findall('[a-z0-9]+', SITE.name.lower())) or 'data'}"
LICENCE: Final = SITE.licence

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
DCTERMS: Final = "http://purl.org/dc/terms/"
SH: Final = "http://www.w3.org/ns/shacl#"
DASH: Final = "http://datashapes.org/dash#"
SD: Final = "http://www.w3.org/ns/sparql-service-description#"
CSVW: Final = "http://www.w3.org/ns/csvw#"
DCAT: Final = "http://www.w3.org/ns/dcat#"
VOID: Final = "http://rdfs.org/ns/void#"
SCHEMA: Final = "https://schema.org/"
PROV: Final = "http://www.w3.org/ns/prov#"
ORG: Final = "http://www.w3.org/ns/org#"
OA: Final = "http://www.w3.org/ns/oa#"
SOSA: Final = "http://www.w3.org/ns/sosa/"
ELI: Final = "http://data.europa.eu/eli/ontology#"
FOAF: Final = "http://xmlns.com/foaf/0.1/"
M8G: Final = "http://data.europa.eu/m8g/"
GEO: Final = "http://www.w3.org/2003/01/geo/wgs84_pos#"
GEOSPARQL: Final = "http://www.opengis.net/ont/geosparql#"
WD: Final = "http://www.wikidata.org/entity/"
WDT: Final = "http://www.wikidata.org/prop/direct/"
P: Final = "http://www.wikidata.org/prop/"
PS: Final = "http://www.wikidata.org/prop/statement/"
PQ: Final = "http://www.wikidata.org/prop/qualifier/"
SPEX: Final = "https://purl.expasy.org/sparql-examples/ontology#"

TYPE: Final = RDF + "type"
REPLACED_BY: Final = DCTERMS + "isReplacedBy"

DISPLAY_NAME: Final = UTS + "displayName"
"""What pages call a term of another vocabulary, which has no label of ours."""

PREFIXES: Final[dict[str, str]] = {
    "code": CODE,
    "dash": DASH,
    "dcat": DCAT,
    "dcterms": DCTERMS,
    "eli": ELI,
    "foaf": FOAF,
    "geo": GEO,
    "id": ID,
    "m8g": M8G,
    "oa": OA,
    "org": ORG,
    "owl": OWL,
    "p": P,
    "pq": PQ,
    "prov": PROV,
    "ps": PS,
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": SCHEMA,
    "sd": SD,
    "sh": SH,
    "skos": SKOS,
    "sosa": SOSA,
    **({"uts": UTS} if SITE.parts else {}),
    "void": VOID,
    "wdt": WDT,
    "xsd": XSD,
    SITE.prefix: SITE.namespace,
    **SITE.prefixes,
}


def compact_iri(iri: str, prefixes: Mapping[str, str] = PREFIXES) -> str:
    """Return `iri` as a CURIE with the longest namespace of `prefixes` that it begins with, or unchanged.

    https://www.w3.org/TR/curie/
    """
    matching = [(namespace, prefix) for prefix, namespace in prefixes.items() if iri.startswith(namespace)]
    if not matching:
        return iri
    namespace, prefix = max(matching, key=lambda pair: len(pair[0]))
    return f"{prefix}:{iri.removeprefix(namespace)}"


def expand_curie(value: str) -> str:
    """Return the IRI of the CURIE `value`, or `value` unchanged if it has no prefix of the project."""
    prefix, colon, name = value.partition(":")
    return PREFIXES[prefix] + name if colon and prefix in PREFIXES else value


def name_property(written: str) -> str:
    """Return the IRI of a property that names things on this site; raise BadInput if it is no CURIE."""
    prefix, _, name = written.partition(":")
    if prefix not in PREFIXES or not re.fullmatch(r"[\w.-]+", name):
        raise BadInput(
            f"“{written}” among the labels is no CURIE with a known prefix",
            where=str(SITE.folder / FILE),
            rule=FILE,
            remedy="write one such as skos:notation; [prefixes] can have more prefixes",
        )
    return PREFIXES[prefix] + name


NAME_PROPERTIES: Final = (
    RDFS + "label",
    DISPLAY_NAME,
    SKOS + "prefLabel",
    FOAF + "name",
    SCHEMA + "name",
    DCTERMS + "title",
    SH + "name",
    "http://purl.org/dc/elements/1.1/title",
    "http://schema.org/name",
    *map(name_property, SITE.labels),
)
"""The properties whose values are names, the preferred ones first."""
