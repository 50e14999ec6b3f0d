"""Tables say what the triples say, in the same order as everything read and sorted would be."""

import random
import sqlite3
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyoxigraph as ox
import pytest

from bench.generate import quads
from graph import index as tables
from graph.backends.in_process import InProcess
from graph.core.entity_types import ENTITY_KINDS, OLDEST_FIRST
from graph.core.iris import KIND_NAMES as NAMES
from graph.core.namespaces import CODE, ID, TYPE, UTS
from graph.core.partial_dates import PartialDate
from graph.core.terms import iri
from graph.index.protocol import EntitySet
from graph.read.as_of import AsOfIndex
from graph.read.computed_index import ComputedIndex
from graph.read.entities import Entities
from graph.read.statements import read_statement, sort_newest_first

SAMPLE = Path(__file__).parents[2] / "web" / "sample.ttl"
HUB_PROPERTIES = (UTS + "about", UTS + "keptOutOf")


def everything(members: EntitySet, sort: str = "") -> tuple[str, ...]:
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
def many() -> Entities:
    """A generated graph with a hub."""
    found = ox.parse("".join(quads(20_000, 1)).encode(), format=ox.RdfFormat.N_QUADS)
    return Entities(InProcess.of(found, union=True))


@pytest.fixture(scope="module")
def hub(many: Entities) -> str:
    tally = many.value_counts(UTS + "about")
    return max(tally, key=lambda name: tally[name])


@pytest.mark.parametrize("kind", NAMES)
def test_kinds_and_orders_as_without_tables(entities: Entities, unindexed: ComputedIndex, kind: str) -> None:
    mine, theirs = entities.index.of_kind(kind), unindexed.of_kind(kind)
    assert everything(mine) == theirs.names
    assert theirs.names
    for sort in ENTITY_KINDS[kind].sort_orders:
        for direction in ("", "-"):
            assert everything(mine, direction + sort) == everything(theirs, direction + sort), sort
    assert everything(mine, OLDEST_FIRST) == everything(mine)[::-1]


@pytest.mark.parametrize("kind", NAMES)
def test_choices_as_without_tables(entities: Entities, unindexed: ComputedIndex, kind: str) -> None:
    facets, index = ENTITY_KINDS[kind].facets, entities.index
    mine = index.facet_counts(kind, facets, index.of_kind(kind))
    assert mine == unindexed.facet_counts(kind, facets, unindexed.of_kind(kind))
    first = {facet: counts[:1] for facet, counts in mine.items()}
    assert first == index.facet_counts(kind, facets, index.of_kind(kind), 1)
    assert first == unindexed.facet_counts(kind, facets, unindexed.of_kind(kind), 1)
    assert index.language_columns(kind) == unindexed.language_columns(kind)
    for facet in facets:
        for choice in mine[facet]:
            chosen = index.with_value(kind, facet, choice.key)
            assert len(chosen) == choice.count
            assert everything(chosen) == unindexed.with_value(kind, facet, choice.key).names
        assert index.count_values(kind, facet, index.of_kind(kind)) == len(mine[facet])


def test_links_as_without_tables(entities: Entities, unindexed: ComputedIndex) -> None:
    linked = 0
    for kind in NAMES:
        for name in everything(entities.index.of_kind(kind)):
            assert entities.index.link_counts(name) == unindexed.link_counts(name)
            for property_, count in unindexed.link_counts(name).items():
                mine = entities.index.linking_to(name, property_)
                assert everything(mine) == unindexed.linking_to(name, property_).names
                assert len(mine) == count
                linked += count
    assert linked > 40


def test_stances_as_without_tables(entities: Entities, unindexed: ComputedIndex) -> None:
    product, kind = f"{ID}product/molnet", UTS + "Municipality"
    assert entities.index.status_counts(product, kind) == unindexed.status_counts(product, kind)
    assert entities.index.status_counts(product, kind) == {f"{CODE}adoption-status/halted": 1, "": 1}


@pytest.mark.parametrize(
    "text", ["1999", "2009-06-29", "2017", "2017-10", "2017-11", "2019-02-22", "2026-04"]
)
def test_what_held_at_a_time_as_without_tables(
    entities: Entities, unindexed: ComputedIndex, text: str
) -> None:
    when = PartialDate(text)
    for kind in (name for name in NAMES if ENTITY_KINDS[name].validity):
        assert everything(entities.index.valid_at(kind, when)) == unindexed.valid_at(kind, when).names
    mine, theirs = AsOfIndex(entities.index, when), AsOfIndex(unindexed, when)
    for product in ("", f"{ID}product/molnet"):
        found = {
            status: everything(members) for status, members in mine.organisations_by_status(product).items()
        }
        assert found == {
            status: everything(members) for status, members in theirs.organisations_by_status(product).items()
        }
    for class_ in ("Municipality", "Company"):
        product = f"{ID}product/molnet"
        assert mine.status_counts(product, UTS + class_) == theirs.status_counts(product, UTS + class_)


def test_an_adoption_held_for_the_time_its_source_gives(entities: Entities) -> None:
    held = {
        text: everything(entities.index.valid_at("adoption", PartialDate(text)))
        for text in ("2016", "2017-03", "2018")
    }
    assert held == {"2016": (), "2017-03": (f"{ID}adoption/aby-kommun-molnet-2017",), "2018": ()}
    product, kind = f"{ID}product/molnet", UTS + "Municipality"
    assert AsOfIndex(entities.index, PartialDate("2017-10")).status_counts(product, kind) == {
        f"{CODE}adoption-status/halted": 1,
        "": 1,
    }
    assert AsOfIndex(entities.index, PartialDate("2017-03")).status_counts(product, kind) == {
        f"{CODE}adoption-status/halted": 1
    }
    assert AsOfIndex(entities.index, PartialDate("2018")).status_counts(product, kind) == {"": 2}


def test_times_of_a_generated_graph_as_without_tables(many: Entities) -> None:
    unindexed = ComputedIndex(many)
    assert everything(many.index.valid_at("adoption", PartialDate("2019")))
    for kind in ("adoption", "assessment", "statement"):
        for text in ("2016", "2018-03", "2019", "2021-06-15"):
            mine, theirs = (
                many.index.valid_at(kind, PartialDate(text)),
                unindexed.valid_at(kind, PartialDate(text)),
            )
            assert set(everything(mine)) == set(theirs.names), (kind, text)


def test_a_hub_comes_newest_first_page_by_page(many: Entities, hub: str) -> None:
    found = many.index.linking_to(hub, *HUB_PROPERTIES, kind="statement")
    names = everything(found)
    assert len(names) > 200
    assert names == tuple(
        each.iri for each in sort_newest_first(read_statement(many, name) for name in set(names))
    )
    assert tuple(name for first in range(0, len(names), 30) for name in found.page(first, 30)) == names
    assert found.page(len(names), 30) == ()
    backwards = (name for first in range(0, len(names), 30) for name in found.page(first, 30, OLDEST_FIRST))
    assert tuple(backwards) == names[::-1]


def test_choices_of_a_hub_are_counted_right_whatever_else_is_chosen(many: Entities, hub: str) -> None:
    index = many.index
    found = index.linking_to(hub, *HUB_PROPERTIES, kind="statement")
    for members in (found, found & index.with_value("statement", "kind", "safeguard")):
        said = [many.node(iri(name)) for name in everything(members)]
        kinds = Counter(node.iri(UTS + "kind") for node in said)
        spoken_for = Counter(node.iri(UTS + "onBehalfOf") for node in said)
        counted = index.facet_counts("statement", ("kind", "organisation", "year"), members)
        assert {each.value.value: each.count for each in counted["kind"]} == kinds
        assert {each.value.value: each.count for each in counted["organisation"]} == spoken_for
        assert sum(each.count for each in counted["year"]) == len(said)
        assert index.count_values("statement", "organisation", members) == len(spoken_for)
        assert [each.count for each in counted["kind"]] == sorted(kinds.values(), reverse=True)
        for facet, counts in counted.items():
            assert index.facet_counts("statement", (facet,), members, 5)[facet] == counts[:5]


def test_sets_meet(many: Entities, hub: str) -> None:
    index = many.index
    about, kept = (index.linking_to(hub, each, kind="statement") for each in HUB_PROPERTIES)
    assert set(everything(about & kept)) == set(everything(about)) & set(everything(kept))
    assert set(everything(about | kept)) == set(everything(about)) | set(everything(kept))
    assert set(everything(about - kept)) == set(everything(about)) - set(everything(kept))


def test_the_same_triples_give_the_same_file(triples: list[ox.Triple], tmp_path: Path) -> None:
    files = []
    for number in range(2):
        store = ox.Store()
        shuffled = random.Random(number).sample(triples, len(triples))  # noqa: S311
        store.extend(ox.Quad(*triple) for triple in shuffled)
        files.append(tmp_path / f"{number}.sqlite")
        tables.write_index(files[-1], store)
    assert files[0].read_bytes() == files[1].read_bytes()
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["0.sqlite", "1.sqlite"]


def test_a_file_is_read_by_many_threads_and_written_by_none(entities: Entities, tmp_path: Path) -> None:
    store = ox.Store()
    store.bulk_load(path=SAMPLE, format=ox.RdfFormat.TURTLE)
    tables.write_index(tmp_path / "t.sqlite", store)
    opened = tables.SqliteIndex.open(tmp_path / "t.sqlite")
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda kind: everything(opened.of_kind(kind)), NAMES * 20))
    assert found == [everything(entities.index.of_kind(kind)) for kind in NAMES] * 20
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        opened._rows("DELETE FROM node")
    opened.close()


def test_nothing_at_all() -> None:
    empty = tables.build_in_memory(ox.Store())
    assert everything(empty.of_kind("statement")) == ()
    assert empty.link_counts("x") == {}
    assert everything(empty.linking_to("x", "y", kind="person")) == ()
    assert empty.facet_counts("person", ("organisation",), empty.of_kind("person")) == {"organisation": []}


@pytest.mark.parametrize(
    "name", ["not an iri", "", "x'; DROP TABLE node; --", "\N{ZERO WIDTH SPACE}", "å" * 9999]
)
def test_names_from_strangers(entities: Entities, name: str) -> None:
    assert entities.index.link_counts(name) == {}
    assert everything(entities.index.linking_to(name, name)) == ()
    assert everything(entities.index.with_value("statement", name, name)) == ()


def test_hostile_values(tmp_path: Path) -> None:
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
    index = tables.build_in_memory(store)
    assert everything(index.of_kind("organisation")) == (thing.value,)
    assert [
        each.value.value
        for each in index.facet_counts("organisation", ("county",), index.of_kind("organisation"))["county"]
    ] == ["javascript:alert('1')"]
