"""What is known of queries from those that were like them."""

import time

import pytest

from graph.workers.query_fingerprints import Kind, Kinds

TEXT = 'SELECT ?s { ?s <urn:p1> "one" ; <urn:q> 15 } # page 2'


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        ('SELECT ?s { ?s <urn:p99> "two" ; <urn:r/s#t> 3 } # page 77', True),
        ('SELECT ?s { ?s <urn:p1> "" ; <> 0 } # page 1', True),
        ('SELECT ?o { ?s <urn:p1> "one" ; <urn:q> 15 } # page 2', False),
        ('SELECT ?s { ?s <urn:p1> "one" } # page 2', False),
    ],
)
def test_queries_are_of_one_kind_if_they_are_alike_but_for_iris_strings_and_numbers(
    other: str, alike: bool
) -> None:
    kinds = Kinds()
    assert (kinds.of(other) is kinds.of(TEXT)) is alike


def test_a_kind_is_quick_if_its_queries_have_been() -> None:
    kind = Kinds().of(TEXT)
    was_quick = [kind.is_quick]
    for seconds in (0.0002, 0.05):
        kind.note(seconds)
        was_quick.append(kind.is_quick)
    assert was_quick == [False, True, False]


def test_a_kind_that_has_been_slow_is_quick_when_many_have_been_quick() -> None:
    kind = Kind(0.05)
    for _ in range(20):
        kind.note(0.0002)
    assert not kind.is_quick
    for _ in range(200):
        kind.note(0.0002)
    assert kind.is_quick


def test_one_slow_query_among_many_quick_ones_does_not_count() -> None:
    kind = Kind(0.0001)
    for place in range(1000):
        kind.note(0.01 if place % 100 == 50 else 0.0001)
        assert kind.is_quick


def test_only_so_many_kinds_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.workers.query_fingerprints._MOST", 3)
    kinds = Kinds()
    first, *_, last = [kinds.of(f"ASK {{ ?{name} ?p ?o }}") for name in "abcd"]
    assert kinds.of("ASK { ?d ?p ?o }") is last
    assert kinds.of("ASK { ?a ?p ?o }") is not first


def test_nothing_is_remembered_of_a_long_query() -> None:
    kinds, text = Kinds(), f"{TEXT}{' ' * 5000}"
    kinds.of(text).note(0.0)
    assert not kinds.of(text).is_quick


@pytest.mark.parametrize("part", ["<", '"', "<a", "1<", '"<', "<<urn:a>"])
def test_no_text_takes_long_to_be_looked_at(part: str) -> None:
    kinds, text = Kinds(), (part * 4096)[:4096]
    began = time.process_time()
    kinds.of(text)
    assert time.process_time() - began < 0.05
