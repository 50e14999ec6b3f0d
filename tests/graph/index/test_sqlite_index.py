"""The SQLite index returns the same entities, orders and counts as an index that reads every triple."""

import random
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyoxigraph as ox
import pytest

from bench.generate import quads
from graph.backends.in_process import InProcess
from graph.claims.statements import read_statement, sort_newest_first
from graph.core.entity_types import OLDEST_FIRST
from graph.core.iris import KIND_NAMES
from graph.core.kind_table import SITE_TABLE as ENTITY_KINDS
from graph.core.namespaces import CODE, ID, TYPE, UTS
from graph.core.partial_dates import PartialDate
from graph.core.terms import iri
from graph.index import SqliteIndex, build_in_memory, write_index
from graph.index.protocol import EntitySet
from graph.read.as_of import AsOfIndex
from graph.read.computed_index import ComputedIndex
from graph.read.entities import Entities

SAMPLE = Path(__file__).parents[2] / "web" / "sample.ttl"
HUB_PROPERTIES = (UTS + "about", UTS + "keptOutOf")


def iris(members: EntitySet, sort: str = "") -> tuple[str, ...]:
    """Return the IRIs of all members in order."""
    return members.page(0, len(members), sort)


@pytest.fixture(scope="module")
def triples() -> list[ox.Triple]:
    return [q.triple for q in ox.parse(path=SAMPLE, format=ox.RdfFormat.TURTLE)]


@pytest.fixture(scope="module")
def entities(triples: list[ox.Triple]) -> Entities:
    return Entities(InProcess.of(ox.Quad(*triple) for triple in triples))


@pytest.fixture(scope="module")
def unindexed(entities: Entities) -> ComputedIndex:
    return ComputedIndex(entities)


@pytest.fixture(scope="module")
def generated() -> Entities:
    """A generated graph with a hub."""
    found = ox.parse("".join(quads(20_000, 1)).encode(), format=ox.RdfFormat.N_QUADS)
    return Entities(InProcess.of(found, union=True))


@pytest.fixture(scope="module")
def hub(generated: Entities) -> str:
    counts = generated.value_counts(UTS + "about")
    return max(counts, key=lambda name: counts[name])


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_entities_and_orders_equal_those_without_index(
    entities: Entities, unindexed: ComputedIndex, kind: str
) -> None:
    actual, expected = entities.index.of_kind(kind), unindexed.of_kind(kind)
    assert iris(actual) == expected.names
    assert expected.names
    for sort in ENTITY_KINDS[kind].sort_orders:
        for direction in ("", "-"):
            assert iris(actual, direction + sort) == iris(expected, direction + sort), sort
    assert iris(actual, OLDEST_FIRST) == iris(actual)[::-1]


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_facet_counts_equal_those_without_index(
    entities: Entities, unindexed: ComputedIndex, kind: str
) -> None:
    facets, index = ENTITY_KINDS[kind].facets, entities.index
    actual = index.facet_counts(kind, facets, index.of_kind(kind))
    assert actual == unindexed.facet_counts(kind, facets, unindexed.of_kind(kind))
    first = {facet: counts[:1] for facet, counts in actual.items()}
    assert first == index.facet_counts(kind, facets, index.of_kind(kind), 1)
    assert first == unindexed.facet_counts(kind, facets, unindexed.of_kind(kind), 1)
    for facet in facets:
        for choice in actual[facet]:
            members = index.with_value(kind, facet, choice.key)
            assert len(members) == choice.count
            assert iris(members) == unindexed.with_value(kind, facet, choice.key).names
        assert index.count_values(kind, facet, index.of_kind(kind)) == len(actual[facet])


def test_links_equal_those_without_index(entities: Entities, unindexed: ComputedIndex) -> None:
    linked = 0
    for kind in KIND_NAMES:
        for name in iris(entities.index.of_kind(kind)):
            assert entities.index.link_counts(name) == unindexed.link_counts(name)
            for property_, count in unindexed.link_counts(name).items():
                actual = entities.index.linking_to(name, property_)
                assert iris(actual) == unindexed.linking_to(name, property_).names
                assert len(actual) == count
                linked += count
    assert linked > 40


def test_status_counts_equal_those_without_index(entities: Entities, unindexed: ComputedIndex) -> None:
    product, kind = f"{ID}product/molnet", UTS + "Municipality"
    assert entities.index.status_counts(product, kind) == unindexed.status_counts(product, kind)
    assert entities.index.status_counts(product, kind) == {f"{CODE}adoption-status/halted": 1, "": 1}


@pytest.mark.parametrize(
    "text", ["1999", "2009-06-29", "2017", "2017-10", "2017-11", "2019-02-22", "2026-04"]
)
def test_valid_entities_equal_those_without_index(
    entities: Entities, unindexed: ComputedIndex, text: str
) -> None:
    when = PartialDate(text)
    for kind in (name for name in KIND_NAMES if ENTITY_KINDS[name].validity):
        assert iris(entities.index.valid_at(kind, when)) == unindexed.valid_at(kind, when).names
    actual, expected = AsOfIndex(entities.index, when), AsOfIndex(unindexed, when)
    for product in ("", f"{ID}product/molnet"):
        found = {status: iris(members) for status, members in actual.organisations_by_status(product).items()}
        assert found == {
            status: iris(members) for status, members in expected.organisations_by_status(product).items()
        }
    for class_ in ("Municipality", "Company"):
        product = f"{ID}product/molnet"
        assert actual.status_counts(product, UTS + class_) == expected.status_counts(product, UTS + class_)


def test_an_adoption_is_valid_for_the_period_of_its_source(entities: Entities) -> None:
    valid = {
        text: iris(entities.index.valid_at("adoption", PartialDate(text)))
        for text in ("2016", "2017-03", "2018")
    }
    assert valid == {"2016": (), "2017-03": (f"{ID}adoption/aby-kommun-molnet-2017",), "2018": ()}
    product, kind = f"{ID}product/molnet", UTS + "Municipality"
    assert AsOfIndex(entities.index, PartialDate("2017-10")).status_counts(product, kind) == {
        f"{CODE}adoption-status/halted": 1,
        "": 1,
    }
    assert AsOfIndex(entities.index, PartialDate("2017-03")).status_counts(product, kind) == {
        f"{CODE}adoption-status/halted": 1
    }
    assert AsOfIndex(entities.index, PartialDate("2018")).status_counts(product, kind) == {"": 2}


def test_valid_entities_of_a_generated_graph_equal_those_without_index(generated: Entities) -> None:
    unindexed = ComputedIndex(generated)
    assert iris(generated.index.valid_at("adoption", PartialDate("2019")))
    for kind in ("adoption", "assessment", "statement"):
        for text in ("2016", "2018-03", "2019", "2021-06-15"):
            actual, expected = (
                generated.index.valid_at(kind, PartialDate(text)),
                unindexed.valid_at(kind, PartialDate(text)),
            )
            assert set(iris(actual)) == set(expected.names), (kind, text)


def test_the_links_of_a_hub_are_paged_newest_first(generated: Entities, hub: str) -> None:
    found = generated.index.linking_to(hub, *HUB_PROPERTIES, kind="statement")
    names = iris(found)
    assert len(names) > 200
    assert names == tuple(
        each.iri for each in sort_newest_first(read_statement(generated, name) for name in set(names))
    )
    assert tuple(name for first in range(0, len(names), 30) for name in found.page(first, 30)) == names
    assert found.page(len(names), 30) == ()
    reverse = (name for first in range(0, len(names), 30) for name in found.page(first, 30, OLDEST_FIRST))
    assert tuple(reverse) == names[::-1]


def test_facets_of_a_hub_are_counted_exactly_in_any_subset(generated: Entities, hub: str) -> None:
    index = generated.index
    found = index.linking_to(hub, *HUB_PROPERTIES, kind="statement")
    for members in (found, found & index.with_value("statement", "kind", "safeguard")):
        statements = [generated.node(iri(name)) for name in iris(members)]
        kinds = Counter(node.iri(UTS + "kind") for node in statements)
        organisations = Counter(node.iri(UTS + "onBehalfOf") for node in statements)
        counted = index.facet_counts("statement", ("kind", "organisation", "year"), members)
        assert {each.value.value: each.count for each in counted["kind"]} == kinds
        assert {each.value.value: each.count for each in counted["organisation"]} == organisations
        assert sum(each.count for each in counted["year"]) == len(statements)
        assert index.count_values("statement", "organisation", members) == len(organisations)
        assert [each.count for each in counted["kind"]] == sorted(kinds.values(), reverse=True)
        for facet, counts in counted.items():
            assert index.facet_counts("statement", (facet,), members, 5)[facet] == counts[:5]


def test_set_operations(generated: Entities, hub: str) -> None:
    index = generated.index
    about, kept = (index.linking_to(hub, each, kind="statement") for each in HUB_PROPERTIES)
    assert set(iris(about & kept)) == set(iris(about)) & set(iris(kept))
    assert set(iris(about | kept)) == set(iris(about)) | set(iris(kept))
    assert set(iris(about - kept)) == set(iris(about)) - set(iris(kept))


def test_the_same_triples_give_the_same_file(triples: list[ox.Triple], tmp_path: Path) -> None:
    files = []
    for number in range(2):
        store = ox.Store()
        shuffled = random.Random(number).sample(triples, len(triples))  # noqa: S311
        store.extend(ox.Quad(*triple) for triple in shuffled)
        files.append(tmp_path / f"{number}.sqlite")
        write_index(files[-1], store)
    assert files[0].read_bytes() == files[1].read_bytes()
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["0.sqlite", "1.sqlite"]


def test_many_threads_read_an_index_file_without_changing_it(entities: Entities, tmp_path: Path) -> None:
    store = ox.Store()
    store.bulk_load(path=SAMPLE, format=ox.RdfFormat.TURTLE)
    path = tmp_path / "index.sqlite"
    write_index(path, store)
    content = path.read_bytes()
    opened = SqliteIndex.open(path)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda kind: iris(opened.of_kind(kind)), KIND_NAMES * 20))
    assert found == [iris(entities.index.of_kind(kind)) for kind in KIND_NAMES] * 20
    opened.close()
    assert path.read_bytes() == content


def test_threads_read_an_index_in_memory_together(triples: list[ox.Triple]) -> None:
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in triples)
    index = build_in_memory(store)
    person = iris(index.of_kind("person"))[0]

    def read(_: int) -> list[tuple[Mapping[str, int], str]]:
        return [(index.link_counts(person), index.kind_of(person)) for _ in range(500)]

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(read, range(8)))
    assert found == [[(index.link_counts(person), "person")] * 500] * 8


def test_an_index_of_no_triples_is_empty() -> None:
    empty = build_in_memory(ox.Store())
    assert iris(empty.of_kind("statement")) == ()
    assert empty.link_counts("x") == {}
    assert iris(empty.linking_to("x", "y", kind="person")) == ()
    assert empty.facet_counts("person", ("organisation",), empty.of_kind("person")) == {"organisation": []}


@pytest.mark.parametrize(
    "name", ["not an iri", "", "x'; DROP TABLE node; --", "\N{ZERO WIDTH SPACE}", "å" * 9999]
)
def test_untrusted_names_find_nothing(entities: Entities, name: str) -> None:
    assert entities.index.link_counts(name) == {}
    assert iris(entities.index.linking_to(name, name)) == ()
    assert iris(entities.index.with_value("statement", name, name)) == ()


def test_hostile_values_are_indexed(tmp_path: Path) -> None:
    store = ox.Store()
    thing = ox.NamedNode(f"{ID}organisation/a")
    blank = ox.BlankNode()
    values: dict[str, ox.Literal | ox.NamedNode | ox.BlankNode] = {
        "municipalityCode": ox.Literal("x" * 1_000_000),
        "inCounty": ox.NamedNode("javascript:alert('1')"),
        "mailProvider": ox.Literal("\u202e<script>"),
        "loop": blank,
    }
    store.add(ox.Quad(thing, ox.NamedNode(TYPE), ox.NamedNode(UTS + "Company")))
    for name, value in values.items():
        store.add(ox.Quad(thing, ox.NamedNode(UTS + name), value))
    store.add(ox.Quad(blank, ox.NamedNode(UTS + "loop"), blank))
    index = build_in_memory(store)
    assert iris(index.of_kind("organisation")) == (thing.value,)
    assert [
        each.value.value
        for each in index.facet_counts("organisation", ("county",), index.of_kind("organisation"))["county"]
    ] == ["javascript:alert('1')"]
