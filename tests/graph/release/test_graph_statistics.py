"""What is counted in each named graph."""

from pathlib import Path

from pyoxigraph import RdfFormat, parse

from graph.release import graph_statistics
from graph.release.content_statistics import collect_unordered
from graph.release.graph_statistics import GraphStatistics

DATA = """
@prefix : <https://w3id.org/utsaga/id/> . @prefix g: <https://w3id.org/utsaga/graph/> .
@prefix x: <https://x.test/> .
g:a { :law\\/x a x:Law ; x:n 1 , 2 ; x:part <https://w3id.org/utsaga/id/law/x#one> .
  <https://w3id.org/utsaga/id/law/x#one> a x:Part . g:a x:title "A" . [] x:n 3 . }
g:b { :law\\/x x:sameAs x:y . :law\\/z x:n 1 . }
g:inferred { :law\\/x a x:Thing . }
"""
A, B, INFERRED = (f"https://w3id.org/utsaga/graph/{name}" for name in ("a", "b", "inferred"))


def test_subjects_and_their_classes_are_counted() -> None:
    found = graph_statistics.of_graphs(collect_unordered(parse(DATA, format=RdfFormat.TRIG)))
    law = {"https://x.test/Law": 1}
    assert found[A] == GraphStatistics(triples=7, subjects=1, properties=4, classes=law)
    assert found[B] == GraphStatistics(triples=2, subjects=2, properties=2, classes=law)
    assert found[INFERRED] == GraphStatistics(triples=1, subjects=1, properties=1, classes=law)


def test_statistics_are_read_as_written(tmp_path: Path) -> None:
    content = collect_unordered(parse(DATA, format=RdfFormat.TRIG))
    graph_statistics.write(tmp_path / "graphs.json", content)
    assert graph_statistics.read(tmp_path / "graphs.json") == graph_statistics.of_graphs(content)


def test_a_release_of_an_earlier_version_has_none(tmp_path: Path) -> None:
    assert graph_statistics.read(tmp_path / "graphs.json") == {}
