"""The file with facts from Wikidata: nothing else may stand in it, and it is the same for the same facts."""

import random
from datetime import date
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from graph.build import pipeline
from graph.core.errors import BadInput
from graph.core.namespaces import DCTERMS, ID, RDFS, UTS, WD, XSD
from graph.core.terms import Term, iri, text
from graph.ingest import wikidata_file
from graph.ingest.facts import Facts
from graph.ingest.wikidata_properties import ATTRIBUTES, COAT_OF_ARMS, HEAD_OFFICE, OFFICIAL_SITE, POPULATION
from graph.ingest.wikidata_records import WIKIDATA, Record, record_iri

MALMO, LUND = ID + "organisation/malmo-kommun", ID + "organisation/lunds-kommun"
DAY = date(2026, 11, 24)
EVERY = frozenset(ATTRIBUTES.values())
FACTS = frozenset(
    [
        (MALMO, POPULATION, Term("350001", "literal", datatype=XSD + "integer")),
        (MALMO, OFFICIAL_SITE, iri("https://malmo.se/")),
        (MALMO, HEAD_OFFICE, iri(WD + "Q2211")),
        (WD + "Q2211", RDFS + "label", text("Malmö", "sv")),
    ]
)
RECORDS = [
    Record(MALMO, WD + "Q503361", DAY, EVERY, FACTS),
    Record(LUND, WD + "Q505018", DAY, frozenset({POPULATION})),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / wikidata_file.FILE
    wikidata_file.save(path, RECORDS)
    return path


def faults(path: Path) -> list[str]:
    with pytest.raises(BadInput) as caught:
        wikidata_file.read(path)
    return [f"{fault.where.removeprefix(str(path))}: {fault.message}" for fault in caught.value.faults]


def others() -> list[Facts]:
    """The project's own facts, without what somebody may have fetched."""
    return [one for one in pipeline.read() if one.graph != WIKIDATA]


def test_what_is_written_is_read_again(file: Path) -> None:
    assert wikidata_file.load(file) == {record.entity: record for record in RECORDS}
    read = wikidata_file.read(file)
    assert read.graph == WIKIDATA
    assert len(read.quads) == len(file.read_text().splitlines())
    assert {str(quad.graph_name) for quad in read.quads} == {f"<{WIKIDATA}>"}


def test_the_graph_says_what_it_is(file: Path) -> None:
    graph = NamedNode(WIKIDATA)
    own = {(q.predicate.value, str(q.object)) for q in wikidata_file.read(file).quads if q.subject == graph}
    assert (DCTERMS + "license", "<https://creativecommons.org/publicdomain/zero/1.0/>") in own
    assert (DCTERMS + "source", "<https://www.wikidata.org/>") in own


def test_the_same_records_give_the_same_file(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.nt"
    wikidata_file.save(other, random.Random(1).sample(RECORDS, len(RECORDS)))  # noqa: S311
    assert other.read_bytes() == file.read_bytes()
    assert file.read_text().splitlines() == sorted(file.read_text().splitlines())


def test_a_file_that_would_be_the_same_is_left_alone(file: Path) -> None:
    before = file.stat()
    wikidata_file.save(file, RECORDS)
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_nothing_else_is_left_in_the_folder(file: Path) -> None:
    assert [each.name for each in file.parent.iterdir()] == [file.name]


def test_no_file_is_no_records(tmp_path: Path) -> None:
    assert wikidata_file.load(tmp_path / "none.nt") == {}


@pytest.mark.parametrize(
    "line",
    [
        f"<{MALMO}> <{OFFICIAL_SITE}> <javascript:alert(1)> .",
        f"<{MALMO}> <{COAT_OF_ARMS}> <data:text/html,x> .",
        f'<{MALMO}> <{OFFICIAL_SITE}> "https://malmo.se/" .',
        f'<{MALMO}> <{POPULATION}> "-1"^^<{XSD}integer> .',
        f"<{MALMO}> <{UTS}status> <https://w3id.org/utsaga/code/adoption-status/halted> .",
        f'<{MALMO}> <{RDFS}label> "Malmoe"@sv .',
        f"<{LUND}> <{OFFICIAL_SITE}> <https://lund.se/> .",
        f"<{ID}person/anna-alm> <{OFFICIAL_SITE}> <https://example.org/> .",
        f'<{WD}Q1> <{RDFS}label> "Universum"@sv .',
        f"<{record_iri(MALMO)}> <{RDFS}seeAlso> <https://example.org/> .",
        f"<{WIKIDATA}> <{DCTERMS}license> <https://example.org/> .",
        f"<https://example.org/> <{OFFICIAL_SITE}> <https://example.org/> .",
    ],
)
def test_what_is_no_fact_is_a_fault_with_its_line(file: Path, line: str) -> None:
    text = file.read_text()
    file.write_text(f"{text}{line}\n")
    (fault,) = faults(file)
    assert fault.startswith(f":{len(text.splitlines()) + 1}: ")
    assert "no fact that may stand here" in fault


@pytest.mark.parametrize("line", ["nonsense", f"<{MALMO}> <{OFFICIAL_SITE}> <a b> .", "<<<"])
def test_a_line_that_is_no_triple_is_told(file: Path, line: str) -> None:
    file.write_text(f"{line}\n{file.read_text()}")
    (fault,) = faults(file)
    assert fault.startswith(":1: ")
    assert "N-Triples" in fault


def test_a_nameless_node_is_told(file: Path) -> None:
    file.write_text(f"{file.read_text()}_:b <{OFFICIAL_SITE}> <https://malmo.se/> .\n")
    assert "a node without a name" in faults(file)[0]


@pytest.mark.parametrize("part", ["primaryTopic", "wasDerivedFrom", "created"])
def test_facts_without_a_whole_record_are_none(file: Path, part: str) -> None:
    kept = (line for line in file.read_text().splitlines() if part not in line or "malmo" not in line)
    file.write_text("\n".join(kept))
    assert any(OFFICIAL_SITE in fault for fault in faults(file))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"2026-11-24"', '"2026-13-24"'),
        (f"<{WD}Q503361>", "<https://example.org/Q1>"),
        (f"primaryTopic> <{LUND}>", f"primaryTopic> <{MALMO}>"),
    ],
)
def test_a_record_that_says_something_else_is_none(file: Path, old: str, new: str) -> None:
    before = file.read_text()
    file.write_text(before.replace(old, new))
    assert file.read_text() != before
    assert faults(file)


def test_the_licence_may_not_be_missing(file: Path) -> None:
    kept = [line for line in file.read_text().splitlines() if "license" not in line]
    file.write_text("\n".join(kept))
    assert any("is missing" in fault for fault in faults(file))


def test_a_build_takes_the_facts_in(tmp_path: Path) -> None:
    wikidata_file.save(tmp_path / wikidata_file.FILE, RECORDS)
    read = pipeline.read_file(tmp_path / wikidata_file.FILE)
    content = pipeline.compose([*others(), read])
    assert {str(quad.graph_name) for quad in content.quads} >= {f"<{WIKIDATA}>"}


def test_facts_of_an_entity_that_nobody_declares_are_refused(tmp_path: Path) -> None:
    none = Record(ID + "organisation/ingen-kommun", WD + "Q1", DAY, EVERY)
    wikidata_file.save(tmp_path / wikidata_file.FILE, [none])
    with pytest.raises(BadInput, match="not declared anywhere"):
        pipeline.compose([*others(), pipeline.read_file(tmp_path / wikidata_file.FILE)])


def test_facts_from_an_item_that_is_not_linked_are_refused(tmp_path: Path) -> None:
    wikidata_file.save(tmp_path / wikidata_file.FILE, [Record(MALMO, WD + "Q1", DAY, EVERY, FACTS)])
    with pytest.raises(BadInput, match="not the same thing by the links") as caught:
        pipeline.compose([*others(), pipeline.read_file(tmp_path / wikidata_file.FILE)])
    assert caught.value.faults[0].where.startswith(str(tmp_path))
