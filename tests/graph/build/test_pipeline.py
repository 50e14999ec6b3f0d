"""From facts to a release: the same facts give the same release, and no fault ever reaches the live one."""

import hashlib
import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Quad, Store

from graph import index as tables
from graph.build import pipeline
from graph.core.errors import BadInput
from graph.core.files import MAX_BYTES
from graph.core.namespaces import ID, UTS
from graph.query.store import ReleaseStore
from graph.release import change_log
from graph.release.release import Release
from graph.release.release_files import write_listing
from graph.release.releases import Releases
from graph.search import writer
from graph.statistics import map_shapes

ARTICLE = "sources/ny-teknik-office-365.yaml"


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    return Path(shutil.copytree(pipeline.FACTS, tmp_path / "facts"))


@pytest.fixture
def releases(release: Release, tmp_path: Path) -> Releases:
    """A folder of releases of its own, in which a copy of the release is live."""
    copied = Releases(tmp_path / "releases")
    shutil.copytree(release.path, copied.home / release.path.name)
    copied.activate(copied.get(release.manifest.id))
    return copied


def test_the_same_facts_give_the_same_release(release: Release, rebuilt: Release) -> None:
    assert rebuilt.manifest.id == release.manifest.id
    for name in ("utsaga.nq.gz", "dataset.nt", "dumps/SHA256SUMS"):
        assert (rebuilt.path / name).read_bytes() == (release.path / name).read_bytes()


@pytest.mark.slow
def test_a_changed_fact_gives_another_release_and_the_link_moves(facts: Path, releases: Releases) -> None:
    first = releases.live()
    article = facts / ARTICLE
    article.write_text(
        article.read_text().replace("sv: Göteborg har tvärt stoppat", "sv: Staden har tvärt stoppat", 1)
    )
    second = pipeline.build(releases, facts)
    assert first.manifest.id != second.manifest.id
    assert releases.live().manifest.id == second.manifest.id
    assert len(releases.all()) == 2


def test_the_default_graph_is_the_union_each_triple_once(graph_store: Store) -> None:
    default = [
        Quad(q.subject, q.predicate, q.object)
        for q in graph_store.quads_for_pattern(None, None, None, DefaultGraph())
    ]
    named = {
        Quad(q.subject, q.predicate, q.object)
        for q in graph_store
        if not isinstance(q.graph_name, DefaultGraph)
    }
    assert len(default) == len(set(default))
    assert set(default) == named


@pytest.mark.slow
def test_another_form_of_the_same_content_keeps_its_times(
    release: Release, releases: Releases, monkeypatch: pytest.MonkeyPatch
) -> None:
    former = releases.live().path
    manifest = json.loads((former / "manifest.json").read_text()) | {"created": "2020-02-02T00:00:00+00:00"}
    (former / "manifest.json").write_text(json.dumps(manifest))
    write_listing(former)
    monkeypatch.setattr("graph.release.releases.FORM", release.form + 1)
    made = pipeline.build(releases)
    assert made.path.name == f"{release.manifest.id}-{release.form + 1}"
    assert made.manifest.created == "2020-02-02T00:00:00+00:00"
    assert change_log.read(made) == change_log.read(release)
    assert releases.live().path.samefile(made.path)


def test_whoever_changes_a_form_gives_it_a_number(release: Release) -> None:
    """A release that was built before would else be taken for one of today's program: raise release.FORM."""
    connection = sqlite3.connect(release.path / tables.INDEX_FILE)
    laid_out = connection.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall()
    connection.close()
    index = json.loads((release.path / writer.INDEX_FOLDER / "meta.json").read_text())["schema"]
    drawn = json.loads((release.path / map_shapes.BOUNDARIES_FILE).read_text())
    changed = json.loads((release.path / change_log.FILE).read_text())
    files = sorted(path.name for path in release.path.iterdir())
    form = [files, laid_out, index, sorted(drawn), sorted({len(each) for each in changed.values()})]
    digest = hashlib.sha256(json.dumps(form, sort_keys=True).encode()).hexdigest()[:12]
    assert (release.form, digest) == (6, "15e6197121a8")


def test_the_manifest_counts_the_registers_in_full(release: Release) -> None:
    classes = {iri.rpartition("#")[2]: count for iri, count in release.manifest.classes.items()}
    assert (classes["Municipality"], classes["Region"], classes["County"], classes["Observation"]) == (
        290,
        21,
        21,
        311,
    )
    assert classes["Statement"] >= 45
    assert sum(release.manifest.statement_kinds.values()) == classes["Statement"]


def replace(old: str, new: str, name: str = ARTICLE) -> Callable[[Path], None]:
    def edit(facts: Path) -> None:
        path = facts / name
        text = path.read_text()
        assert re.search(old, text)
        path.write_text(re.sub(old, new, text, count=1))

    return edit


def latin(facts: Path) -> None:
    (facts / ARTICLE).write_bytes((facts / ARTICLE).read_text().encode("latin-1", "replace"))


def huge(facts: Path) -> None:
    with (facts / ARTICLE).open("ab") as file:
        file.truncate(50_000_000)


def twin(facts: Path) -> None:
    (facts / "sources" / "twin.yaml").write_text(
        "id: source/twin\ntype: Report\nlabel: {sv: Tvilling}\nlanguage: sv\n"
        "organisations:\n  - id: organisation/microsoft\n    type: Company\n    label: {sv: Microsoft}\n"
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("spoil", "file", "rule"),
    [
        (replace("    speaker: person", "    speeker: person"), ARTICLE, "unknown key"),
        (
            replace("speaker: person/patrik-kron-malmo-kommun", "speaker: person/ingen-alls"),
            ARTICLE,
            "declared entities",
        ),
        (replace("      end: [0-9]+", "      end: 99999"), ARTICLE, "passage-beyond-its-text"),
        (replace("status: paused", "status: halted"), ARTICLE, "shape AdoptionShape"),
        (replace("digest: [0-9a-f]{64}", "digest: abc"), ARTICLE, "shape PassageShape"),
        (twin, "sources/twin.yaml", "one entity, one IRI"),
        (latin, ARTICLE, "UTF-8"),
        (huge, ARTICLE, "file size"),
        (
            replace("1480,", "148O,", "registers/municipalities.csv"),
            "registers/municipalities.csv",
            "municipality_code",
        ),
        (
            replace("\towl:sameAs\t", "\towl:sameHow\t", "links/wikidata.sssom.tsv"),
            "links/wikidata.sssom.tsv",
            "predicate_id",
        ),
    ],
    ids=["key", "speaker", "range", "status", "digest", "twin", "latin", "huge", "register", "link"],
)
def test_bad_input_is_told_with_file_line_rule_and_remedy_and_the_live_release_stays(
    facts: Path, tmp_path: Path, spoil: Callable[[Path], None], file: str, rule: str
) -> None:
    releases = Releases(tmp_path / "releases")
    with releases.building() as place:
        (place / "mark").touch()
        live = Path(shutil.copytree(place, releases.home / ("a" * 12)))
    (releases.home / "current").symlink_to(live.name)
    spoil(facts)
    with pytest.raises(BadInput) as caught:
        pipeline.build(releases, facts)
    fault = caught.value.faults[0]
    assert re.fullmatch(rf"{re.escape(str(facts / file))}:[0-9]+", fault.where)
    assert rule in fault.rule
    assert fault.message
    assert fault.remedy
    assert (releases.home / "current").resolve() == live.resolve()
    assert (live / "mark").exists()
    assert {path.name for path in releases.home.iterdir()} <= {".lock", "current", live.name}


@pytest.mark.parametrize("name", ["huge.yaml", "huge.ttl"])
def test_a_file_of_50_mb_is_refused_unread(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        file.truncate(50_000_000)
    assert path.stat().st_size > MAX_BYTES
    with pytest.raises(BadInput, match="50,000,000 bytes"):
        pipeline.read_file(path)


def test_rdf_with_a_syntax_error_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "broken.ttl"
    path.write_text("@prefix ex: <https://example.org/> .\nex:a ex:b .\n")
    with pytest.raises(BadInput) as caught:
        pipeline.read_file(path)
    assert caught.value.faults[0].where == f"{path}:2"
    assert "syntax" in caught.value.faults[0].rule


def test_what_is_wrong_in_an_rdf_file_is_told_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "wrong.ttl"
    path.write_text(f"<{ID}organisation/wrong> a <{UTS}Company> .\n")
    with pytest.raises(BadInput) as caught:
        pipeline.compose([*pipeline.read(), pipeline.read_file(path)])
    assert {fault.where for fault in caught.value.faults} == {str(path)}


def test_an_empty_folder_is_no_release(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no facts"):
        pipeline.build(Releases(tmp_path / "releases"), tmp_path / "nowhere")


def test_tables_are_made_with_the_release(release: Release) -> None:
    opened = tables.SqliteIndex.open(release.path / tables.INDEX_FILE)
    assert len(opened.of_kind("organisation")) > 300
    assert ReleaseStore.open(release.store).index.link_counts(
        f"{ID}product/office-365"
    ) == opened.link_counts(f"{ID}product/office-365")
