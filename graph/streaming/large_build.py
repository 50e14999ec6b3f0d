"""Builds a release with plain RDF of any size, which goes from sorted runs into the store, never into memory.

Each stage leaves a marker, so that a build that was interrupted, or failed, goes on where it stopped. Such a
release lacks what would take longer than all the rest: the dump as TriG and by graph, tables of more than
`MAX_TABLE_ROWS` rows, and the changes of what plain RDF describes.
"""

import hashlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from graph import index
from graph.bulk.bulk_files import write_bulk_files
from graph.core.namespaces import REPLACED_BY, TYPE
from graph.core.progress import Progress
from graph.index.kinds import kinds_of
from graph.loading.child_process import child_processes
from graph.loading.store_loader import Optimise, StoreLoader
from graph.loading.watched_file import digest_file
from graph.query.store import ReleaseStore
from graph.query.stored import load_checks
from graph.rdf.ontology_files import read_inference_rules
from graph.read.entities import Entities
from graph.release import change_log, dcat, dumps, graph_statistics
from graph.release.build_errors import Steps, storage_errors
from graph.release.manifest import content_digest, describe
from graph.release.release import DUMP, FORM, Release
from graph.release.release_check import next_time, previous
from graph.release.releases import Releases
from graph.search import writer
from graph.statistics import map_shapes
from graph.streaming.merged_runs import read_statistics, write_content
from graph.streaming.plain_rdf import PlainFile
from graph.streaming.quad_runs import RUN_QUADS, Run, runs_in, write_runs, write_sorted
from graph.streaming.rdf_checks import Check
from graph.streaming.run_loading import LoadProgress, LoadRun, RunLoading
from graph.streaming.shape_validation import validate_graphs
from graph.streaming.stage_markers import FOLDER, StageMarkers, key_of
from graph.streaming.store_inference import Infer

MAX_DESCRIBED_GRAPHS: Final = 1_000  # of plain RDF; more are counted and not described one by one
MAX_TABLE_ROWS: Final = 20_000  # of all tables together; a release with more has none as files
_RUNS: Final = ".runs"
_STATISTICS: Final = "statistics.pickle"
IsDeclared = Callable[[NamedNode], bool]


@dataclass(frozen=True)
class Authored:
    """The content of a release that is in memory: all but plain RDF, and its sorted canonical lines."""

    quads: list[Quad]
    lines: list[bytes]
    removed: tuple[str, ...]


def build(
    releases: Releases,
    files: Sequence[PlainFile],
    author: Callable[[IsDeclared], Authored],
    steps: Steps,
    *,
    is_trusted: bool = False,
) -> Release:
    """Build a release of `files` and of what `author` returns, and make it live.

    `author` is called with what knows which entities the files declare. If the files are trusted, shapes and
    checks are not run on them. Raise BadInput for a fault in them; the next build goes on from there.
    """
    with releases.building(resume=True) as place, storage_errors(place, steps):
        return _LargeBuild(releases, place, files, steps).run(author, is_trusted=is_trusted)


class _LargeBuild:
    """One build in the folder `place`, where stages that are done have markers."""

    def __init__(
        self, releases: Releases, place: Path, files: Sequence[PlainFile], progress: Progress
    ) -> None:
        if not (place / FOLDER).is_dir():  # of a build that cannot go on
            shutil.rmtree(place)
        self._releases, self._place, self._files, self._progress = releases, place, files, progress
        self._markers = StageMarkers(place)
        self._store = place / "store"
        progress("digest")
        self._digests = {file: digest_file(file.path) for file in files}
        contents = sorted((file.name, file.graph, digest) for file, digest in self._digests.items())
        self._content_key = key_of(contents, read_inference_rules())
        self._plain_key = key_of(FORM, RUN_QUADS, self._content_key)

    def run(self, author: Callable[[IsDeclared], Authored], *, is_trusted: bool) -> Release:
        plain = self._load()
        authored = author(self._declared())
        runs = plain + self._add_authored(authored)
        key = key_of(self._plain_key, _digest(authored.lines))
        if not is_trusted:
            self._validate(key, plain)
        runs += self._infer(key)
        if not is_trusted:
            self._check(key)
        self._arrange(key)
        self._write_files(key, runs, self._described(authored, runs))
        return self._publish(authored)

    def _load(self) -> list[Run]:
        """Load all files, and return their runs."""
        folders = {
            file: self._place / _RUNS / key_of(file.name, file.graph, self._digests[file])
            for file in self._files
        }
        for folder in (self._place / _RUNS).glob("*"):
            if folder not in folders.values() and self._markers.result("load", self._plain_key) is None:
                shutil.rmtree(folder)
        if self._markers.result("load", self._plain_key) is None:
            self._load_runs(folders)
            self._markers.finish("load", self._plain_key)
        return [run for folder in folders.values() for run in runs_in(folder)]

    def _load_runs(self, folders: dict[PlainFile, Path]) -> None:
        names: list[str] = self._markers.result("loading", self._plain_key) or []
        if not names:
            self._empty_store()
        progress = LoadProgress(self._progress, sum(file.path.stat().st_size for file in self._files))

        def note(path: Path) -> None:
            names.append(self._name(path))
            self._markers.finish("loading", self._plain_key, names)
            progress.loaded(path)

        with StoreLoader(self._store) as loader:
            loading = RunLoading(loader, note)
            for file, folder in folders.items():
                for run in write_runs(file, self._digests[file], folder, progress.read):
                    progress.written(run)
                    if self._name(run.path) in names:
                        progress.loaded(run.path)
                    else:
                        loading.add(run)
                progress.next_file(file.path.stat().st_size)
            loading.finish()

    def _name(self, path: Path) -> str:
        """Return the name, in this build, of the run at `path`."""
        return str(path.relative_to(self._place))

    def _empty_store(self) -> None:
        shutil.rmtree(self._store, ignore_errors=True)
        shutil.rmtree(self._place / _RUNS / "inferred", ignore_errors=True)
        self._markers.forget("load", "loading", "authored", "shapes", "infer", "check", "arrange")

    def _declared(self) -> IsDeclared:
        """Return what knows the entities that the files declare."""
        store = Store.read_only(str(self._store))
        graph, properties = DefaultGraph(), [NamedNode(TYPE), NamedNode(REPLACED_BY)]

        def is_declared(node: NamedNode) -> bool:
            return any(
                next(iter(store.quads_for_pattern(node, each, None, graph)), None) for each in properties
            )

        return is_declared

    def _add_authored(self, authored: Authored) -> list[Run]:
        """Load what is not plain RDF, and return its runs; load all again if other such content is there."""
        folder, key = self._place / _RUNS / "authored", key_of(self._plain_key, _digest(authored.lines))
        if self._markers.result("authored", key) is None:
            if self._markers.result("authoring", key) is None:
                if folder.is_dir():
                    self._empty_store()
                    self._load()
                self._markers.finish("authoring", key)
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            self._progress("facts")
            with StoreLoader(self._store) as loader:
                for number, start in enumerate(range(0, len(authored.lines), RUN_QUADS)):
                    lines = authored.lines[start : start + RUN_QUADS]
                    blank = any(b"_:" in line for line in lines)
                    loader.run(LoadRun(write_sorted(folder / f"{number:05}.nq", lines, blank=blank)))
            self._markers.finish("authored", key)
        return runs_in(folder)

    def _validate(self, key: str, plain: Sequence[Run]) -> None:
        if self._markers.result("shapes", key) is None:
            graphs = sorted({graph for run in plain for graph in run.graphs if not graph.startswith("_:")})
            total = sum(run.quads for run in plain)
            self._progress("shapes")
            validate_graphs(self._store, graphs, self._releases.home, self._progress, total)
            self._markers.finish("shapes", key)

    def _infer(self, key: str) -> list[Run]:
        folder = self._place / _RUNS / "inferred"
        if self._markers.result("infer", key) is None:
            self._progress("rules")
            with StoreLoader(self._store, lambda done, count: self._progress("rules", 0, 0, count)) as loader:
                loader.run(Infer(folder))
            self._markers.finish("infer", key)
        return runs_in(folder)

    def _check(self, key: str) -> None:
        key = key_of(key, [check.text for check in load_checks().values()])
        if self._markers.result("check", key) is None:
            self._progress("checks")
            with StoreLoader(self._store) as loader:
                loader.run(Check())
            self._markers.finish("check", key)

    def _arrange(self, key: str) -> None:
        if self._markers.result("arrange", key) is None:
            self._progress("arrange")
            with StoreLoader(self._store) as loader:
                loader.run(Optimise())
            self._markers.finish("arrange", key)

    def _described(self, authored: Authored, runs: Sequence[Run]) -> frozenset[str] | None:
        """Return the graphs that are described one by one; None if all are."""
        if len({graph for run in runs for graph in run.graphs}) <= MAX_DESCRIBED_GRAPHS:
            return None
        return frozenset(q.graph_name.value for q in authored.quads if isinstance(q.graph_name, NamedNode))

    def _write_files(self, key: str, runs: Sequence[Run], described: frozenset[str] | None) -> None:
        """Write the dump and what is counted in it, the text index and the index, each if it is not done."""
        place, markers = self._place, self._markers
        text, tables = place / writer.INDEX_FOLDER, place / index.INDEX_FILE
        total = sum(run.quads for run in runs)
        with child_processes(2) as pool:
            jobs = {}
            if markers.result("content", key) is None:
                names = [run.path for run in runs]
                jobs["content"] = pool.submit(
                    write_content, names, place / DUMP, place / FOLDER / _STATISTICS, described
                )
            if markers.result("text", key) is None:
                shutil.rmtree(text, ignore_errors=True)
                kinds = kinds_of(Store.read_only(str(self._store)))
                jobs["text"] = pool.submit(writer.write_text_index, text, self._store, kinds)
            if markers.result("index", key) is None:
                tables.unlink(missing_ok=True)
                tables.with_name(f"{tables.name}.staging").unlink(missing_ok=True)
                store = Store.read_only(str(self._store))
                index.write_index(tables, store, lambda count: self._progress("index", count, total, count))
                markers.finish("index", key)
            for stage, job in jobs.items():
                self._progress(stage)
                job.result()
                markers.finish(stage, key)

    def _publish(self, authored: Authored) -> Release:
        """Write the small files, and make the release live."""
        place = self._place
        content = read_statistics(place / FOLDER / _STATISTICS)
        manifest = describe(content, self._release_digest(authored), authored.removed)
        same = self._releases.find(manifest.id)
        created = same.manifest.created if same else next_time(self._releases)
        manifest = replace(manifest, created=created)
        self._progress("publish")
        map_shapes.write_boundaries(place, map_shapes.draw_boundaries())
        shutil.rmtree(place / dumps.FOLDER, ignore_errors=True)
        store = ReleaseStore.open(self._store)
        if sum(len(store.index.of_kind(kind)) for kind in store.index.kinds) <= MAX_TABLE_ROWS:
            write_bulk_files(place / dumps.FOLDER, Entities(store), manifest.id)
        dcat.write(place / dcat.FILE, content, dumps.write_digests(place))
        graph_statistics.write(place / graph_statistics.FILE, content)
        change_log.write(place, authored.quads, created, previous(self._releases, same))
        self._progress("swap")
        for folder in (_RUNS, FOLDER):
            shutil.rmtree(place / folder)
        release = self._releases.adopt(place, manifest)
        self._releases.activate(release)
        shutil.rmtree(place, ignore_errors=True)  # if the release was there already
        return release

    def _release_digest(self, authored: Authored) -> str:
        """Return the digest of all that the content follows from: lines, files, and rules."""
        content = content_digest(authored.lines, authored.removed)
        return hashlib.sha256(f"{content} {self._content_key}".encode()).hexdigest()


def _digest(lines: list[bytes]) -> str:
    return hashlib.sha256(b"".join(lines)).hexdigest()
