"""What is known of a query from those with the same fingerprint."""

import pytest

from graph.workers.query_fingerprints import Fingerprints, Timing

TEXT = 'SELECT ?s { ?s <urn:p1> "one" ; <urn:q> 15 } # page 2'


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        ('SELECT ?s { ?s <urn:p99> "two" ; <urn:r/s#t> 3 } # page 77', True),
        ('SELECT ?s { ?s <urn:p1> "" ; <> 0 } # page 1', True),
        ('SELECT ?o { ?s <urn:p1> "one" ; <urn:q> 15 } # page 2', False),
        ('SELECT ?s { ?s <urn:p1> "one" } # page 2', False),
    ],
)
def test_queries_that_differ_in_iris_strings_and_numbers_have_one_fingerprint(
    other: str, is_same: bool
) -> None:
    fingerprints = Fingerprints()
    assert (fingerprints.timing(other) is fingerprints.timing(TEXT)) is is_same


def test_a_timing_is_quick_only_after_a_quick_query() -> None:
    timing = Timing()
    was_quick = [timing.is_quick]
    for seconds in (0.0002, 0.05):
        timing.add(seconds)
        was_quick.append(timing.is_quick)
    assert was_quick == [False, True, False]


def test_a_timing_that_was_slow_is_quick_after_many_quick_queries() -> None:
    timing = Timing()
    timing.add(0.05)
    for _ in range(20):
        timing.add(0.0002)
    assert not timing.is_quick
    for _ in range(200):
        timing.add(0.0002)
    assert timing.is_quick


def test_one_slow_query_in_a_hundred_leaves_a_timing_quick() -> None:
    timing = Timing()
    for place in range(1000):
        timing.add(0.01 if place % 100 == 50 else 0.0001)
        assert timing.is_quick


def test_the_fingerprints_seen_last_are_remembered_and_no_others() -> None:
    fingerprints = Fingerprints()
    first, often = (fingerprints.timing(f"ASK {{ ?{name} ?p ?o }}") for name in ("first", "often"))
    for place in range(5000):
        fingerprints.timing(f"ASK {{ ?{'a' * place} ?p ?o }}")
        assert fingerprints.timing("ASK { ?often ?p ?o }") is often
    assert fingerprints.timing("ASK { ?first ?p ?o }") is not first


def test_a_long_query_has_a_timing_that_is_not_remembered() -> None:
    fingerprints, text = Fingerprints(), f"{TEXT}{' ' * 5000}"
    fingerprints.timing(text).add(0.0)
    assert not fingerprints.timing(text).is_quick


@pytest.mark.parametrize("part", ["<", '"', "<a", "1<", '"<', "<<urn:a>", '<"', "<1"])
def test_a_text_made_to_backtrack_has_a_fingerprint(part: str) -> None:
    """A pattern that backtracks from every character of it would never end."""
    fingerprints, text = Fingerprints(), (part * 4096)[:4096]
    assert fingerprints.timing(text) is fingerprints.timing(text)
