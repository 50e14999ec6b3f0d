"""Describes a release as VoID and DCAT: the words of dataset.ttl, and what can be counted in its content.

https://www.w3.org/TR/void/, https://semiceu.github.io/DCAT-AP/releases/3.0.0/,
https://docs.dataportal.se/dcat/3.0.1/sv/. The same content gives the same description.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from graph.core.namespaces import (
    BASE,
    DATASET,
    DCAT,
    DCTERMS,
    DOCUMENT,
    FOAF,
    GRAPH,
    LICENCE,
    RDF,
    RDFS,
    SD,
    VOID,
    XSD,
)
from graph.core.site import SITE
from graph.core.translations import for_site
from graph.rdf.convert import make_triple
from graph.release import void_statistics
from graph.release.content_statistics import LICENSE, LINKS, SOURCE, TITLE, ContentStatistics
from graph.release.dataset_words import read_words
from graph.release.dumps import GZIP, ZIP, Dump, file_name
from graph.release.void_statistics import number, slug

FILE: Final = "dataset.nt"
DCATAP: Final = "http://data.europa.eu/r5r/"
SPDX: Final = "http://spdx.org/rdf/terms#"
DOWNLOADS: Final = BASE + "download/"
_IANA: Final = "https://www.iana.org/assignments/media-types/"
_PACKINGS: Final = {"": "", GZIP: ", gzip", ZIP: ", zip"}
_STABLE: Final = "http://publications.europa.eu/resource/authority/planned-availability/STABLE"


def describe(content: ContentStatistics, dumps: Iterable[Dump]) -> Iterator[Triple]:
    """Yield the description of a release with this `content`, which can be downloaded as `dumps`."""
    files = {dump.name: dump for dump in dumps}
    yield from read_words()
    yield from void_statistics.describe(content)
    yield from _graphs(content, files)
    yield from _link_sets(content)
    for dump in files.values():
        if dump.whole:
            yield from _distribution(dump)


def write(path: Path, content: ContentStatistics, dumps: Iterable[Dump]) -> None:
    """Write the description to `path`, sorted."""
    lines = {f"{triple} .\n" for triple in describe(content, dumps)}
    path.write_text("".join(sorted(lines)), encoding="utf-8")


def _graphs(content: ContentStatistics, files: dict[str, Dump]) -> Iterator[Triple]:
    """Yield the description of each described graph, with the titles and licences that it states itself."""
    for graph, counted in sorted(content.graphs.items()):
        size = content.sizes[graph]
        node = f"{DOCUMENT}#graph-{slug(graph.removeprefix(GRAPH))}"
        name = graph.removeprefix(GRAPH)
        yield make_triple(DATASET, VOID + "subset", NamedNode(node))
        for class_ in (VOID + "Dataset", SD + "NamedGraph"):
            yield make_triple(node, RDF + "type", NamedNode(class_))
        yield make_triple(node, SD + "name", NamedNode(graph))
        yield make_triple(node, VOID + "triples", number(size))
        for title in counted.described.get(TITLE) or [Literal(name)]:
            yield make_triple(node, DCTERMS + "title", title)
        yield from _described(node, {"sv": f"Den namngivna grafen {name}.", "en": f"The named graph {name}."})
        for licence in counted.described.get(LICENSE) or [NamedNode(LICENCE)]:
            yield make_triple(node, DCTERMS + "license", licence)
        if (file := file_name(graph)) in files:
            yield make_triple(node, VOID + "dataDump", NamedNode(DOWNLOADS + file))


def _link_sets(content: ContentStatistics) -> Iterator[Triple]:
    """Yield a link set for each graph of links: its target, its properties and their number."""
    for graph, counted in sorted(content.graphs.items()):
        if not counted.links:
            continue
        name = graph.removeprefix(LINKS)
        node, target = f"{DOCUMENT}#links-{slug(name)}", f"{DOCUMENT}#target-{slug(name)}"
        yield make_triple(DATASET, VOID + "subset", NamedNode(node))
        for class_ in ("Linkset", "Dataset"):
            yield make_triple(node, RDF + "type", NamedNode(VOID + class_))
        for each in (DATASET, target):
            yield make_triple(node, VOID + "target", NamedNode(each))
        yield make_triple(node, VOID + "subjectsTarget", NamedNode(DATASET))
        yield make_triple(node, VOID + "objectsTarget", NamedNode(target))
        for property_ in sorted(counted.link_properties):
            yield make_triple(node, VOID + "linkPredicate", NamedNode(property_))
        yield make_triple(node, VOID + "triples", number(counted.links))
        for title in counted.described.get(TITLE) or [Literal(name)]:
            yield make_triple(node, DCTERMS + "title", title)
        words = {"sv": f"Länkar från {SITE.name}: {name}.", "en": f"Links from {SITE.name}: {name}."}
        yield from _described(node, words)
        for licence in counted.described.get(LICENSE) or [NamedNode(LICENCE)]:
            yield make_triple(node, DCTERMS + "license", licence)
        yield make_triple(target, DCTERMS + "title", Literal(name))
        homes = sorted(getattr(each, "value", "") for each in counted.described.get(SOURCE, ()))
        for home in [each for each in homes if each and not each.startswith(BASE)][:1]:
            yield make_triple(target, FOAF + "homepage", NamedNode(home))


def _described(node: str, texts: Mapping[str, str]) -> Iterator[Triple]:
    """Yield what the program says of `node`, in the languages of the site."""
    for language, words in for_site(texts).items():
        yield make_triple(node, DCTERMS + "description", Literal(words, language=language))


def _distribution(dump: Dump) -> Iterator[Triple]:
    """Yield the description of the file `dump` as a distribution."""
    node, checksum = f"{DOCUMENT}#{dump.name}", f"{DOCUMENT}#{dump.name}-checksum"
    format_ = dump.format
    address = NamedNode(DOWNLOADS + dump.name)
    if format_.packing == GZIP:  # RDF, as VoID has it
        yield make_triple(DATASET, VOID + "dataDump", address)
    yield make_triple(address.value, RDF + "type", NamedNode(RDFS + "Resource"))
    yield make_triple(DATASET, DCAT + "distribution", NamedNode(node))
    yield make_triple(node, RDF + "type", NamedNode(DCAT + "Distribution"))
    yield make_triple(node, DCTERMS + "title", Literal(format_.title))
    written = f"{format_.title}{_PACKINGS[format_.packing]}"
    yield from _described(node, {"sv": f"Alla data som {written}.", "en": f"All data as {written}."})
    yield make_triple(node, DCAT + "accessURL", NamedNode(DOCUMENT))
    yield make_triple(node, DCAT + "downloadURL", address)
    yield make_triple(node, DCAT + "mediaType", NamedNode(_IANA + format_.media_type))
    if format_.packing:
        property_ = "compressFormat" if format_.packing == GZIP else "packageFormat"
        yield make_triple(node, DCAT + property_, NamedNode(_IANA + format_.packing))
    for media_type in filter(None, (format_.media_type, format_.packing)):
        yield make_triple(_IANA + media_type, RDF + "type", NamedNode(DCTERMS + "MediaType"))
    size = Literal(str(dump.size), datatype=NamedNode(XSD + "nonNegativeInteger"))
    yield make_triple(node, DCAT + "byteSize", size)
    yield make_triple(node, DCTERMS + "license", NamedNode(LICENCE))
    yield make_triple(node, DCATAP + "availability", NamedNode(_STABLE))
    yield make_triple(node, SPDX + "checksum", NamedNode(checksum))
    yield make_triple(checksum, RDF + "type", NamedNode(SPDX + "Checksum"))
    yield make_triple(checksum, SPDX + "algorithm", NamedNode(SPDX + "checksumAlgorithm_sha256"))
    digest = Literal(dump.digest, datatype=NamedNode(XSD + "hexBinary"))
    yield make_triple(checksum, SPDX + "checksumValue", digest)
