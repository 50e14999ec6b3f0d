"""Fetching facts: from a stand-in for Wikidata that misbehaves, nothing is lost and nothing half written."""

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from graph.build import pipeline
from graph.core.errors import BadInput, Forbidden, NotFound, TooLarge, UtsagaError
from graph.core.namespaces import ID, RDFS, WD, XSD
from graph.curation import wikidata_fetch
from graph.curation.polite_client import ReplyLimits
from graph.curation.retry import RetryPolicy
from graph.curation.sparql_client import SparqlClient
from graph.curation.wikidata_refresh import RefreshPlan
from graph.ingest import wikidata_file
from graph.ingest.wikidata_properties import (
    ATTRIBUTES,
    COAT_OF_ARMS,
    COORDINATES,
    COUNT,
    COUNTED_AT,
    HEAD_OFFICE,
    OFFICIAL_SITE,
    POPULATION,
)
from graph.ingest.wikidata_records import Record
from tests.endpoint import WIKIDATA_FACTS, Clock, Endpoint, serving

MALMO, GOTEBORG, UPPSALA = (f"{ID}organisation/{name}-kommun" for name in ("malmo", "goteborgs", "uppsala"))
TODAY = date(2026, 11, 24)
REQUESTS = 3  # for a batch with a head office: values, its name, population


@pytest.fixture
def wikidata() -> Iterator[Endpoint]:
    with serving(WIKIDATA_FACTS) as endpoint:
        yield endpoint


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of one, so that the three entities are three."""
    monkeypatch.setattr(wikidata_fetch, "BATCH", 1)


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    """A folder with the links of three municipalities and one link that is only close."""
    (tmp_path / "links").mkdir()
    lines = (pipeline.FACTS / "links" / "wikidata.sssom.tsv").read_text().splitlines(keepends=True)
    chosen = (MALMO, GOTEBORG, UPPSALA, ID + "product/microsoft-office")
    begins = ("#", "subject_id", *(f"id:{each.removeprefix(ID)}\t" for each in chosen))
    table = "".join(line for line in lines if line.startswith(begins))
    close = table.replace("Microsoft Office\towl:sameAs", "Microsoft Office\tskos:closeMatch")
    assert close != table
    (tmp_path / "links" / "wikidata.sssom.tsv").write_text(close)
    return tmp_path


def outside(endpoint: Endpoint, attempts: int = 1, trouble: str = "") -> SparqlClient:
    """The stand-in as it is asked here; only what is to be too late has little time."""
    clock = Clock()
    policy = RetryPolicy(attempts=attempts, clock=clock, sleep=clock.sleep)
    return SparqlClient(
        endpoint.url, policy, ReplyLimits(0.8 if trouble in {"slow", "drip"} else 20, size=1 << 20)
    )


def plan(facts: Path, *names: str, max_age: int = 30, today: date = TODAY) -> RefreshPlan:
    return RefreshPlan.of(facts, names, max_age, today)


def run(facts: Path, endpoint: Endpoint, *names: str, **when: int | date) -> dict[str, Record]:
    list(plan(facts, *names, **when).fetch(outside(endpoint)))  # type: ignore[arg-type]
    return wikidata_file.load(facts / wikidata_file.FILE)


def values(record: Record, property_: str) -> set[str]:
    return {value.value for _, each, value in record.facts if each == property_}


# ---- what is fetched


def test_each_linked_entity_has_a_record_of_the_day_and_the_item(facts: Path, wikidata: Endpoint) -> None:
    found = run(facts, wikidata)
    assert set(found) == {MALMO, GOTEBORG, UPPSALA}, "not what is only close"
    assert found[MALMO].item == WD + "Q503361"
    assert {record.on for record in found.values()} == {TODAY}
    assert {record.asked for record in found.values()} == {frozenset(ATTRIBUTES.values())}


def test_the_facts_are_those_of_the_best_statements(facts: Path, wikidata: Endpoint) -> None:
    malmo = run(facts, wikidata)[MALMO]
    assert values(malmo, POPULATION) == {"350001"}
    assert values(malmo, COUNT) == {WD + "statement/Q503361-new"}
    assert values(malmo, COUNTED_AT) == {"2024-12-31"}
    assert values(malmo, COORDINATES) == {"Point(13.02 55.58)"}
    assert values(malmo, OFFICIAL_SITE) == {"https://malmo.se/", "https://old.malmo.example/"}
    assert values(malmo, HEAD_OFFICE) == {WD + "Q2211"}
    assert values(malmo, RDFS + "label") == {"Malmö", "Malmo"}
    assert len(values(malmo, COAT_OF_ARMS)) == 1


def test_a_time_is_no_more_exact_than_wikidata_says(facts: Path, wikidata: Endpoint) -> None:
    times = [value for _, each, value in run(facts, wikidata)[GOTEBORG].facts if each == COUNTED_AT]
    assert [(time.value, time.datatype) for time in times] == [("2010", XSD + "gYear")]


def test_what_is_hostile_or_nonsense_is_left_out_and_told(facts: Path, wikidata: Endpoint) -> None:
    batches = list(plan(facts).fetch(outside(wikidata)))
    refused = {value.value for batch in batches for _, _, value in batch.refused}
    hostile = {"javascript:alert(1)", "javascript:alert(2)", "https://user:secret@uppsala.example/", "-1"}
    assert refused >= hostile
    uppsala = wikidata_file.load(facts / wikidata_file.FILE)[UPPSALA]
    assert uppsala.facts == frozenset()
    assert "javascript" not in (facts / wikidata_file.FILE).read_text()


def test_only_what_is_named_is_asked_for(facts: Path, wikidata: Endpoint) -> None:
    found = run(facts, wikidata, "official-site")
    assert values(found[MALMO], OFFICIAL_SITE)
    assert {each for record in found.values() for _, each, _ in record.facts} == {OFFICIAL_SITE}
    assert len(wikidata.queries) == len(found)


def test_what_was_named_before_is_kept_up_too(facts: Path, wikidata: Endpoint) -> None:
    run(facts, wikidata, "official-site")
    found = run(facts, wikidata, "population")
    assert values(found[MALMO], OFFICIAL_SITE)
    assert values(found[MALMO], POPULATION)


def test_persons_are_not_asked_about(facts: Path, wikidata: Endpoint) -> None:
    table = facts / "links" / "wikidata.sssom.tsv"
    table.write_text(table.read_text().replace("organisation/malmo-kommun", "person/malin-malmo"))
    assert set(run(facts, wikidata)) == {GOTEBORG, UPPSALA}


# ---- age, and no network


def test_what_is_fresh_is_not_asked_again(facts: Path, wikidata: Endpoint) -> None:
    run(facts, wikidata)
    before = len(wikidata.queries)
    run(facts, wikidata, today=TODAY + timedelta(days=29))
    assert len(wikidata.queries) == before


def test_what_is_old_is_fetched_again(facts: Path, wikidata: Endpoint) -> None:
    run(facts, wikidata)
    later = TODAY + timedelta(days=30)
    assert {record.on for record in run(facts, wikidata, today=later).values()} == {later}


def test_an_age_of_no_days_fetches_everything(facts: Path, wikidata: Endpoint) -> None:
    run(facts, wikidata)
    assert len(plan(facts, max_age=0).waiting) == 3


def test_a_plan_asks_nobody(facts: Path, wikidata: Endpoint) -> None:
    assert len(plan(facts).waiting) == 3
    assert wikidata.queries == []


def test_the_same_day_gives_the_same_file(facts: Path, wikidata: Endpoint) -> None:
    run(facts, wikidata)
    first = (facts / wikidata_file.FILE).read_bytes()
    run(facts, wikidata, max_age=0)
    assert (facts / wikidata_file.FILE).read_bytes() == first


def test_facts_of_another_item_go_when_the_link_does(facts: Path, wikidata: Endpoint) -> None:
    run(facts, wikidata)
    table = facts / "links" / "wikidata.sssom.tsv"
    without = [line for line in table.read_text().splitlines(keepends=True) if "malmo-kommun" not in line]
    table.write_text("".join(without).replace("wd:Q52502", "wd:Q503361"))
    found = run(facts, wikidata)
    assert set(found) == {GOTEBORG, UPPSALA}
    assert found[GOTEBORG].item == WD + "Q503361"
    assert values(found[GOTEBORG], POPULATION) == {"350001"}


# ---- trouble

TROUBLE = ["slow", "busy", "busy-long", "fails", "hidden", "wrong", "cut-off", "half", "page", "csv", "truth"]
TROUBLE += ["elsewhere", "drip", "endless"]


@pytest.mark.parametrize("trouble", TROUBLE)
def test_a_failure_at_first_writes_nothing(facts: Path, wikidata: Endpoint, trouble: str) -> None:
    before = sorted(facts.rglob("*"))
    wikidata.always = trouble
    with pytest.raises(UtsagaError):
        list(plan(facts).fetch(outside(wikidata, trouble=trouble)))
    assert sorted(facts.rglob("*")) == before


@pytest.mark.parametrize("trouble", TROUBLE)
@pytest.mark.parametrize("at", [0, 1, 2])
def test_after_a_failure_it_goes_on_where_it_was(
    facts: Path, wikidata: Endpoint, trouble: str, at: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    whole = shutil.copytree(facts, tmp_path_factory.mktemp("whole"), dirs_exist_ok=True)
    run(whole, wikidata)
    path = facts / wikidata_file.FILE
    wikidata.behave(
        "fine", "fine", *["fine"] * at, trouble
    )  # two requests for Göteborg, then those for Malmö
    with pytest.raises(UtsagaError):
        list(plan(facts).fetch(outside(wikidata, trouble=trouble)))
    assert set(wikidata_file.load(path)) == {GOTEBORG}, "the batch that failed is not there in part"
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    before = len(wikidata.queries)
    run(facts, wikidata)
    assert path.read_bytes() == (whole / wikidata_file.FILE).read_bytes()
    assert len(wikidata.queries) == before + REQUESTS + 2, "Göteborg is not asked about again"


@pytest.mark.parametrize("trouble", TROUBLE)
def test_a_failure_leaves_what_was_fetched_before(facts: Path, wikidata: Endpoint, trouble: str) -> None:
    run(facts, wikidata)
    first = (facts / wikidata_file.FILE).read_bytes()
    wikidata.always = trouble
    with pytest.raises(UtsagaError):
        list(plan(facts, max_age=0).fetch(outside(wikidata, trouble=trouble)))
    assert (facts / wikidata_file.FILE).read_bytes() == first


@pytest.mark.parametrize("trouble", ["busy", "fails", "cut-off", "half", "slow"])
def test_what_passes_is_asked_again(facts: Path, wikidata: Endpoint, trouble: str) -> None:
    wikidata.behave(trouble, "fine", trouble, trouble)
    list(plan(facts).fetch(outside(wikidata, attempts=3, trouble=trouble)))
    assert len(wikidata_file.load(facts / wikidata_file.FILE)) == 3


def test_an_endless_answer_is_too_large(facts: Path, wikidata: Endpoint) -> None:
    wikidata.always = "endless"
    with pytest.raises(TooLarge):
        list(plan(facts).fetch(outside(wikidata)))


def test_a_file_with_faults_is_told_and_kept(facts: Path, wikidata: Endpoint) -> None:
    run(facts, wikidata)
    path = facts / wikidata_file.FILE
    path.write_text(f"{path.read_text()}nonsense\n")
    before = path.read_bytes()
    with pytest.raises(BadInput, match="N-Triples"):
        plan(facts)
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_written_is_told_before_anybody_is_asked(
    facts: Path, wikidata: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(Forbidden, match="--facts"):
        list(plan(facts).fetch(outside(wikidata)))
    assert wikidata.queries == []


def test_a_folder_without_links_has_nothing_to_ask_about(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="links/"):
        plan(tmp_path)
