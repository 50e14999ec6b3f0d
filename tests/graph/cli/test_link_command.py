"""Links that a person finds: proposed with evidence, recorded at once, and nothing lost by a failure."""

import datetime
import io
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from click.testing import CliRunner, Result
from pyoxigraph import NamedNode

from graph.build import pipeline
from graph.cli.link_review import ask
from graph.core.errors import BadInput, Forbidden, Unavailable
from graph.core.kind_table import SITE_TABLE
from graph.core.namespaces import ID, OWL, SKOS, UTS, WD
from graph.core.terms import text
from graph.curation.polite_client import ReplyLimits
from graph.curation.proposals import Evidence, ExternalItem, weigh
from graph.curation.retry import RetryPolicy
from graph.curation.review_session import Review, ReviewBounds
from graph.curation.review_state import Progress
from graph.curation.sparql_client import SparqlClient
from graph.curation.sssom_writer import EXACT, Judgement, MappingTable
from graph.curation.unlinked import UnlinkedEntity, default_kinds, linkable_kinds, unlinked_entities
from graph.curation.wikidata import Wikidata
from graph.ingest import sssom
from graph.query.store import ReleaseStore
from graph.read.entities import Entities
from graph.release.release import Release
from tests.endpoint import Clock, Endpoint, serving
from web import cli

TABLE = pipeline.FACTS / "links" / "wikidata.sssom.tsv"
SORMLAND = "organisation/region-sormland"
REGION, ALBUM, HOSTILE = "Q900000001", "Q900000002", "Q900000006"
MUNICIPALITY = UTS + "Municipality"
Row = tuple[str, str, str]


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with serving() as endpoint:
        yield endpoint


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    (tmp_path / "links").mkdir()
    shutil.copy(TABLE, tmp_path / "links")
    return tmp_path


@pytest.fixture(scope="module")
def everything(release: Release) -> tuple[UnlinkedEntity, ...]:
    entities = Entities(ReleaseStore.open(release.store))
    return tuple(unlinked_entities(entities, default_kinds(SITE_TABLE), WD))


@pytest.fixture(scope="module")
def some(everything: tuple[UnlinkedEntity, ...]) -> tuple[UnlinkedEntity, ...]:
    """Those with Ny Teknik in the first batch, whatever the facts have before it."""
    return tuple(each for each in everything if each.iri >= ID + "organisation/microsoft")


@pytest.fixture
def link(release: Release, endpoint: Endpoint, facts: Path) -> Callable[..., Result]:
    """What runs the command, given what is typed."""

    def run(*words: str, typed: str = "", service: tuple[str, str] = ("--endpoint", "")) -> Result:
        where = (service[0], service[1] or endpoint.url)
        options = ("--facts", str(facts), "--pause", "0", *where, *words)
        return CliRunner().invoke(
            cli.main, ["--releases", str(release.path.parent), "link", *options], input=typed
        )

    return run


def rows(facts: Path, table: str = "wikidata") -> set[Row]:
    """Return the links of a table as they are read for a release."""
    read = sssom.read(facts / "links" / f"{table}.sssom.tsv")
    triples = ((q.subject, q.predicate.value, q.object) for q in read.quads)
    return {
        (s.value.removeprefix(ID), p, o.value.rpartition("/")[2])
        for s, p, o in triples
        if isinstance(s, NamedNode) and isinstance(o, NamedNode) and p in sssom.PREDICATES
    }


def rejected(facts: Path) -> set[tuple[str, str]]:
    path = facts / "links" / "wikidata.sssom.tsv"
    pairs = sssom.parse(path.read_text(), path).rejected
    return {(subject.removeprefix(ID), item.rpartition("/")[2]) for subject, item in pairs}


def files(folder: Path) -> dict[str, bytes]:
    """Return the content of each file by name; lock files, which are empty and stay, are not counted."""
    return {p.name: p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.suffix != ".lock"}


def test_only_what_has_no_link_is_looked_for(everything: tuple[UnlinkedEntity, ...]) -> None:
    names = {each.iri.removeprefix(ID) for each in everything}
    assert {SORMLAND, "organisation/ny-teknik", "product/office-365", "law/osl"} <= names
    assert not names & {"organisation/goteborgs-kommun", "organisation/salems-kommun", "law/gdpr"}
    assert {each.kind for each in everything} <= {"organisation", "product", "law", "place"}
    assert linkable_kinds(SITE_TABLE) == ("organisation", "product", "law", "source", "place")


def test_the_list_shows_evidence_and_writes_nothing(link: Callable[..., Result], facts: Path) -> None:
    before = files(facts)
    result = link("--list")
    assert result.exit_code == 0
    assert f"{WD}{REGION}" in result.stdout
    assert "https://regionsormland.se/" in result.stdout
    assert "232100-0032" in result.stdout
    assert "[bold]" not in result.stdout.replace("[bold]Sörmland[/]", "")
    assert files(facts) == before


def test_every_judgement_is_a_row_that_the_build_reads(link: Callable[..., Result], facts: Path) -> None:
    before = rows(facts)
    result = link("organisation", "--by", "Anna\tProv", typed="c\nreject\nu\nr\nexact 0,7\n")
    assert result.exit_code == 0, result.output
    assert "5 judged" in result.stdout
    assert rows(facts) - before == {
        ("organisation/ny-teknik", SKOS + "closeMatch", "Q900000003"),
        ("organisation/region-vastmanland", EXACT, "Q900000004"),
    }
    assert rows(facts) > before
    assert rejected(facts) == {(SORMLAND, REGION), (SORMLAND, HOSTILE)}
    table = (facts / "links" / "wikidata.sssom.tsv").read_text()
    said = next(line for line in table.splitlines() if "Q900000004" in line).split("\t")
    today = datetime.date.today().isoformat()
    assert said[6:10] == ["semapv:ManualMappingCuration", "Anna Prov", today, "0.70"]
    assert [line for line in table.splitlines() if line.startswith("#")] == [
        line for line in TABLE.read_text().splitlines() if line.startswith("#")
    ]


def test_the_rows_stay_in_order(link: Callable[..., Result], facts: Path) -> None:
    link("organisation", "--by", "A", typed="c\nr\nq\n")
    lines = (facts / "links" / "wikidata.sssom.tsv").read_text().splitlines()
    subjects = [line.split("\t")[0] for line in lines if line.startswith("id:")]
    assert subjects == sorted(subjects)


@pytest.mark.parametrize("typed", ["c", "close", "a", "accept", "accept 0.9"])
def test_exact_is_never_written_unasked(link: Callable[..., Result], facts: Path, typed: str) -> None:
    before = rows(facts)
    link("law", "--by", "A", typed=f"\n \nz\n{typed}\n")
    assert rows(facts) - before == {("law/osl", SKOS + "closeMatch", "Q900000007")}


def test_what_was_rejected_is_never_proposed_again(link: Callable[..., Result], facts: Path) -> None:
    link("organisation", "--by", "A", typed="s\nr\nq\n")
    for state in facts.rglob("*.review.json"):
        state.unlink()
    result = link("--list")
    assert REGION not in result.stdout
    assert ALBUM in result.stdout
    assert (SORMLAND, REGION) in rejected(facts)


def test_what_was_left_open_is_shown_again_on_request(link: Callable[..., Result], facts: Path) -> None:
    link("law", "--by", "A", typed="unsure\n")
    assert "Q900000007" not in (facts / "links" / "wikidata.sssom.tsv").read_text()
    assert "Q900000007" not in link("law", "--list").stdout
    assert "Q900000007" in link("law", "--list", "--unsure").stdout
    link("law", "--unsure", "--by", "A", typed="r\n")
    assert rejected(facts) == {("law/osl", "Q900000007")}
    assert "Q900000007" not in link("law", "--list", "--unsure").stdout


def test_who_stops_goes_on_where_they_were(
    link: Callable[..., Result], facts: Path, endpoint: Endpoint
) -> None:
    stopped = link("organisation", "--by", "A", typed="c\nr\n")  # and the input ends
    assert stopped.exit_code == 1
    assert "2 judged" in stopped.stdout
    asked = len(endpoint.queries)
    result = link("organisation", "--by", "A", typed="q\n")
    assert f"{WD}{ALBUM}" in result.stdout
    assert REGION not in result.stdout
    assert "ny-teknik" not in result.stdout
    before, after = (names(queries) for queries in (endpoint.queries[:asked], endpoint.queries[asked:]))
    assert before
    assert not before & after, "only what had not been asked for"


def names(queries: list[str]) -> set[str]:
    """Return the Swedish names that the queries ask for."""
    return {name for query in queries for name in re.findall(r'"([^"]*)"@sv', query)}


def review(endpoint: Endpoint, facts: Path, clock: Clock) -> Review:
    """A review that waits long for the endpoint, unless it is to be too slow."""
    polite = RetryPolicy(attempts=3, clock=clock, sleep=clock.sleep)
    limits = ReplyLimits(seconds=0.8 if endpoint.always == "slow" else 20)
    finder = Wikidata(SparqlClient(endpoint.url, polite, limits))
    path = facts / "links" / "wikidata.sssom.tsv"
    return Review(finder, MappingTable(path, WD), Progress(facts / "state.json", "double"), ReviewBounds())


BEHAVIOURS = ("slow", "busy", "busy-long", "busy-until", "fails", "hidden", "cut-off", "half", "page", "csv")


@pytest.mark.slow
@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_after_a_failure_nothing_is_lost_and_nothing_asked_twice(
    behaviour: str,
    endpoint: Endpoint,
    facts: Path,
    some: tuple[UnlinkedEntity, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock, before = Clock(), rows(facts)
    whole = {ours.iri: found for ours, found in review(endpoint, facts, clock).proposed(some, keep=False)}
    endpoint.behave(*["fine"] * 4)
    endpoint.always = behaviour
    monkeypatch.setattr("sys.stdin", io.StringIO("c\n" + "r\n" * 20))
    with pytest.raises(Unavailable):
        review(endpoint, facts, clock).judge(some, "A", ask)
    judged = files(facts)
    assert len(rows(facts) - before) == 1
    assert not [name for name in judged if "part" in name]

    with pytest.raises(Unavailable):
        review(endpoint, facts, clock).judge(some, "A", ask)
    assert files(facts) == judged, "a failure writes nothing"

    endpoint.always = "fine"
    done = len(endpoint.queries)
    again = {ours.iri: found for ours, found in review(endpoint, facts, clock).proposed(some, keep=True)}
    settled = {ID + "organisation/ny-teknik"} | {ID + subject for subject, _ in rejected(facts)}
    assert again == {name: found for name, found in whole.items() if name not in settled}
    assert again
    assert not any("Ny Teknik" in query for query in endpoint.queries[done:])


@pytest.mark.parametrize("fine", [0, 1, 2, 3])
def test_a_batch_that_is_not_answered_in_full_writes_nothing(
    fine: int, endpoint: Endpoint, facts: Path, some: tuple[UnlinkedEntity, ...]
) -> None:
    before = files(facts)
    endpoint.behave(*["fine"] * fine)
    endpoint.always = "half"
    with pytest.raises(Unavailable):
        review(endpoint, facts, Clock()).judge(some, "A", ask)
    assert len(endpoint.queries) == fine + 3
    assert files(facts) == before


def test_a_table_that_cannot_be_written_stays_as_it_is(facts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> NoReturn:
        raise OSError(28, "No space left on device")

    before = files(facts)
    table = MappingTable(facts / "links" / "wikidata.sssom.tsv", WD)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Forbidden, match=r"there is no room left"):
        table.record(Judgement(ID + SORMLAND, "Region Sörmland", WD + REGION, "Region", "A"))
    assert files(facts) == before


def test_a_row_that_the_build_would_refuse_is_not_written(facts: Path) -> None:
    before = files(facts)
    table = MappingTable(facts / "links" / "wikidata.sssom.tsv", WD)
    for wrong in (
        Judgement(ID + SORMLAND, "", "https://elsewhere.example/Q1", "", "A"),
        Judgement(ID + SORMLAND, "", WD + "Q 1", "", "A"),
        Judgement(ID + SORMLAND, "", WD + "Q1", "", "A", predicate=OWL + "differentFrom"),
        Judgement(ID + "organisation/ale-kommun", "", WD + "Q498470", "", "A", rejected=True),
    ):
        with pytest.raises(BadInput):
            table.record(wrong)
    assert files(facts) == before


def test_two_people_may_judge_at_once(facts: Path) -> None:
    path = facts / "links" / "wikidata.sssom.tsv"
    one, other = MappingTable(path, WD), MappingTable(path, WD)
    one.record(Judgement(ID + SORMLAND, "", WD + ALBUM, "", "A", rejected=True))
    other.record(Judgement(ID + SORMLAND, "", WD + REGION, "", "B"))
    assert rejected(facts) == {(SORMLAND, ALBUM)}
    assert (SORMLAND, SKOS + "closeMatch", REGION) in rows(facts)


def test_a_service_can_be_asked_and_its_table_begun(
    link: Callable[..., Result], facts: Path, endpoint: Endpoint
) -> None:
    service = ("--reconcile", endpoint.reconciles)
    result = link("product", "--table", "double", "--by", "A", typed="e\n", service=service)
    assert result.exit_code == 0, result.output
    assert rows(facts, "double") == {("product/microsoft-365", EXACT, "Q900000005")}
    assert any('"query": "Microsoft 365"' in query for query in endpoint.queries)
    shown = link("product", "--list", "--table", "double", service=service)
    assert "product/microsoft-365" not in shown.stdout


@pytest.mark.parametrize("behaviour", ["page", "truth", "hidden"])
def test_a_service_that_is_none_is_told(
    link: Callable[..., Result], endpoint: Endpoint, behaviour: str
) -> None:
    endpoint.always = behaviour
    result = link("--list", service=("--reconcile", endpoint.reconciles))
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert "outside service" in result.stderr


def test_an_item_that_another_entity_has_is_told(link: Callable[..., Result]) -> None:
    link("product", "--by", "A", typed="c\nq\n")
    assert "linked already" in link("product", "--list").stdout


def test_what_is_said_outside_steers_no_terminal() -> None:
    ours = UnlinkedEntity(
        ID + SORMLAND, "organisation", frozenset(), (text("X", "sv"),), frozenset(), {}, (), ()
    )
    item = ExternalItem(WD + "Q1", [text("a\x1b[31m\nb\u202ec\tX", "sv")], description="d\x07e")
    proposal = weigh(ours, item)
    assert proposal.label == "a [31m b c X"
    assert all(each.there.isprintable() for each in proposal.evidence)


@pytest.mark.parametrize(
    ("item", "score"),
    [
        (ExternalItem("i", [text("Salems kommun", "sv")]), 80),
        (ExternalItem("i", [text("Salems kommun", "sv")], codes={"organisationNumber": ["2120002874"]}), 98),
        (ExternalItem("i", [text("Salems kommun", "sv")], codes={"organisationNumber": ["212000-0001"]}), 40),
        (ExternalItem("i", [text("Salems kommun", "sv")], sites=["http://www.salem.se/"]), 90),
        (ExternalItem("i", [text("Salems kommun", "sv")], sites=["javascript:alert(1)"]), 70),
        (
            ExternalItem(
                "i", [text("Salems kommun", "sv")], classes={"c": "x"}, expected={MUNICIPALITY: "c"}
            ),
            90,
        ),
        (
            ExternalItem(
                "i", [text("Salems kommun", "sv")], classes={"d": "x"}, expected={MUNICIPALITY: "c"}
            ),
            60,
        ),
        (ExternalItem("i", []), 0),
    ],
)
def test_a_score_says_how_much_speaks_for_it(item: ExternalItem, score: float) -> None:
    ours = UnlinkedEntity(
        ID + "organisation/salems-kommun",
        "organisation",
        frozenset({MUNICIPALITY}),
        (text("Salems kommun", "sv"),),
        frozenset({"municipality"}),
        {"organisationNumber": ("212000-2874",)},
        ("salem.se",),
        (),
    )
    proposal = weigh(ours, item)
    assert proposal.score == score
    assert isinstance(proposal.evidence[0], Evidence)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--table", "../x"), "cannot be the name of a table"),
        (("--endpoint", "ftp://x/"), "not the URL of a service"),
        (("--reconcile", "http://a:b@x/"), "not the URL of a service"),
    ],
)
def test_what_cannot_be_meant_is_told(link: Callable[..., Result], words: tuple[str, ...], said: str) -> None:
    result = link("--list", *words)
    assert result.exit_code == 1
    assert said in result.stderr
    assert "→" in result.stderr


@pytest.mark.parametrize(
    "state", ["", "[]", '{"unsure": [], "answers": {"double": {"x": {"asked": 1}}}}', "é"]
)
def test_a_broken_state_is_told_and_kept(facts: Path, state: str) -> None:
    path = facts / "state.json"
    path.write_text(state, encoding="latin-1")
    with pytest.raises(BadInput):
        Progress(path, "double")
    assert path.read_text(encoding="latin-1") == state


def test_a_person_is_not_looked_for(link: Callable[..., Result]) -> None:
    refused = link("person", "--list")
    assert refused.exit_code == 1
    assert "use one of organisation, product, law, source, place" in " ".join(refused.output.split())
