"""What the tools answer, and what they refuse."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from mcp.client.client import Client
from mcp.server import Server

from graph.core.namespaces import CODE, ID, UTS
from graph.core.parts import PARTS_FOLDER
from graph.core.settings import Settings
from tests.web.mcp.agent import MAX_BYTES, Answer, call, run
from tests.web.mcp.conftest import on_thread, opening
from web.app import create_app
from web.html.app_state import AppState
from web.http.response_cache import ResponseCache
from web.mcp.server import build_server
from web.mcp.tools import TOOLS
from web.runtime.mcp_site import ApplicationSite

Ask = Callable[..., Answer]
STATEMENT = "statement/ny-teknik-office-365-malmo-annan-syn"
DECLINED = f"""SELECT ?organisation ?product {{
  ?adoption <{UTS}adopter> ?organisation ; <{UTS}product> ?product ;
    <{UTS}status> <{CODE}adoption-status/declined>
}} LIMIT 1"""
MUNICIPALITIES = f"SELECT ?each WHERE {{ ?each a <{UTS}Municipality> }} ORDER BY ?each"


def faults(answer: Answer) -> list[dict[str, str]]:
    """The faults of a refusal, each with its four parts."""
    assert answer.failed
    found: list[dict[str, str]] = answer.document["error"]["faults"]
    for each in found:
        assert each.keys() == {"where", "message", "rule", "remedy"}
        assert each["message"]
        assert each["remedy"]
    return found


def test_each_tool_is_read_only_and_describes_its_arguments(mcp_server: Server[Any]) -> None:
    listed = run(lambda: Client(mcp_server), Client.list_tools).tools
    assert [each.name for each in listed] == ["search", "entity", "questions", "ask", "sparql", "cite"]
    for each in listed:
        assert each.annotations
        assert each.annotations.read_only_hint is True
        assert each.description
        assert each.input_schema["additionalProperties"] is False
        assert all("description" in value for value in each.input_schema["properties"].values())


@pytest.mark.parametrize(
    ("tool", "arguments", "status", "rule"),
    [
        ("sparql", {"query": "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }"}, 403, "allowed services"),
        ("sparql", {"query": "DROP ALL"}, 400, "read-only"),
        ("ask", {"question": "no-such"}, 404, "question"),
        (
            "ask",
            {"question": "who-uses-office-365", "parameters": {"organisation": "Malmö"}},
            400,
            "parameter",
        ),
        ("ask", {"question": "adoption-status", "parameters": {"organisation": "Ingenstans"}}, 400, "iri"),
        ("ask", {"question": "coverage", "evidence": "brief"}, 400, "evidence"),
        ("ask", {"question": "coverage", "cursor": "2"}, 400, "cursor"),
        ("ask", {"question": "coverage", "cursor": "2.aaaaaaaaaaaa"}, 400, "cursor"),
        ("questions", {"name": "no-such"}, 404, "question"),
        ("search", {"query": "Malmö", "kind": "no-such"}, 400, "kind"),
        ("search", {}, 400, "missing"),
        ("search", {"query": "Malmö", "limit": 3}, 400, "extra_forbidden"),
        ("search", {"query": "Malmö", "size": 100}, 400, "greater_than_equal"),
        ("entity", {"id": "organisation/no-such"}, 404, "identifier"),
        ("cite", {"statement": "organisation/malmo-kommun"}, 400, "statement"),
    ],
)
def test_a_refusal_says_what_where_by_which_rule_and_what_to_do(
    ask: Ask, tool: str, arguments: dict[str, Any], status: int, rule: str
) -> None:
    answer = ask(tool, **arguments)
    assert rule in {each["rule"] for each in faults(answer)}
    assert answer.document["error"]["status"] == status
    assert answer.size <= MAX_BYTES


def test_a_query_that_cannot_be_parsed_is_refused(ask: Ask) -> None:
    (fault,) = faults(ask("sparql", query="SELECT nonsense"))
    assert "line 1" in fault["where"] + fault["message"]


def test_no_and_nothing_known_are_different_answers(ask: Ask) -> None:
    asked = {
        "question": "adoption-status",
        "parameters": {"organisation": "Eslöv", "product": "product/office-365"},
    }
    unknown = ask("ask", **asked).document
    assert unknown["rowsTotal"] == 0
    assert unknown["note"]
    assert [each["answer"] for each in unknown["standings"]] == ["nothing-known"]
    declined = ask("sparql", query=DECLINED)
    organisation, product = (each.strip("<>") for each in declined.document["rows"][0])
    known = ask(
        "ask", question="adoption-status", parameters={"organisation": organisation, "product": product}
    )
    (standing,) = known.document["standings"]
    assert standing["answer"] == "no"
    assert standing["statements"]
    assert "note" not in known.document


def test_rows_that_rest_on_no_statements_come_without_evidence_and_say_so(ask: Ask) -> None:
    answer = ask("ask", question="coverage").document
    assert answer["complete"] is True
    assert answer["evidenceNote"]
    assert "evidence" not in answer
    assert {type(row["inRegister"]) for row in answer["rows"]} == {int}


def test_evidence_may_be_left_out(ask: Ask) -> None:
    answer = ask("ask", question="laws-cited", evidence="none").document
    assert answer["rows"]
    assert "evidence" not in answer
    assert all("statements" not in row for row in answer["rows"])


def test_a_whole_envelope_is_as_its_schema_says(ask: Ask) -> None:
    validator = Draft202012Validator(
        json.loads((PARTS_FOLDER / "evidence" / "evidence.schema.json").read_text())
    )
    for language in ("sv", "en", "both"):
        answer = ask("entity", id=STATEMENT, language=language)
        assert answer.size <= MAX_BYTES
        (envelope,) = answer.document["evidence"]
        validator.validate(envelope)
        assert set(envelope["text"]) == ({"sv", "en"} if language == "both" else {language})
        assert envelope["release"] == answer.document["release"]


def test_an_organisation_has_where_it_stands_and_its_statements(ask: Ask) -> None:
    answer = ask("entity", id="organisation/malmo-kommun", size=65_536).document
    assert answer["name"] == "Malmö kommun"
    assert len(answer["standings"]) == answer["standingsTotal"]
    assert answer["otherProducts"] == "nothing-known"
    assert len(answer["evidence"]) == answer["evidenceTotal"] > 10


def test_the_evidence_of_an_entity_goes_on_over_all_pages_of_the_site(ask: Ask) -> None:
    whole = ask("entity", id="source/ny-teknik-office-365", size=65_536).document
    assert whole["evidenceTotal"] > 40, "one page of the site has 20"
    given = [each["statement"] for each in whole["evidence"]]
    while cursor := whole["next"]:
        whole = ask("entity", id="source/ny-teknik-office-365", size=65_536, cursor=cursor).document
        given += [each["statement"] for each in whole["evidence"]]
    assert len(given) == len(set(given)) == whole["evidenceTotal"]


def test_an_old_name_leads_to_its_successor(ask: Ask) -> None:
    answer = ask("entity", id=f"{ID}organisation/stockholms-lans-landsting").document
    assert answer["id"] == f"{ID}organisation/region-stockholm"


def test_a_wrong_name_gets_the_nearest_ones(ask: Ask) -> None:
    answer = ask("entity", id="organisation/malmo")
    assert f"{ID}organisation/malmo-kommun" in answer.document["error"]["nearest"]


def test_a_code_and_a_term_are_read_by_their_iris(ask: Ask) -> None:
    answer = ask("entity", id="code:adoption-status/declined").document
    assert answer["id"] == f"{CODE}adoption-status/declined"
    assert answer["name"] == "avböjt"


def test_a_search_says_which_question_answers_it(ask: Ask) -> None:
    found = ask("search", query="Vad säger Malmö om Office 365?").document
    asked = found["question"]
    answer = ask("ask", question=asked["ask"], parameters=asked["parameters"]).document
    assert answer["rowsTotal"] == asked["rows"] > 0


def test_all_hits_of_a_search_can_be_read(ask: Ask) -> None:
    seen, cursor, total = list[str](), "", 0
    while True:
        page = ask("search", query="Office 365", kind="statement", cursor=cursor, size=65_536)
        seen += [hit["id"] for hit in page.document["hits"]]
        total, cursor = page.document["total"], page.document["next"]
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == total > 40


def test_a_place_beyond_the_last_hit_is_refused(ask: Ask) -> None:
    release = ask("search", query="Office 365").document["release"]
    faults(ask("search", query="Office 365", cursor=f"99999.{release}"))


def test_the_questions_are_listed_and_described(ask: Ask) -> None:
    names, cursor = list[str](), ""
    while True:
        page = ask("questions", cursor=cursor)
        assert page.size <= MAX_BYTES
        names += [each["name"] for each in page.document["questions"]]
        cursor = page.document["next"]
        if not cursor:
            break
    assert sorted(names) == sorted(path.stem for path in Path("queries").glob("*.rq"))
    for name in names:
        page = ask("questions", name=name)
        assert page.size <= MAX_BYTES
        (described,) = page.document["questions"]
        assert described["description"]


@pytest.mark.parametrize(
    ("query", "form", "member"),
    [
        ("SELECT ?s { ?s ?p ?o } LIMIT 2", "table", "rows"),
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 2", "graph", "triples"),
    ],
)
def test_a_query_of_the_agent_s_own_is_answered(ask: Ask, query: str, form: str, member: str) -> None:
    answer = ask("sparql", query=query).document
    assert answer["form"] == form
    assert answer[f"{member}Total"] == len(answer[member]) == 2
    assert answer["complete"] is True


def test_terms_keep_their_language_and_datatype(ask: Ask) -> None:
    answer = ask(
        "sparql", query='SELECT ?a ?b ?c ?d { VALUES (?a ?b ?c ?d) { ("å\\t\\n"@sv 3 <urn:x> UNDEF) } }'
    )
    assert answer.document["rows"] == [['"å\\t\\n"@sv', "3", "<urn:x>", ""]]


def test_a_boolean_is_answered(ask: Ask) -> None:
    assert ask("sparql", query="ASK {}").document["boolean"] is True


def test_a_long_table_is_read_page_by_page(ask: Ask) -> None:
    rows, cursor = list[list[str]](), ""
    while True:
        page = ask("sparql", query=MUNICIPALITIES, cursor=cursor)
        assert page.size <= MAX_BYTES
        rows += page.document["rows"]
        cursor = page.document["next"]
        if not cursor:
            break
    assert len(rows) == page.document["rowsTotal"] == 290
    names = [row[0].strip("<>") for row in rows]
    assert names == sorted(set(names))


@pytest.mark.parametrize(
    ("format_", "beginning"), [("bibtex", "@misc{"), ("ris", "1.\nTY  -"), ("csl-json", "[")]
)
def test_a_citation_has_the_form_wanted(ask: Ask, format_: str, beginning: str) -> None:
    assert ask("cite", statement=STATEMENT, format=format_).document["citation"].strip().startswith(beginning)


def test_a_citation_brings_the_passages(ask: Ask) -> None:
    answer = ask("cite", statement=STATEMENT, language="en").document
    assert answer["release"] in answer["cite"]["en"]
    assert [(each["start"], each["end"]) for each in answer["passages"]] == [(1256, 1325)]


def test_an_error_of_ours_shows_nothing_of_the_program(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setitem(TOOLS, "cite", TOOLS["cite"].__class__(**{**vars(TOOLS["cite"]), "answer": fail}))
    answer = ask("cite", statement=STATEMENT)
    faults(answer)
    assert answer.document["error"]["status"] == 500
    assert "secret" not in answer.text
    assert "ZeroDivisionError" in caplog.text


def test_rows_on_too_many_statements_come_without_evidence_and_say_so(
    mcp_site: ApplicationSite, release_app: Flask
) -> None:
    state: AppState = release_app.extensions["utsaga"]
    few = replace(state, settings=Settings(evidence_statements=3), stored_answers={})
    served = replace(mcp_site.served, app=create_app(few), cache=ResponseCache(max_bytes=1 << 20))
    server = build_server(opening(ApplicationSite(served, mcp_site.asked)), on_thread)

    def ask(**arguments: Any) -> Answer:
        return run(lambda: Client(server), lambda client: call(client, "ask", arguments))

    answer = ask(question="laws-cited").document
    assert "more than 3 statements" in answer["evidenceNote"]
    assert answer["rows"]
    assert "evidence" not in answer
    refused = ask(question="laws-cited", evidence="brief")
    assert refused.document["error"]["limit"] == "UTSAGA_EVIDENCE_STATEMENTS"


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("entity", {"id": STATEMENT}),
        ("questions", {}),
        ("ask", {"question": "coverage"}),
        ("sparql", {"query": "ASK {}"}),
        ("cite", {"statement": STATEMENT, "format": "bibtex"}),
    ],
)
def test_a_release_can_be_asked_for(ask: Ask, tool: str, arguments: dict[str, Any]) -> None:
    newest = ask(tool, **arguments).document
    assert ask(tool, release=newest["release"], **arguments).document == newest
    refused = faults(ask(tool, release="aaaaaaaaaaaa", **arguments))
    assert [each["where"] for each in refused] == ["release"]


def test_a_search_is_of_the_newest_release_alone(ask: Ask) -> None:
    assert faults(ask("search", query="x", release="aaaaaaaaaaaa"))[0]["rule"] == "extra_forbidden"
