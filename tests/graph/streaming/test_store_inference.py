"""Inference goes on where it was interrupted, and adds all that it would have added."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from graph.core.namespaces import DCTERMS, ID, RDF, UTS
from graph.rdf.convert import make_triple
from graph.streaming import store_inference
from graph.streaming.store_inference import Infer


def ignore(done: int, count: int) -> None:
    """Report nothing."""


def claims(count: int) -> Store:
    """Return a store of dated statements."""
    store = Store()
    for number in range(count):
        name = f"{ID}statement/{number}"
        for triple in (
            make_triple(name, RDF + "type", NamedNode(UTS + "Statement")),
            make_triple(name, UTS + "saidIn", NamedNode(f"{ID}source/a")),
            make_triple(f"{ID}source/a", DCTERMS + "issued", Literal("2024-01-02")),
        ):
            store.add(Quad(triple.subject, triple.predicate, triple.object))
    return store


def test_periods_that_an_interrupted_stage_has_not_written_are_added(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_inference, "RUN_QUADS", 10)
    monkeypatch.setattr(store_inference, "_BATCH", 10)
    whole, interrupted = claims(20), claims(20)
    Infer(tmp_path / "whole")(whole, ignore)
    reports = 0

    def stop(done: int, count: int) -> None:
        nonlocal reports
        reports += 1
        if reports == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Infer(tmp_path / "interrupted")(interrupted, stop)
    Infer(tmp_path / "interrupted")(interrupted, ignore)
    assert {quad.triple for quad in interrupted} == {quad.triple for quad in whole}
    assert len(whole) > len(claims(20))
