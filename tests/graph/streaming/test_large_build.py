"""Plain RDF of any size becomes a release as a stream, and goes on where it was interrupted."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bench.generate import quads
from graph.build import pipeline
from graph.core.errors import BadInput
from graph.query.store import ReleaseStore
from graph.release import dumps
from graph.release.release import Release
from graph.release.releases import Releases
from graph.streaming import large_build, plain_rdf, quad_runs

UTSAGA = Path(sys.executable).with_name("utsaga")
SKOS = "http://www.w3.org/2004/02/skos/core#"
CONCEPTS = 400
THESAURUS = f"@prefix : <https://things.example/> . @prefix skos: <{SKOS}> .\n" + "".join(
    f':c{number} skos:prefLabel "Sak {number}"@sv , "Thing {number}"@en ;'
    f" skos:broader :c{number // 7} ; skos:inScheme :scheme .\n"
    for number in range(1, CONCEPTS)
)
NOTE = '<https://things.example/c{0}> <{1}changeNote> "Note {0}"@en <https://things.example/g{2}> .\n'
NOTES = "".join(NOTE.format(number, SKOS, number % 3) for number in range(1, CONCEPTS))


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    folder = tmp_path / "facts" / "rdf"
    folder.mkdir(parents=True)
    (folder / "thesaurus.ttl").write_text(THESAURUS)
    (folder / "notes.nq").write_text(NOTES)
    return folder.parent


@pytest.fixture
def streamed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_rdf, "SMALL_BYTES", 0)
    monkeypatch.setattr(quad_runs, "RUN_QUADS", 500)


@pytest.mark.slow
def test_a_stream_has_the_content_that_a_build_in_memory_has(
    facts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = pipeline.build(Releases(tmp_path / "whole"), facts)
    monkeypatch.setattr(plain_rdf, "SMALL_BYTES", 0)
    monkeypatch.setattr(quad_runs, "RUN_QUADS", 500)
    steps: list[str] = []
    streamed = pipeline.build(Releases(tmp_path / "streamed"), facts, lambda step, *_: steps.append(step))
    assert list(streamed.lines()) == list(whole.lines())
    assert streamed.manifest.triples == whole.manifest.triples
    assert streamed.manifest.graphs == whole.manifest.graphs
    assert json.loads((streamed.path / "graphs.json").read_text()) == json.loads(
        (whole.path / "graphs.json").read_text()
    )
    assert counts_of(streamed) == counts_of(whole)
    stores = [ReleaseStore.open(each.store) for each in (streamed, whole)]
    assert [len(store.engine) for store in stores] == [len(stores[0].engine)] * 2
    counts = [store.index.link_counts("https://things.example/scheme") for store in stores]
    assert counts[0] == counts[1]
    assert counts[0][SKOS + "inScheme"] == CONCEPTS - 1
    assert dumps.SUMS in {path.name for path in (streamed.path / dumps.FOLDER).iterdir()}
    assert not list(streamed.path.glob(".*"))
    assert [*dict.fromkeys(steps)][:2] == ["digest", "load"]
    assert pipeline.build(Releases(tmp_path / "again"), facts).manifest.id == streamed.manifest.id


def counts_of(release: Release) -> list[str]:
    """Return the lines with counts in the description of a release."""
    lines = (release.path / "dataset.nt").read_text().splitlines()
    return [line for line in lines if "/void#" in line and "dataDump" not in line]


@pytest.mark.slow
@pytest.mark.usefixtures("streamed")
def test_after_a_fault_the_build_goes_on_with_the_mended_file(
    facts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    releases = Releases(tmp_path / "releases")
    broken = facts / "rdf" / "z.nt"
    broken.write_text("nonsense\n")
    with pytest.raises(BadInput, match=r"z\.nt:1"):
        pipeline.build(releases, facts)
    assert releases.current() is None
    broken.write_text(f'<https://things.example/c1> <{SKOS}changeNote> "z" .\n')
    written: list[Path] = []
    real = quad_runs.write_sorted

    def spy(path: Path, lines: list[bytes], *, blank: bool) -> quad_runs.Run:
        written.append(path)
        return real(path, lines, blank=blank)

    monkeypatch.setattr(quad_runs, "write_sorted", spy)
    release = pipeline.build(releases, facts)
    assert len(written) == 1  # the other files were not taken apart again
    assert any(line.endswith("rdf/z> .\n") for line in release.lines())


@pytest.mark.slow
@pytest.mark.usefixtures("streamed")
def test_an_interrupted_build_applies_other_rules_and_checks(
    facts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    releases, steps = Releases(tmp_path / "releases"), list[str]()

    def stop_at_arrange(step: str, *_: int) -> None:
        steps.append(step)
        if step == "arrange":
            raise KeyboardInterrupt

    def build() -> set[str]:
        steps.clear()
        with pytest.raises(KeyboardInterrupt):
            pipeline.build(releases, facts, stop_at_arrange)
        return set(steps)

    assert build() >= {"load", "rules", "checks"}
    assert not build() & {"load", "rules", "checks"}
    monkeypatch.setattr(large_build, "load_checks", dict)
    assert build() & {"load", "rules", "checks"} == {"checks"}
    monkeypatch.setattr(large_build, "read_inference_rules", list)
    assert build() >= {"load", "rules", "checks"}


@pytest.mark.slow
@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_ends_all_processes_of_a_build(facts: Path, tmp_path: Path) -> None:
    command = [str(UTSAGA), "--releases", str(tmp_path / "releases"), "build", "--trust-rdf"]
    with subprocess.Popen(
        [*command, "--facts", str(facts)], stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stderr
        lines = [next(line for line in process.stderr if line.startswith("content"))]
        os.killpg(process.pid, signal.SIGINT)
        lines += process.stderr  # to its end, when no process has it open
        assert process.wait(60) == 1
    assert "Traceback" not in "".join(lines)


@pytest.mark.slow
def test_a_build_that_is_killed_goes_on_where_it_stopped(tmp_path: Path) -> None:
    folder = tmp_path / "facts" / "rdf"
    folder.mkdir(parents=True)
    (folder / "data.nq").write_text("".join(quads(25_000, 1)))
    assert (folder / "data.nq").stat().st_size > plain_rdf.SMALL_BYTES
    expected = pipeline.build(Releases(tmp_path / "other"), folder.parent, is_trusted=True)
    home = tmp_path / "releases"
    seen: list[list[str]] = []
    for stage in ("load", "facts", "rules", "arrange", "index", "publish", ""):
        seen.append(build_until(stage, home, folder.parent))
        live = Releases(home).current()
        assert (live is None) == bool(stage)
    assert live
    assert live.manifest.digest == expected.manifest.digest
    assert list(live.lines()) == list(expected.lines())
    assert len(ReleaseStore.open(live.store).engine) == len(ReleaseStore.open(expected.store).engine)
    assert "load" in seen[0]
    for later in seen[2:]:
        assert "load" not in later
    assert "rules" not in seen[4]
    assert "arrange" not in seen[5]
    assert "index" not in seen[6]
    assert not (home / ".building").exists()


def build_until(stage: str, home: Path, facts: Path) -> list[str]:
    """Build until `stage` has begun, and kill it then; or to the end. Return the reported stages."""
    command = [str(UTSAGA), "--releases", str(home), "build", "--trust-rdf", "--facts", str(facts)]
    stages: list[str] = []
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        assert process.stderr
        for line in process.stderr:
            stages.append(line.partition(":")[0].strip())
            if stage and stages[-1] == stage:
                process.send_signal(signal.SIGKILL)
                break
        else:
            assert process.wait() == 0, stages
    return stages
