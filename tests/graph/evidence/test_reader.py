"""Envelopes are the same one by one and many at a time, and many take few queries."""

import pytest

from graph.core.namespaces import ID
from graph.core.terms import Term
from graph.evidence.reader import read_envelope, read_envelopes
from graph.query.store import ReleaseStore
from graph.read.entities import Entities
from graph.release.release import Release

MALMO = f"{ID}statement/ny-teknik-office-365-malmo-annan-syn"


class CountingStore:
    """A store that counts its queries."""

    def __init__(self, store: ReleaseStore) -> None:
        self._store = store
        self.union, self.index, self.graph_sizes = store.union, store.index, store.graph_sizes
        self.queries = 0

    def select(self, query: str, **bindings: Term) -> list[dict[str, Term]]:
        self.queries += 1
        return self._store.select(query, **bindings)


@pytest.fixture(scope="module")
def store(release: Release) -> ReleaseStore:
    return ReleaseStore.open(release.store)


@pytest.fixture
def counted(store: ReleaseStore) -> CountingStore:
    return CountingStore(store)


def test_an_envelope_has_the_words_the_speaker_and_the_passage(store: ReleaseStore) -> None:
    [found] = read_envelopes(Entities(store), [MALMO])
    assert found.statement == MALMO
    assert found.text["sv"].startswith("Frågan om uppgifter röjs i Office 365")
    assert found.speaker
    assert (found.speaker.name["sv"], found.speaker.role["en"]) == ("Patrik Kron", "head of IT")
    assert found.speakerKind == "person"
    assert [each.iri for each in found.onBehalfOf] == [f"{ID}organisation/malmo-kommun"]
    [passage] = found.passages
    assert (passage.start, passage.end, passage.paragraph) == (1256, 1325, 11)
    assert len(passage.digest) == 64
    assert found.read
    assert found.source
    assert found.source.url == "https://www.nyteknik.se/nyheter/kommunerna-som-valjer-office-365/1084292"
    assert (found.source.issued, found.source.issuedNotBefore) == ("2017", "2017-10")


def test_a_source_that_was_not_read_is_told_apart(store: ReleaseStore) -> None:
    entities = Entities(store)
    every = entities.index.of_kind("statement")
    found = read_envelopes(entities, every.page(0, len(every)))
    unread = [each for each in found if not each.read]
    assert unread
    assert len(unread) < len(found)
    assert all(each.source and each.source.reportedIn and not each.passages for each in unread)
    assert all(each.passages for each in found if each.read)
    assert {each.speakerKind for each in found} >= {"person", "group", "source"}
    assert all((each.speaker is None) == (each.speakerKind in ("source", "removed")) for each in found)


def test_many_at_a_time_are_the_same_by_fewer_queries(counted: CountingStore) -> None:
    names = counted.index.of_kind("statement").page(0, 100)
    singly = tuple(read_envelope(Entities(counted), name) for name in names)
    before = counted.queries
    entities = Entities(counted)
    together = read_envelopes(entities, names)
    assert together == singly
    batched = counted.queries - before
    assert batched < 12 < before / 10
    assert read_envelopes(entities, names) == together
    assert counted.queries - before == batched, "what is cached is not read again"


def test_the_order_is_that_of_the_names_and_one_may_be_asked_for_twice(store: ReleaseStore) -> None:
    other = f"{ID}statement/ny-teknik-office-365-malmo-annan-slutsats"
    found = read_envelopes(Entities(store), [other, MALMO, other])
    assert [each.statement for each in found] == [other, MALMO, other]
