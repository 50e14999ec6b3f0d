import grimp

from bench.structure import longest_chain


def test_longest_chain_counts_a_cycle_as_one_step() -> None:
    graph = grimp.ImportGraph()
    for name in "abcdef":
        graph.add_module(name)
    for importer, imported in ("ab", "bc", "cb", "cd", "ad", "ef"):
        graph.add_import(importer=importer, imported=imported)
    assert longest_chain(graph) == ["a", "b", "d"]
