"""Three small sites that are as unlike ours as can be: data that trouble a program made for one subject."""

from typing import Final

CATALOGUE_TOML: Final = """
[site]
name = "Datenkatalog"
description.de = "Offene Daten der Städte."
description.fr = "Les données ouvertes des villes."
base = "https://daten.example/"
namespace = "https://daten.example/ns#"
prefix = "d"
languages = ["de", "fr"]
licence = "https://creativecommons.org/licenses/by/4.0/"

[home]
query = "zum-thema"
"""
CATALOGUE_QUERY: Final = """#+ title:
#+   de: Welche Datensätze gibt es?
#+   fr: Quels jeux de données existent ?
#+ description: {de: Datensätze nach Namen, fr: Jeux de données par nom}
#+ keywords: [thema]
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dct: <http://purl.org/dc/terms/>
SELECT ?dataset ?datasetLabel ?issued WHERE {
  ?dataset a dcat:Dataset ; dct:title ?datasetLabel ; dct:issued ?issued FILTER(LANG(?datasetLabel) = "de")
} ORDER BY ?dataset
"""
_CATALOGUE: Final = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix adms: <http://www.w3.org/ns/adms#> . @prefix gsp: <http://www.opengis.net/ont/geosparql#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
dcat:Dataset rdfs:label "Datensatz"@de, "Jeu de données"@fr .
foaf:Agent rdfs:label "Akteur"@de, "Acteur"@fr .
dct:publisher rdfs:label "Herausgeber"@de, "Éditeur"@fr .
"""
_CITIES: Final = (("Bern", "Berne", 46.948, 7.447), ("Genf", "Genève", 46.204, 6.143))


def catalogue() -> str:
    """Return a DCAT catalogue in German and French, with blank nodes and terms that nobody named."""
    agents = (
        f'<https://daten.example/id/agent/{n}> a foaf:Agent ; foaf:name "Stadt {german}"@de, "{french}"@fr .'
        for n, (german, french, *_) in enumerate(_CITIES)
    )
    return _CATALOGUE + "\n".join((*agents, *map(_dataset, range(24))))


def _dataset(number: int) -> str:
    german, french, latitude, longitude = _CITIES[number % 2]
    return f"""<https://daten.example/id/dataset/zahl-{number}> a dcat:Dataset ;
 dct:title "Verkehrszählung {number} in {german}"@de, "Comptage n° {number} à {french}"@fr ;
 dct:publisher <https://daten.example/id/agent/{number % 2}> ; dcat:keyword "Straße"@de, "rue"@fr ;
 dct:issued "{2000 + number}-04-01"^^xsd:date ; adms:status <http://purl.org/adms/status/Completed> ;
 dct:spatial [ a dct:Location ; dcat:centroid "POINT({longitude} {latitude})"^^gsp:wktLiteral ] ;
 dcat:contactPoint [ vcard:fn "Auskunft"@de ; vcard:hasEmail <mailto:info@daten.example> ] ."""


MUSEUM: Final = "http://оnt.example/музей#"
MUSEUM_TOML: Final = f"""
[site]
name = "متحف"
description.ar = "معرض اللوحات."
base = "https://mathaf.example/"
namespace = "{MUSEUM}"
prefix = "m"
languages = ["ar", "ru"]
licence = "https://creativecommons.org/publicdomain/zero/1.0/"
"""
_PREFIXES: Final = f"""
@prefix : <{MUSEUM}> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix schema: <https://schema.org/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
MUSEUM_TERMS: Final = (
    _PREFIXES
    + """
<http://оnt.example/музей> a owl:Ontology ; dct:title "مفردات المتحف"@ar .
:Экспонат a owl:Class ; schema:name "معروض"@ar , "Экспонат"@ru .
:Картина a owl:Class ; rdfs:subClassOf :Экспонат ; schema:name "لوحة"@ar ;
  rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :автор ; owl:someValuesFrom :Художник ] .
:Художник a owl:Class ; foaf:name "رسام"@ar ; owl:disjointWith :Экспонат .
:Зал a owl:Class ; dct:title "قاعة"@ar ; owl:equivalentClass [ owl:unionOf ( :Экспонат :Художник ) ] .
:автор a owl:ObjectProperty ; schema:name "رسمها"@ar ; rdfs:domain :Картина ; rdfs:range :Художник .
:год a owl:DatatypeProperty ; schema:name "سنة"@ar ; rdfs:range xsd:gYear .
"""
)
_HOSTILE: Final = r"""
<javascript:alert(1)> a :Картина ; schema:name "<script>alert(1)</script>"@ar .
<http://evil.example/?a=1&b=%22onload=x#'%22> a :Картина ; schema:name "\"'><img src=x onerror=alert(1)>"@ar .
<urn:uuid:1234> a :Картина ; schema:name "\u202Eاسم معكوس\u202C"@ar .
<http://оnt.example/музей#../../etc/passwd> a :Картина ; schema:name "../../etc"@ar .
<http://user:pass@evil.example/%00%0a> a :Картина ; schema:name "a\nb\tc\u0007"@ar .
<mailto:x@y.example> a foaf:Agent ; foaf:name "بريد"@ar .
:безимени a :Картина .
:пустое a :Картина ; schema:name ""@ar .
[] a :Картина ; schema:name "عقدة فارغة"@ar .
_:b1 a :Зал ; schema:hasPart _:b2 . _:b2 schema:hasPart _:b1 .
:битый a :Картина ; :год "не год"^^xsd:gYear , "-0044"^^xsd:gYear ; :рост "NaN"^^xsd:double ; :битый :битый ;
  schema:name "تواريخ"@ar , "名前"@zh-Hant-TW ; dct:issued "2020-02-30"^^xsd:date, "0000-00-00"^^xsd:date ;
  schema:url "javascript:alert(1)"^^xsd:anyURI .
"""


def museum() -> str:
    """Return individuals of an OWL ontology whose IRIs, names and dates are of every troublesome kind."""
    painters = (
        f':художник{n} a owl:NamedIndividual, :Художник ; foaf:name "الرسام رقم {n}"@ar .' for n in range(6)
    )
    rooms = (
        f':зал-{n} a owl:NamedIndividual, :Зал ; dct:title "القاعة {n}"@ar ; schema:geo '
        f'[ a schema:GeoCoordinates ; schema:latitude "{30 + n}" ; schema:longitude "{31 + n}.5" ] .'
        for n in range(4)
    )
    return "\n".join((_PREFIXES, *painters, *rooms, *map(_painting, range(30)), _HOSTILE))


def _painting(number: int) -> str:
    text = ' ; schema:description """' + "نص طويل جدا " * 4_000 + '"""@ar' if number == 3 else ""
    return (
        f':картина{number} a owl:NamedIndividual, :Картина ; schema:name "اللوحة {number} «ضوء»"@ar ; '
        f':автор :художник{number % 6} ; :висит-в :зал-{number % 4} ; :год "{1700 + number}"^^xsd:gYear ; '
        f'schema:material [ schema:name "زيت"@ar ; schema:isPartOf [ schema:name "متداخل"@ar ] ]{text} .'
    )


CONCEPTS: Final = "https://thes.example/c/"
THESAURUS_TOML: Final = """
[site]
name = "Tezaŭro"
base = "https://thes.example/"
namespace = "https://thes.example/ns#"
prefix = "t"
languages = ["eo", "fi"]
licence = "https://creativecommons.org/publicdomain/zero/1.0/"
"""
_SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
_CYCLES: Final = ((10, 59), (20, 40), (200, 201), (201, 200), (7, 7))
_DEEP, _HUB, _ALL = 60, 5, 400


def thesaurus() -> str:
    """Return concepts in a deep hierarchy with cycles, several broader ones, and many below one concept."""
    type_ = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    lines = [f'<{CONCEPTS}{n}> <{_SKOS}prefLabel> "koncepto {n}"@eo .' for n in range(_ALL)]
    lines += [f'<{CONCEPTS}{n}> <{_SKOS}prefLabel> "käsite {n}"@fi .' for n in range(_ALL)]
    lines += [f'<{CONCEPTS}{n}> <{_SKOS}notation> "{n:05}" .' for n in range(_ALL)]
    lines += [f"<{CONCEPTS}{n}> <{type_}> <{_SKOS}Concept> ." for n in range(_ALL) if n % 97]
    below = [(n, n - 1 if n < _DEEP else _HUB) for n in range(1, _ALL)]
    below += [(n, n * 7 % _ALL) for n in range(0, _ALL, 11)]
    for narrow, broad in (*below, *_CYCLES):
        lines += [
            f"<{CONCEPTS}{narrow}> <{_SKOS}broader> <{CONCEPTS}{broad}> .",
            f"<{CONCEPTS}{broad}> <{_SKOS}narrower> <{CONCEPTS}{narrow}> .",
        ]
    return "\n".join(lines) + "\n"
