"""A source in YAML-LD: its quads, and the message for each fault."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from graph.core.errors import BadInput
from graph.core.files import MAX_BYTES
from graph.core.namespaces import GRAPH, ID, UTS, XSD
from graph.ingest import yaml_ld

GOOD = """\
id: source/prov
type: Article
label: {sv: Ett prov, en: A test}
issued: {type: gYear, value: "2017"}
textLength: 400
people:
  - id: person/a-b
    type: Person
    label: {sv: A B}
statements:
  - id: statement/prov-1
    type: Statement
    kind: opinion
    speaker: person/a-b
    about: [product/x, law/y]
    text: {sv: Något, en: Something}
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tmp_path / "prov.yaml"


def test_keys_become_triples_in_the_source_s_graph(source: Path) -> None:
    source.write_text(GOOD)
    facts = yaml_ld.read(source)
    triples = {(q.subject, q.predicate, q.object) for q in facts.quads}
    statement = NamedNode(ID + "statement/prov-1")
    assert facts.graph == GRAPH + "source/prov"
    assert {q.graph_name for q in facts.quads} == {NamedNode(facts.graph)}
    assert (statement, NamedNode(UTS + "saidIn"), NamedNode(ID + "source/prov")) in triples
    assert (statement, NamedNode(UTS + "text"), Literal("Something", language="en")) in triples
    year = Literal("2017", datatype=NamedNode(XSD + "gYear"))
    assert any(o == year for _, _, o in triples)
    kind = NamedNode("https://w3id.org/utsaga/code/statement-kind/opinion")
    assert (statement, NamedNode(UTS + "kind"), kind) in triples


def test_each_fact_knows_its_line(source: Path) -> None:
    source.write_text(GOOD)
    lines = yaml_ld.read(source).lines
    assert lines[ID + "statement/prov-1"] == f"{source}:11"
    assert lines[f"{ID}statement/prov-1 {UTS}speaker"] == f"{source}:14"


@pytest.mark.parametrize(
    ("old", "new", "line", "rule", "word"),
    [
        ("speaker:", "speeker:", 14, "unknown key", "“speaker”"),
        ("type: Person", "type: Persona", 8, "unknown class", "Persona"),
        ("speaker: person/a-b", "speaker: A B", 14, "reference", "A B"),
        ("speaker: person/a-b", "speaker: 'javascript:alert(1)'", 14, "reference", "javascript"),
        ("text: {sv: Något, en: Something}", "text: Något", 16, "language", "text"),
        ("text: {sv: Något,", "text: {Svenska: Något,", 16, "language", "Svenska"),
        ("label: {sv: A B}", "label: {sv: A B}\n    label: {sv: B}", 10, "duplicate key", "label"),
        ("kind: opinion", "kind:", 13, "empty value", "kind"),
        ("id: source/prov\n", "", 1, "source id", "source"),
        ("person/a-b\n    type", "statement/prov-1\n    type", 11, "one entity, one IRI", "declared"),
        ("kind: opinion", "kind: [opinion", 14, "YAML", ","),
        ("{sv: A B}", "&a {sv: A B}\n    note: *a", 9, "no aliases", "alias"),
        ("id: source/prov", "- id: source/prov", 2, "YAML", ""),
    ],
)
def test_a_mistake_is_told_with_line_rule_and_remedy(
    source: Path, old: str, new: str, line: int, rule: str, word: str
) -> None:
    source.write_text(GOOD.replace(old, new, 1))
    with pytest.raises(BadInput) as caught:
        yaml_ld.read(source)
    fault = caught.value.faults[0]
    assert (fault.where, fault.rule) == (f"{source}:{line}", rule)
    assert word in fault.message + fault.remedy
    assert fault.remedy


def test_all_mistakes_are_told_at_once(source: Path) -> None:
    source.write_text(GOOD.replace("speaker:", "speeker:").replace("type: Person", "type: Persona"))
    with pytest.raises(BadInput) as caught:
        yaml_ld.read(source)
    assert len(caught.value.faults) == 2


def test_a_list_is_no_source(source: Path) -> None:
    source.write_text("- a\n- b\n")
    with pytest.raises(BadInput, match="mapping"):
        yaml_ld.read(source)


def test_bytes_that_are_not_utf_8_are_told_with_their_line(source: Path) -> None:
    source.write_bytes(GOOD.encode("latin-1"))
    with pytest.raises(BadInput) as caught:
        yaml_ld.read(source)
    assert caught.value.faults[0].where == f"{source}:16"
    assert caught.value.faults[0].rule == "UTF-8"


def test_a_huge_file_is_refused_before_it_is_read(source: Path) -> None:
    with source.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(BadInput, match="file size"):
        yaml_ld.read(source)


def test_a_bomb_of_aliases_ends_at_once(source: Path) -> None:
    bomb = "a: &a [x,x]\n" + "".join(
        f"k{i}: &k{i} [*{'a' if not i else f'k{i - 1}'}, *a]\n" for i in range(60)
    )
    source.write_text(f"id: source/prov\nlabel:\n  sv: &a [x]\n  en: [*a, *a]\n{bomb}")
    with pytest.raises(BadInput):
        yaml_ld.read(source)
