"""Named graphs in a store are validated against the shapes, and only what has changed is validated again."""

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, parse

from graph.core.errors import BadInput
from graph.core.namespaces import CODE, ID, RDFS, UTS
from graph.streaming import shape_validation
from graph.streaming.shape_validation import validate_graphs

GRAPH = "https://w3id.org/utsaga/graph/rdf/a"
COMPANY = f"""
<{ID}organisation/{{0}}> a <{UTS}Company>, <http://www.w3.org/ns/org#FormalOrganization> ;
  <{RDFS}label> "{{0}}"@sv ."""
NAMES = [f"bolag-{number}" for number in range(60)]


def ignore(*_: object) -> None:
    """Report nothing."""


def load(path: Path, turtle: str) -> Path:
    store = Store(path)
    for graph in (f"GRAPH <{GRAPH}> {{{turtle}}}", turtle):
        store.bulk_extend(parse(graph, format=RdfFormat.TRIG))
    store.flush()
    return path


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shape_validation, "_PART_SUBJECTS", 8)


@pytest.mark.slow
def test_only_what_has_changed_is_validated_again(tmp_path: Path) -> None:
    text = "".join(map(COMPANY.format, NAMES))
    first = validate_graphs(load(tmp_path / "1", text), [GRAPH], tmp_path, ignore, 0)
    assert first > 3
    assert validate_graphs(load(tmp_path / "2", text), [GRAPH], tmp_path, ignore, 0) == 0
    changed = load(tmp_path / "3", text.replace('"bolag-7"', '"Bolag 7"'))
    assert validate_graphs(changed, [GRAPH], tmp_path, ignore, 0) == 1


@pytest.mark.slow
def test_faults_are_found_again_until_they_are_mended(tmp_path: Path) -> None:
    text = "".join(map(COMPANY.format, NAMES))
    bad = load(tmp_path / "1", text.replace(f'<{RDFS}label> "bolag-7"@sv', f"<{UTS}status> <{CODE}x/y>"))
    for _ in range(2):
        with pytest.raises(BadInput) as refused:
            validate_graphs(bad, [GRAPH], tmp_path, ignore, 0)
        assert {fault.where for fault in refused.value.faults} == {f"{ID}organisation/bolag-7"}
    assert validate_graphs(load(tmp_path / "2", text), [GRAPH], tmp_path, ignore, 0) > 0
