"""Statements credited to a speaker whom the passages do not name."""

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from graph.core.namespaces import GRAPH, ID, UTS
from graph.ingest.facts import Facts
from graph.ingest.speakers import warnings

TEXT = "– Vi väntar, säger it-chefen Anna Ek.\n– Beslutet är taget.\nChef för stadens IT är en annan."
STATEMENT = ID + "statement/bladet-sagt"
PEOPLE = f"""
@base <{ID}> . @prefix uts: <{UTS}> . @prefix org: <http://www.w3.org/ns/org#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix schema: <https://schema.org/> .
<person/anna-ek> rdfs:label "Anna Ek"@sv .
<person/anna-ek#chef> org:member <person/anna-ek> ; schema:roleName "chef för stadens IT"@sv .
"""
SOURCE = f"""
@base <{ID}> . @prefix uts: <{UTS}> . @prefix oa: <http://www.w3.org/ns/oa#> .
<statement/bladet-sagt> a uts:Statement ; uts:speaker <person/anna-ek> ; uts:evidence <passage/bladet-1> .
<passage/bladet-1> a uts:Passage ; oa:hasSelector <passage/bladet-1#position> .
<passage/bladet-1#position> oa:start START ; oa:end END .
"""


def facts(turtle: str, start: int = 0, end: int = 0) -> Facts:
    content = turtle.replace("START", str(start)).replace("END", str(end)).encode()
    graph = NamedNode(GRAPH + "source/bladet")
    quads = [Quad(t.subject, t.predicate, t.object, graph) for t in parse(content, format=RdfFormat.TURTLE)]
    return Facts(graph.value, quads, {STATEMENT: "bladet.yaml:7"})


@pytest.mark.parametrize(
    ("words", "named"), [(0, True), (1, False), (2, True)], ids=["name", "none", "office"]
)
def test_a_speaker_is_named_by_surname_or_title(words: int, named: bool) -> None:
    line = TEXT.split("\n")[words]
    source = facts(SOURCE, TEXT.index(line), TEXT.index(line) + 5)
    found = warnings(TEXT, source, [source, facts(PEOPLE)])
    assert bool(found) != named
    if found:
        assert found[0].where == "bladet.yaml:7"
        assert "neither Anna Ek nor the office" in found[0].message
        assert "speakerNote" in found[0].remedy


def test_a_note_on_the_speaker_answers_the_warning() -> None:
    note = '<statement/bladet-sagt> uts:speakerNote "Namnet står i stycket före."@sv .'
    source = facts(SOURCE + note, 38, 60)
    assert not warnings(TEXT, source, [source, facts(PEOPLE)])


def test_a_statement_without_passages_gives_no_warning() -> None:
    source = facts(SOURCE.replace("uts:evidence <passage/bladet-1>", "uts:about <person/anna-ek>"))
    assert not warnings(TEXT, source, [source, facts(PEOPLE)])
