"""Turns facts into a release: compile, validate, infer, check, load, describe, swap."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    Quad,
    RdfFormat,
    serialize,
)

from graph.build import query_examples, query_rows
from graph.build.removal import remove
from graph.build.store_writer import load, union
from graph.bulk.bulk_files import write_bulk_files
from graph.core.errors import BadInput, Fault
from graph.core.files import check_size
from graph.core.iris import slugify
from graph.core.namespaces import GRAPH
from graph.core.progress import Progress, silent
from graph.core.site import SITE
from graph.ingest import csvw, sssom, wikidata_file, yaml_ld
from graph.ingest.facts import Facts
from graph.ingest.removals import Removal, read_removals
from graph.query.store import ReleaseStore
from graph.rdf import ontology_files
from graph.rdf import reader as rdf_reader
from graph.read.entities import Entities
from graph.release import change_log, dcat, dumps, graph_statistics, run_records
from graph.release.build_errors import Steps, require_writable, storage_errors
from graph.release.content_statistics import collect_unordered
from graph.release.manifest import content_digest, describe
from graph.release.release import DUMP, Release, write_dump
from graph.release.release_check import next_time, previous
from graph.release.releases import Releases
from graph.rules.checks import check, in_memory
from graph.rules.inference import infer
from graph.rules.periods import periods
from graph.rules.shacl import Declared, validate
from graph.search import writer
from graph.statistics import map_shapes
from graph.streaming import large_build, plain_rdf

FACTS = SITE.facts
_READERS: dict[str, Callable[[Path], Facts]] = {
    "sources/*.yaml": yaml_ld.read,
    "registers/*.csv": csvw.read,
    "links/*.sssom.tsv": sssom.read,
    wikidata_file.FILE: wikidata_file.read,
}


@dataclass(frozen=True)
class Content:
    """The whole content of a release: facts, ontology, stored queries and inferred triples.

    `removed` has the IRIs of people who were removed on request.
    """

    facts: list[Facts]
    quads: list[Quad]
    removed: tuple[str, ...] = ()


def read_file(path: Path) -> Facts:
    """Return the facts of a source, register, table of links, enrichment or RDF file, as its name says.

    Raise BadInput with every fault in its form.
    """
    for pattern, reader in _READERS.items():
        if path.match(pattern.rpartition("/")[2]):
            return reader(path)
    check_size(path)
    graph = NamedNode(f"{GRAPH}source/{slugify(path.name.partition('.')[0])}")
    quads = [Quad(q.subject, q.predicate, q.object, graph) for q in rdf_reader.read_quads(path)]
    lines = {q.subject.value: str(path) for q in quads if isinstance(q.subject, NamedNode)}
    return Facts(graph.value, quads, lines)


def read(folder: Path = FACTS) -> list[Facts]:
    """Return the facts of every file in `folder`; raise BadInput with the faults of all of them.

    Plain RDF is left out if it is more than is read into memory.
    """
    plain = plain_rdf.find_files(folder)
    facts = _read(folder, plain if plain_rdf.are_small(plain) else ())
    if not facts and not plain:
        raise BadInput(
            "there are no facts here",
            where=str(folder),
            rule="facts folder",
            remedy="give the folder that holds sources/",
        )
    return facts


def _read(folder: Path, plain: Sequence[plain_rdf.PlainFile]) -> list[Facts]:
    facts: list[Facts] = []
    faults: list[Fault] = []
    readers = (
        (reader, path) for pattern, reader in _READERS.items() for path in sorted(folder.glob(pattern))
    )
    for reader, path in readers:
        try:
            facts.append(reader(path))
        except BadInput as error:
            faults.extend(error.faults)
    for file in plain:
        try:
            facts += plain_rdf.read_facts(file)
        except BadInput as error:
            faults.extend(error.faults)
    if faults:
        raise BadInput.of(faults)
    return facts


def compose(
    facts: list[Facts],
    progress: Progress = silent,
    removals: Sequence[Removal] = (),
    is_declared: Declared = lambda node: False,
) -> Content:
    """Return the whole content of a release made of `facts` without the people in `removals`.

    `is_declared` knows what is declared elsewhere than in `facts`.

    Raise BadInput unless the facts follow every rule, and if what is left names who was removed.
    """
    schema = ontology_files.read_ontology()
    progress("validate")
    validate(facts, schema, is_declared)
    removed = remove(facts, removals)
    facts = removed.facts
    progress("infer")
    stated = [quad for one in facts for quad in one.quads] + schema + list(query_examples.quads())
    stated += periods(stated)
    content = Content(facts, stated + infer(stated), removed.iris)
    progress("check")
    lines = {key: line for one in facts for key, line in one.lines.items()}
    check(in_memory(union(content.quads)), lines)
    return content


def require_sound(facts: list[Facts], folder: Path) -> None:
    """Raise BadInput unless `facts`, which are all those in `folder`, follow every rule."""
    compose(facts, removals=read_removals(folder))


def is_own(folder: Path) -> bool:
    """Return whether the facts in `folder` are the project's, whose rows the stored queries expect."""
    return folder.resolve() == FACTS.resolve()


def check_queries(content: Content) -> None:
    """Raise BadInput unless each stored query gives as many rows on `content` as it is expected to."""
    query_rows.require_expected(query_rows.run_all(ReleaseStore(in_memory(union(content.quads)), union=True)))


def build(
    releases: Releases, folder: Path = FACTS, progress: Progress = silent, *, is_trusted: bool = False
) -> Release:
    """Build a release of the facts in `folder` and make it live; on a fault the old one stays live.

    If `is_trusted`, plain RDF is not checked.
    """
    query_rows.require_front_page_query()
    require_writable(releases.home)
    plain, steps = plain_rdf.find_files(folder), Steps(progress)
    if plain_rdf.are_small(plain) and not (plain and is_trusted):
        return _build_in_memory(releases, folder, steps)

    def author(is_declared: Declared) -> large_build.Authored:
        steps("compile")
        content = compose(_read(folder, ()), steps, read_removals(folder), is_declared)
        return large_build.Authored(content.quads, canonical(content.quads), content.removed)

    return large_build.build(releases, plain, author, steps, is_trusted=is_trusted)


def _build_in_memory(releases: Releases, folder: Path, steps: Steps) -> Release:
    steps("compile")
    content = compose(read(folder), steps, read_removals(folder))
    with releases.building() as place, storage_errors(place, steps):
        steps("load")
        lines = canonical(content.quads)
        counted = collect_unordered(content.quads)
        manifest = describe(counted, content_digest(lines, content.removed), content.removed)
        same = releases.find(manifest.id)  # the same content, to be made in another form
        manifest = replace(manifest, created=same.manifest.created if same else next_time(releases))
        write_dump(place / DUMP, lines)
        load(place / "store", union(content.quads))
        steps("query")
        runs = query_rows.run_all(ReleaseStore.open(place / "store"))
        if is_own(folder):
            query_rows.require_expected(runs)
        steps("index")
        writer.write_text_index(place / writer.INDEX_FOLDER, place / "store")
        steps("map")
        map_shapes.write_boundaries(place, map_shapes.draw_boundaries())
        steps("publish")
        write_bulk_files(place / dumps.FOLDER, Entities(ReleaseStore.open(place / "store")), manifest.id)
        dcat.write(place / dcat.FILE, counted, dumps.write(place, lines))
        graph_statistics.write(place / graph_statistics.FILE, counted)
        change_log.write(place, content.quads, manifest.created, previous(releases, same))
        steps("swap")
        release = releases.adopt(place, manifest)
        run_records.record(release, runs)
        releases.activate(release)
    return release


def canonical(quads: Iterable[Quad]) -> list[bytes]:
    """Return the quads as sorted canonical N-Quads lines (https://www.w3.org/TR/rdf-canon/)."""
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    content: bytes = serialize(dataset, format=RdfFormat.N_QUADS) or b""
    return sorted(content.splitlines(keepends=True))
