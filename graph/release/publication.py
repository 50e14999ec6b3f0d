"""A release as it is published: its description, its files, and when its statements changed."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Final, TypeVar

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from graph.core.contact import contact_url
from graph.core.namespaces import BASE, DCAT, DCTERMS, DOCUMENT, XSD
from graph.core.storage_errors import unreadable_files
from graph.query.store import ReleaseStore
from graph.rdf import formats
from graph.rdf.convert import make_triple
from graph.rdf.writer import write_graph
from graph.read.entities import Entities
from graph.release import change_log, dumps, graph_statistics, run_records
from graph.release.change_log import Change
from graph.release.dcat import DOWNLOADS, FILE
from graph.release.dumps import Dump
from graph.release.graph_statistics import GraphStatistics
from graph.release.history import History
from graph.release.release import FORM, MANIFEST, Manifest, Release
from graph.release.releases import Releases
from graph.release.run_records import Runs

_ADDRESSES: Final = frozenset(
    {BASE, DOCUMENT, *(BASE + each for each in ("sparql", "query", "openapi.json"))}
)
_MODIFIED: Final = (DOCUMENT, DOCUMENT + "#catalogue", DOCUMENT + "#utsaga")
_CONTACT: Final = DOCUMENT + "#contact"
_VCARD: Final = "http://www.w3.org/2006/vcard/ns#"
Node = TypeVar("Node")


class Publication:
    """The description, files and changes of one release."""

    def __init__(self, release: Release) -> None:
        """Read the files beside the release, which never change."""
        self._release = release

    @classmethod
    def of(cls, release: Release) -> "Publication | None":
        """Return the publication of `release`, or None if an earlier version of the program made it."""
        return cls(release) if (release.path / FILE).exists() else None

    @property
    def manifest(self) -> Manifest:
        """The manifest of the release."""
        return self._release.manifest

    @cached_property
    def dumps(self) -> tuple[Dump, ...]:
        """The files that hold the data."""
        self._require(f"{dumps.FOLDER}/{dumps.SUMS}")
        return tuple(dumps.listed(self._release.path))

    @cached_property
    def graph_statistics(self) -> dict[str, GraphStatistics]:
        """What is counted in each named graph, by its IRI; nothing in a release of an earlier version."""
        self._require(graph_statistics.FILE)
        return graph_statistics.read(self._release.path / graph_statistics.FILE)

    @cached_property
    def query_runs(self) -> Runs:
        """The last run of each stored query against this release, by name, as recorded when first read."""
        return run_records.read(self._release)

    @cached_property
    def engine_runs(self) -> Mapping[str, Runs]:
        """The same on each other engine that holds its data, by the engine's name."""
        return run_records.read_engines(self._release)

    @property
    def history(self) -> History:
        """The releases that are kept beside this one, which is one of them."""
        self._require(MANIFEST)
        return self._history

    @cached_property
    def _history(self) -> History:
        return History(Releases(self._release.path.parent))

    @cached_property
    def changes(self) -> dict[str, Change]:
        """When each statement was first there and when it last changed, by its IRI."""
        self._require(change_log.FILE)
        return change_log.read(self._release)

    @cached_property
    def modified(self) -> dict[str, str]:
        """When each entity last changed, by its IRI."""
        return {name: change.updated for name, change in self.entity_changes.items()}

    @cached_property
    def entity_changes(self) -> dict[str, Change]:
        """When each entity was first there and when it last changed, by its IRI."""
        self._require(change_log.ENTITY_FILE)
        return change_log.read_entities(self._release)

    def file(self, name: str) -> Path | None:
        """Return where the file `name` is, or None if it is not one of those for downloading."""
        if name == dumps.SUMS:
            return self._release.path / dumps.FOLDER / name
        known = any(each.name == name for each in self.dumps)
        return dumps.location(self._release.path, name) if known else None

    def described(self) -> Entities:
        """Return the description as a graph of its own."""
        return Entities(ReleaseStore.of(parse(self._text, format=RdfFormat.N_TRIPLES)))

    def document(self, media_type: str, base: str, contact: str) -> bytes:
        """Return the description as `media_type`, with the addresses of the host at the URL `base`.

        `contact` is the mail address or web page to write to; without a web page, /about is that.
        """
        return write_graph(self._triples(base, contact), formats.by_media_type("graph")[media_type])

    def _require(self, name: str) -> None:
        """Raise Unavailable if the file `name` has been deleted since the release was opened.

        Releases of earlier versions lack some, which is no error.
        """
        if self._release.form == FORM and not (self._release.path / name).exists():
            raise unreadable_files("release")

    @cached_property
    def _text(self) -> bytes:
        return (self._release.path / FILE).read_bytes()

    def _triples(self, base: str, contact: str) -> Iterator[Triple]:
        for quad in parse(self._text, format=RdfFormat.N_TRIPLES):
            yield Triple(_on_host(quad.subject, base), quad.predicate, _on_host(quad.object, base))
        made = datetime.fromisoformat(self.manifest.created).isoformat()
        for name in _MODIFIED:
            modified = Literal(made, datatype=NamedNode(XSD + "dateTime"))
            yield make_triple(_on_host(NamedNode(name), base).value, DCTERMS + "modified", modified)
        yield make_triple(DOCUMENT + "#utsaga", DCAT + "version", Literal(self.manifest.id))
        address = contact_url(contact)
        if address.startswith("mailto:"):
            yield make_triple(_CONTACT, _VCARD + "hasEmail", NamedNode(address))
        yield make_triple(_CONTACT, _VCARD + "hasURL", NamedNode(_contact_page(address, base)))


def _contact_page(address: str, base: str) -> str:
    """Return the web page at the URL `address`, or our own of how to get in touch if that is none."""
    return address if address.startswith("https:") else f"{base}/about"


def _on_host(node: Node, base: str) -> Node:
    """Return the address of the host at `base` that `node` is on w3id.org, or `node` if it is none."""
    if isinstance(node, NamedNode) and (node.value in _ADDRESSES or node.value.startswith(DOWNLOADS)):
        return NamedNode(f"{base}/{node.value.removeprefix(BASE)}")  # type: ignore[return-value]  # the kind of node stays
    return node
