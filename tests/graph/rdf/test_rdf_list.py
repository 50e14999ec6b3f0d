"""Items of RDF lists, well formed and not."""

from collections.abc import Mapping, Sequence

import pytest

from graph.core.namespaces import RDF
from graph.core.terms import Term, iri, text
from graph.rdf.rdf_list import read_list

Cells = dict[str, dict[str, list[Term]]]

A, B = Term("a", "blank"), Term("b", "blank")
NIL = iri(RDF + "nil")


def items(cells: Cells, head: Term = A) -> tuple[str, ...]:
    def properties(node: Term) -> Mapping[str, Sequence[Term]]:
        return {RDF + name: values for name, values in cells.get(node.value, {}).items()}

    return tuple(item.value for item in read_list(head, properties))


@pytest.mark.parametrize("end", [[NIL], []])
def test_items_keep_their_order_and_may_repeat(end: list[Term]) -> None:
    cells = {"a": {"first": [text("x")], "rest": [B]}, "b": {"first": [text("x")], "rest": end}}
    assert items(cells) == ("x", "x")


def test_other_nodes_have_no_items() -> None:
    assert items({"a": {"type": [B]}}) == ()
    assert items({}, NIL) == ()
    assert items({"a": {"first": [B]}}, text("a")) == ()


def test_a_cyclic_list_ends() -> None:
    cells = {"a": {"first": [text("x")], "rest": [B]}, "b": {"first": [text("y")], "rest": [A]}}
    assert items(cells) == ("x", "y")


def test_a_list_ends_at_a_literal_or_a_node_without_item() -> None:
    assert items({"a": {"first": [text("x")], "rest": [text("b")]}, "b": {"first": [text("y")]}}) == ("x",)
    assert items({"a": {"first": [text("x")], "rest": [B]}, "b": {"rest": [A]}}) == ("x",)


def test_the_first_of_several_values_counts() -> None:
    cells = {"a": {"first": [text("x"), text("y")], "rest": [B, A]}, "b": {"first": [text("z")]}}
    assert items(cells) == ("x", "z")
