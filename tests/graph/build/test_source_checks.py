"""The register of visits in a build: absent, empty, or with rows that say more of declared sources."""

import shutil
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from graph.build import pipeline
from graph.core.errors import BadInput
from graph.core.namespaces import DCTERMS, GRAPH, ID, SCHEMA, UTS, XSD
from graph.ingest import source_checks
from graph.release.releases import Releases

METADATA = f"{source_checks.FILE}-metadata.json"
REGISTER = NamedNode(GRAPH + "register/source-checks")
URL = "https://exempel.example/rapport"
COPY = f"http://web.archive.org/web/20191231235959/{URL}?l%C3%A4n=1,2"
SOURCE = f"""\
id: source/rapport
type: Report
label: {{sv: Rapporten, en: The report}}
language: sv
issued: {{type: date, value: "2019-03-01"}}
url: {URL}
"""


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    """A folder with one source, and the description of the register alone."""
    for name in ("sources", "registers"):
        (tmp_path / name).mkdir()
    (tmp_path / "sources" / "rapport.yaml").write_text(SOURCE)
    shutil.copy(pipeline.FACTS / METADATA, tmp_path / METADATA)
    return tmp_path


def write(facts: Path, *rows: str) -> None:
    (facts / source_checks.FILE).write_text("\n".join([",".join(source_checks.COLUMNS), *rows, ""]))


def compose(facts: Path) -> list[Quad]:
    return pipeline.compose(pipeline.read(facts)).quads


def faults(facts: Path) -> list[str]:
    with pytest.raises(BadInput) as caught:
        compose(facts)
    return [str(fault) for fault in caught.value.faults]


def test_the_register_may_be_absent_or_have_no_rows(facts: Path) -> None:
    absent = {quad for quad in compose(facts) if quad.graph_name == REGISTER}
    write(facts)
    subjects = {quad.subject for quad in compose(facts) if quad.graph_name == REGISTER}
    assert (absent, subjects) == (set(), {REGISTER})


def test_a_row_says_what_became_of_a_visit(facts: Path) -> None:
    write(facts, f'rapport,{URL},2026-11-29,200,,{URL}/ny,"{COPY}",2019-12-31')
    source, date, integer = (
        NamedNode(ID + "source/rapport"),
        NamedNode(XSD + "date"),
        NamedNode(XSD + "integer"),
    )
    said = {
        (quad.subject, quad.predicate.value, quad.object)
        for quad in compose(facts)
        if quad.graph_name == REGISTER and quad.subject != REGISTER
    }
    assert said == {
        (source, UTS + "checkedOn", Literal("2026-11-29", datatype=date)),
        (source, UTS + "httpStatus", Literal("200", datatype=integer)),
        (source, UTS + "movedTo", NamedNode(f"{URL}/ny")),
        (source, SCHEMA + "archivedAt", NamedNode(COPY)),
        (NamedNode(COPY), DCTERMS + "created", Literal("2019-12-31", datatype=date)),
    }


def test_a_release_has_the_rows_in_a_graph_of_their_own(facts: Path, tmp_path: Path) -> None:
    write(facts, f"rapport,{URL},2026-11-29,,timeout,,,")
    release = pipeline.build(Releases(tmp_path / "releases"), facts)
    assert release.manifest.graphs[REGISTER.value] == 5


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([f"okand,{URL},2026-11-29,200,,,,"], ":2: source/okand is not declared anywhere"),
        ([f"rapport,{URL},2026-11-29,200,timeout,,,"], "either httpStatus or visitFailure"),
        ([f"rapport,{URL},2026-11-29,200,,,,"] * 2, "one row, one key"),
    ],
)
def test_a_wrong_row_stops_the_build(facts: Path, rows: list[str], message: str) -> None:
    write(facts, *rows)
    assert message in faults(facts)[0]


def test_a_fault_of_a_source_is_told_where_the_source_is_declared(facts: Path) -> None:
    write(facts, f"rapport,{URL},2026-11-29,200,,,,")
    (facts / "sources" / "rapport.yaml").write_text(
        SOURCE.replace("label: {sv: Rapporten, en: The report}\n", "")
    )
    assert {fault.partition(": ")[0] for fault in faults(facts)} == {f"{facts}/sources/rapport.yaml:1"}
