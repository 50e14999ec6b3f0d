"""The client against a real server of the built release."""

from collections.abc import Iterator

import pandas as pd
import pytest

from graph.client import Entity, RefusedError, UnansweredError, Utsaga
from graph.core.namespaces import ID

GOTEBORG = f"{ID}organisation/goteborgs-kommun"


@pytest.fixture(scope="module")
def utsaga(server: str) -> Iterator[Utsaga]:
    with Utsaga(server) as client:
        yield client


def test_a_search_finds_entities_and_statements_with_evidence(utsaga: Utsaga) -> None:
    found = utsaga.search("Göteborg")
    assert found.hits[0].iri == GOTEBORG
    assert found.total > len(found.hits)
    statements = utsaga.search("Office 365", kind="statement", page=2)
    assert statements.page == 2
    assert all(hit.evidence and hit.evidence.statement == hit.iri for hit in statements.hits)
    assert utsaga.search("vem har stoppat Office 365").question


def test_an_entity_is_read_by_its_iri_or_its_end(utsaga: Utsaga) -> None:
    found = utsaga.entity("organisation/goteborgs-kommun")
    assert found == utsaga.entity(GOTEBORG)
    assert isinstance(found, Entity)
    assert found.labels["sv"] == "Göteborgs kommun"
    assert "yes" in {each.answer for each in found.standings}
    assert found.other_products == "nothing-known"
    every = [each.statement for each in utsaga.evidence(GOTEBORG)]
    assert len(set(every)) == len(every) == found.evidence_total > len(found.evidence)


def test_a_retired_entity_leads_to_its_successor(utsaga: Utsaga) -> None:
    assert utsaga.entity("https://w3id.org/utsaga/code/adoption-status/paused").evidence == ()


def test_a_stored_question_is_answered_with_its_evidence(utsaga: Utsaga) -> None:
    found = utsaga.ask("adoption-status", evidence=True, status="code:adoption-status/declined")
    assert found.is_complete
    assert found.release
    assert len(found) == len(found.evidence_of_rows) > 0
    [first, *_] = found.evidence_of(0)
    assert first.cite["en"].startswith("According to Utsaga's summary")
    assert first.release == found.release
    assert first.attributedTo.name["en"] == "Utsaga"


def test_the_answer_of_a_release_is_asked_for(utsaga: Utsaga) -> None:
    release = utsaga.ask("coverage").release
    assert release
    assert utsaga.ask("coverage", release=release).release == release
    assert utsaga.sparql("ASK {}", release=release).release == release
    assert utsaga.entity(GOTEBORG, release=release) == utsaga.entity(GOTEBORG)
    with pytest.raises(RefusedError) as caught:
        utsaga.sparql("ASK {}", release="none")
    assert caught.value.faults[0].where == "release"


def test_without_a_row_the_standing_says_that_nothing_is_known(utsaga: Utsaga) -> None:
    asked = {"product": "Office 365", "organisation": "Arjeplogs kommun"}
    found = utsaga.ask("adoption-status", evidence=True, **asked)
    assert len(found) == 0
    assert [each.answer for each in found.standings] == ["nothing-known"]


def test_rows_become_a_data_frame(utsaga: Utsaga) -> None:
    plain = utsaga.ask("coverage").to_pandas()
    assert list(plain.columns) == ["kind", "inRegister", "withStatement", "withObservation"]
    assert pd.api.types.is_integer_dtype(plain["inRegister"])
    assert 290 in set(plain["inRegister"])
    proved = utsaga.ask("laws-cited", evidence=True).to_pandas()
    assert all(
        each == (statement,) for each, statement in zip(proved["evidence"], proved["statement"], strict=True)
    )


def test_a_query_of_your_own_is_answered_in_each_form(utsaga: Utsaga) -> None:
    [row] = utsaga.sparql("SELECT * { VALUES (?n ?d ?b ?none) { (7 1.5 true UNDEF) } }")
    assert row["n"] == 7
    assert (float(str(row["d"])), row["b"], row["none"]) == (1.5, True, None)
    assert utsaga.sparql("ASK { ?s ?p ?o }").boolean is True
    graph = utsaga.sparql("CONSTRUCT { ?s a ?c } WHERE { ?s a ?c } LIMIT 1")
    assert graph.graph
    assert graph.is_complete
    assert graph.boolean is None


def test_a_refusal_has_the_members_of_the_problem(utsaga: Utsaga) -> None:
    with pytest.raises(RefusedError) as caught:
        utsaga.ask("coverage", evidence=True)
    assert caught.value.status == 400
    assert caught.value.faults[0].where == "evidence"
    assert "leave evidence out" in str(caught.value)
    with pytest.raises(RefusedError) as caught:
        utsaga.sparql(f"ASK {{ }} # {'x' * 200_000}")
    assert caught.value.limit == "UTSAGA_QUERY_BYTES"
    with pytest.raises(RefusedError) as caught:
        utsaga.entity("organisation/goteborg")
    assert caught.value.status == 404
    assert GOTEBORG in caught.value.nearest


def test_a_server_that_does_not_answer_is_no_refusal() -> None:
    with pytest.raises(UnansweredError, match="does not answer"):
        Utsaga("http://127.0.0.1:9").search("x")
    for address in ("example.org", "ftp://example.org", "http://"):
        with pytest.raises(ValueError, match="no address of a server"):
            Utsaga(address)
