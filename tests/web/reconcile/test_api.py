"""The Reconciliation Service API in both versions: routes, schemas, constraints and errors."""

import importlib.util
import json
import urllib.parse
import urllib.request
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad
from werkzeug.test import TestResponse

from graph.backends.in_process import InProcess
from graph.core.namespaces import ID, RDFS, TYPE, UTS, XSD
from graph.core.settings import Settings
from graph.release.release import Release
from graph.search.text_index import TextIndex
from web.app import create_app
from web.html.app_state import AppState

GOTEBORG = f"{ID}organisation/goteborgs-kommun"
DIGITS = "9" * 4_000  # Python reads no number of more than 4,300
Check = Callable[[str, TestResponse], Any]


@pytest.fixture
def client(release_app: Flask) -> FlaskClient:
    return release_app.test_client()


@pytest.fixture(scope="session")
def valid(shared: Path) -> Callable[[str, str, TestResponse], Any]:
    """Return a function that checks a response against a schema of a version and returns its document."""
    suites = shared / "suites"
    spec = importlib.util.spec_from_file_location("recon_schemas", suites / "recon_schemas.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # it leaves closing its files to Python
        schemas = module.Schemas(suites / "reconciliation")

    def check(version: str, schema: str, answer: TestResponse) -> Any:
        assert answer.status_code == 200
        assert answer.content_type == "application/json"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert schemas.errors(version, schema, answer.json) == []
        return answer.json

    return check


def ask(client: FlaskClient, **query: Any) -> list[dict[str, Any]]:
    """Return the candidates of version 0.2 for one query."""
    answer = client.post("/reconcile", data={"queries": json.dumps({"q": query})})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json["q"]["result"]  # type: ignore[index]
    return found


def match(client: FlaskClient, **query: Any) -> str:
    """Return the slug of the match, or an empty string."""
    matches = [each["id"] for each in ask(client, **query) if each["match"]]
    assert len(matches) <= 1
    return matches[0].rpartition("/")[2] if matches else ""


class TestDocuments:
    """Every route conforms to the schemas of both versions."""

    def test_manifests(self, client: FlaskClient, valid: Any) -> None:
        old = valid("0.2", "manifest", client.get("/reconcile"))
        new = valid("1.0-draft", "manifest", client.get("/reconcile/"))
        assert (old["versions"], new["versions"]) == (["0.2"], ["1.0-draft"])
        assert old["batchSize"] == 1000
        assert old["identifierSpace"] == ID

    def test_the_urls_of_the_manifest_exist(self, client: FlaskClient) -> None:
        told: dict[str, Any] = client.get("/reconcile").json or {}
        view = told["view"]["url"].replace("{{id}}", GOTEBORG)
        assert client.get(view).headers["Location"] == "/id/organisation/goteborgs-kommun"
        assert client.get(told["preview"]["url"].replace("{{id}}", GOTEBORG)).status_code == 200
        for kind, id_ in (("entity", GOTEBORG), ("property", f"{UTS}inCounty"), ("type", f"{UTS}Region")):
            suggest = told["suggest"][kind]
            listed = client.get(suggest["service_url"] + suggest["service_path"] + "?prefix=reg")
            assert listed.status_code == 200
            flyout = suggest["flyout_service_url"] + suggest["flyout_service_path"].replace("${id}", id_)
            assert (client.get(flyout.replace("#", "%23")).json or {})["id"] == id_

    def test_queries_by_get_and_by_post(self, client: FlaskClient, valid: Any) -> None:
        queries = json.dumps({"a": {"query": "Göteborgs Stad", "limit": 3}, "b": {"query": "xyzzy"}})
        got = client.get("/reconcile", query_string={"queries": queries})
        posted = client.post("/reconcile", data={"queries": queries})
        first = valid("0.2", "reconciliation-result-batch", got)
        assert first == valid("0.2", "reconciliation-result-batch", posted)
        assert list(first) == ["a", "b"]
        assert first["a"]["result"][0]["id"] == GOTEBORG
        assert not any(each["match"] for each in first["b"]["result"])

    @pytest.mark.parametrize("name", ["example-full", "example-min", "multi-values", "no-query-string"])
    def test_examples_of_version_0_2(self, client: FlaskClient, valid: Any, shared: Path, name: str) -> None:
        """The examples are answered, with a property of ours for those of another service."""
        folder = shared / "suites/reconciliation/0.2/examples/reconciliation-query-batch/valid"
        text = (folder / f"{name}.json").read_text("utf-8")
        for theirs in ("professionOrOccupation", "affiliation", "uid"):
            text = text.replace(theirs, "organisation")
        valid("0.2", "reconciliation-result-batch", client.post("/reconcile", data={"queries": text}))

    def test_match_of_the_draft_version(self, client: FlaskClient, valid: Any) -> None:
        conditions = [
            {"matchType": "name", "propertyValue": "Göteborgs komun"},
            {"matchType": "property", "propertyId": "inCounty", "propertyValue": "Västra Götalands län"},
        ]
        queries = [
            {"conditions": conditions, "type": "Municipality", "limit": 2, "lang": "en"},
            {"conditions": [{"matchType": "id", "propertyValue": "Q52502"}]},
            {"conditions": [{"matchType": "property", "propertyId": "orgnr", "propertyValue": "2120001355"}]},
        ]
        answer = client.post("/reconcile/match", json={"queries": queries})
        found = valid("1.0-draft", "reconciliation-result-batch", answer)["results"]
        assert [each["candidates"][0]["id"] for each in found] == [GOTEBORG] * 3
        assert all(each["candidates"][0]["match"] for each in found)
        assert found[0]["candidates"][0]["name"] == "Gothenburg Municipality"
        assert found[0]["candidates"][0]["lang"] == "en"

    @pytest.mark.parametrize("version", ["0.2", "1.0-draft"])
    def test_extension(self, client: FlaskClient, valid: Any, version: str) -> None:
        wanted: dict[str, Any] = {
            "ids": [GOTEBORG, "organisation/malmo-kommun", "elsewhere"],
            "properties": [
                {"id": "label", "settings": {"limit": "1"}},
                {"id": f"{UTS}inCounty"},
                {"id": "uts:municipalityCode"},
                {"id": "status/office-365"},
                {"id": "statements"},
                {"id": "links"},
                {"id": "lat"},
            ],
        }
        if version == "0.2":
            answer = client.post("/reconcile", data={"extend": json.dumps(wanted)})
        else:
            answer = client.post("/reconcile/extend", json=wanted)
        found = valid(version, "data-extension-response", answer)
        rows = found["rows"]
        if version != "0.2":
            rows = {row["id"]: {each["id"]: each["values"] for each in row["properties"]} for row in rows}
        mine = rows[GOTEBORG]
        assert [each["id"] for each in found["meta"]] == [each["id"] for each in wanted["properties"]]
        assert len(mine["label"]) == 1
        assert mine[f"{UTS}inCounty"][0]["id"] == f"{ID}place/vastra-gotalands-lan"
        assert mine["uts:municipalityCode"] == [{"str": "1480"}]
        paused = {"str": "pausat"} | ({"lang": "sv"} if version != "0.2" else {})
        assert paused in mine["status/office-365"]
        assert mine["statements"][0]["int"] > 5
        assert {"str": "http://www.wikidata.org/entity/Q52502"} in mine["links"]
        assert 57 < mine["lat"][0]["float"] < 58
        assert rows["organisation/malmo-kommun"]["uts:municipalityCode"] == [{"str": "1280"}]
        assert set(map(len, rows["elsewhere"].values())) == {0}

    @pytest.mark.parametrize("version", ["0.2", "1.0-draft"])
    def test_suggestions(self, client: FlaskClient, valid: Any, version: str) -> None:
        def ids(kind: str, arguments: str, schema: str) -> list[str]:
            answer = client.get(f"/reconcile/suggest/{kind}?{arguments}")
            return [each["id"] for each in valid(version, schema, answer)["result"]]

        entities, properties, types = (
            f"suggest-{each}-response" for each in ("entities", "properties", "types")
        )
        assert ids("entity", "prefix=göteb", entities)[0] == GOTEBORG
        assert ids("entity", f"prefix={GOTEBORG}", entities) == [GOTEBORG]
        assert ids("entity", "prefix=Q52502", entities) == [GOTEBORG]
        assert ids("entity", "prefix=", entities) == []
        assert ids("property", "prefix=kommunk", properties) == [f"{UTS}municipalityCode"]
        assert "status/office-365" in ids("property", "prefix=status&limit=50", properties)
        assert ids("type", "prefix=kommun&lang=sv", types) == [f"{UTS}Municipality"]
        everything = ids("type", "prefix=&limit=50", types)
        assert ids("type", "prefix=&limit=2&offset=1", types) == everything[1:3]

    def test_proposals(self, client: FlaskClient, valid: Any) -> None:
        answer = client.get("/reconcile/extend/propose?type=LegalAct&limit=50")
        found = valid("0.2", "data-extension-property-proposal", answer)
        assert valid("1.0-draft", "data-extension-property-proposal", answer) == found
        ids = [each["id"] for each in found["properties"]]
        assert f"{UTS}celex" in ids
        assert f"{UTS}municipalityCode" not in ids

    def test_what_no_entity_of_the_type_has_is_not_proposed(self, client: FlaskClient) -> None:
        answer = client.get("/reconcile/extend/propose?type=Municipality&limit=100").json or {}
        ids = [each["id"] for each in answer["properties"]]
        assert f"{UTS}municipalityCode" in ids
        assert "status/office-365" in ids
        assert "status/1177" not in ids
        asked = [{"id": id_} for id_ in ids]
        rows = [
            f"{ID}organisation/{each}-kommun" for each in ("goteborgs", "malmo", "uppsala", "helsingborgs")
        ]
        extended = client.post("/reconcile/extend", json={"ids": rows, "properties": asked})
        assert extended.status_code == 200, "all that is proposed can be asked for at once"

    def test_all_that_is_proposed_can_be_asked_for_at_once(self, client: FlaskClient) -> None:
        answer = client.get("/reconcile/extend/propose?type=organisation&limit=1000").json or {}
        assert len(answer["properties"]) > 30
        asked = {"ids": [GOTEBORG], "properties": [{"id": each["id"]} for each in answer["properties"]]}
        assert client.post("/reconcile", data={"extend": json.dumps(asked)}).status_code == 200

    @pytest.mark.parametrize(
        ("datatype", "value", "cell"),
        [
            ("integer", "7", {"int": 7}),
            ("decimal", "1.5", {"float": 1.5}),
            ("integer", "9" * 5_000, {"str": "9" * 5_000}),
            ("integer", "+-5", {"str": "+-5"}),
            ("decimal", "about 5", {"str": "about 5"}),
            ("double", "INF", {"str": "INF"}),
            ("boolean", "true", {"str": "true"}),
        ],
    )
    def test_a_number_that_json_cannot_hold_is_text(
        self, datatype: str, value: str, cell: dict[str, object]
    ) -> None:
        literal = Literal(value, datatype=NamedNode(XSD + datatype))
        triples = [
            Quad(NamedNode(GOTEBORG), NamedNode(TYPE), NamedNode(f"{UTS}Municipality")),
            Quad(NamedNode(GOTEBORG), NamedNode(f"{UTS}population"), literal),
        ]
        client = create_app(AppState.of(InProcess.of(triples))).test_client()
        wanted = {"ids": [GOTEBORG], "properties": [{"id": f"{UTS}population"}]}
        answer = client.post("/reconcile", data={"extend": json.dumps(wanted)}).json or {}
        assert answer["rows"][GOTEBORG][f"{UTS}population"] == [cell]


class TestPreview:
    """Previews for other sites."""

    def test_only_previews_may_be_framed(self, client: FlaskClient) -> None:
        shown = client.get(f"/reconcile/preview?id={GOTEBORG}")
        policy = shown.headers["Content-Security-Policy"]
        assert "frame-ancestors *" in policy
        assert "default-src 'none'" in policy
        assert "Göteborgs kommun" in shown.text
        assert "frame-ancestors 'none'" in client.get("/").headers["Content-Security-Policy"]

    def test_flyouts_are_html(self, client: FlaskClient) -> None:
        shown: dict[str, str] = client.get("/reconcile/flyout/type?id=Region&lang=en").json or {}
        assert shown["id"] == "Region"
        assert "<h1>" in shown["html"]
        assert "style" not in shown["html"]

    def test_hostile_names_are_escaped(self) -> None:
        label = '</title><script>alert(1)</script>"><img src=x onerror=alert(1)>'
        triple = Quad(NamedNode(GOTEBORG), NamedNode(f"{RDFS}label"), Literal(label, language="sv"))
        client = create_app(AppState.of(InProcess.of([triple]))).test_client()
        page = client.get(f"/reconcile/preview?id={GOTEBORG}").text
        html: str = (client.get(f"/reconcile/flyout/entity?id={GOTEBORG}").json or {})["html"]
        for written in (page, html):
            assert "&lt;script&gt;" in written
            assert "<script" not in written
            assert "<img" not in written

    @pytest.mark.parametrize("route", ["preview", "flyout/entity", "flyout/property", "flyout/type"])
    def test_unknown_and_missing_identifiers_are_errors(self, client: FlaskClient, route: str) -> None:
        assert client.get(f"/reconcile/{route}").status_code == 400
        assert client.get(f"/reconcile/{route}?id=organisation/ingen-alls").status_code in (400, 404)


class TestConstraints:
    """Types and properties raise or lower scores."""

    def test_an_ambiguous_name_is_no_match(self, client: FlaskClient) -> None:
        assert match(client, query="Uppsala") == ""
        assert len(ask(client, query="Uppsala")) >= 3

    @pytest.mark.parametrize(
        ("type_", "slug"),
        [
            ("Municipality", "uppsala-kommun"),
            (f"{UTS}Region", "region-uppsala"),
            ("uts:County", "uppsala-lan"),
            ("place", "uppsala-lan"),
        ],
    )
    def test_a_type_resolves_an_ambiguous_name(self, client: FlaskClient, type_: str, slug: str) -> None:
        assert match(client, query="Uppsala", type=type_) == slug
        assert match(client, query="Uppsala", type=[type_], type_strict="should") == slug

    def test_a_county_council_is_matched_by_its_county(self, client: FlaskClient) -> None:
        assert match(client, query="Södermanlands läns landsting", type="Region") == "region-sormland"

    def test_a_type_that_does_not_fit_has_no_candidates(self, client: FlaskClient) -> None:
        assert ask(client, query="Malmö kommun", type="LegalAct") == []
        assert match(client, query="Region Gotland", type=["Region", "Municipality"], type_strict="all")
        assert not ask(client, query="Malmö kommun", type=["Region", "Municipality"], type_strict="all")

    def test_a_property_that_agrees_raises_the_score(self, client: FlaskClient) -> None:
        code = [{"pid": "municipalityCode", "v": "0380"}]
        assert match(client, query="Uppsala", properties=code) == "uppsala-kommun"
        bare = ask(client, query="Uppsala")[0]["score"]
        assert ask(client, query="Uppsala", properties=code)[0]["score"] > bare

    @pytest.mark.parametrize(
        "value",
        [
            "Skåne län",
            "skane lan",
            f"{ID}place/skane-lan",
            {"id": f"{ID}place/skane-lan", "name": "Skåne län"},
            ["Hallands län", "Skåne län"],
        ],
    )
    def test_an_entity_as_value(self, client: FlaskClient, value: object) -> None:
        agrees = ask(client, query="Malmö", properties=[{"pid": "inCounty", "v": value}])[0]
        assert {each["id"]: each["value"] for each in agrees["features"]}["property_1"] is True
        assert agrees["match"]

    def test_a_property_that_does_not_agree_lowers_the_score(self, client: FlaskClient) -> None:
        other = [{"pid": "inCounty", "v": "Uppsala län"}]
        assert match(client, query="Malmö kommun", properties=other) == ""
        assert ask(client, query="Malmö kommun", properties=other)[0]["score"] == 75.0

    def test_another_type_of_body_matches_only_by_an_identifying_property(self, client: FlaskClient) -> None:
        county = {"pid": "inCounty", "v": "Uppsala län"}
        others = {"query": "Region Uppsala", "type": "Municipality"}
        found = ask(client, **others, properties=[county, {"pid": "nuts3", "v": "SE121"}])
        assert [(each["score"], each["match"]) for each in found[:1]] == [(84.0, False)]
        assert not match(client, **others, properties=[county])
        code = {"pid": "municipalityCode", "v": "0380"}
        assert match(client, **others, properties=[county, code]) == "uppsala-kommun"

    def test_a_code_with_another_name_is_no_match(self, client: FlaskClient) -> None:
        code = [{"pid": "organisationNumber", "v": "212000-1355"}]
        assert match(client, properties=code) == "goteborgs-kommun"
        found = ask(client, query="Kiruna kommun", properties=code)
        assert not any(each["match"] for each in found)
        assert "goteborgs-kommun" in [each["id"].rpartition("/")[2] for each in found]

    @pytest.mark.parametrize(
        ("quantifier", "values", "count"),
        [
            ("any", ["1280", "1480"], 1),
            ("all", ["1280", "1480"], 0),
            ("none", ["1280"], 0),
            ("none", ["1"], 1),
        ],
    )
    def test_quantifiers(self, client: FlaskClient, quantifier: str, values: list[str], count: int) -> None:
        conditions = [
            {"matchType": "name", "propertyValue": "Malmö kommun"},
            {
                "matchType": "property",
                "propertyId": "municipalityCode",
                "propertyValue": values,
                "required": True,
                "matchQuantifier": quantifier,
            },
        ]
        answer = client.post("/reconcile/match", json={"queries": [{"conditions": conditions}]})
        found = (answer.json or {})["results"][0]["candidates"]
        assert len([each for each in found if each["id"].endswith("/malmo-kommun")]) == count

    def test_a_value_that_most_do_not_have_is_no_evidence(self, client: FlaskClient) -> None:
        name = {"matchType": "name", "propertyValue": "Hbo kommun"}
        other = {"matchType": "property", "propertyId": "inCounty", "matchQuantifier": "none"}
        conditions = [name], [name, other | {"propertyValue": "Skåne län"}]
        queries = {"queries": [{"conditions": each} for each in conditions]}
        results = (client.post("/reconcile/match", json=queries).json or {})["results"]
        alone, excluding = ([each["score"] for each in result["candidates"]] for result in results)
        assert alone[:2] == excluding[:2]
        assert alone[0] < 100, "so that agreement would have raised it"

    def test_limit(self, client: FlaskClient) -> None:
        assert ask(client, query="Göteborg", limit=int(DIGITS)) == ask(client, query="Göteborg", limit=100)
        assert len(ask(client, query="kommun", limit=3)) <= 3
        assert len(ask(client, query="Uppsala", limit=1)) == 1

    def test_scores_are_in_order_and_within_bounds(self, client: FlaskClient) -> None:
        scores = [each["score"] for each in ask(client, query="Malmö", limit=50)]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= each <= 100 for each in scores)


class TestRefusals:
    """Malformed and oversized requests are problems that say where."""

    @pytest.mark.parametrize(
        ("queries", "where"),
        [
            ("", "queries"),
            ("{", "queries"),
            ("[]", "queries"),
            ("null", "queries"),
            ("[" * 100_000, "queries"),
            ('{"q": {"query": NaN}}', "queries"),
            ('{"q": []}', "queries.q"),
            ('{"q": {}}', "queries.q"),
            ('{"q": {"properties": []}}', "queries.q"),
            ('{"q": {"query": ""}}', "queries.q.query"),
            ('{"q": {"query": 3}}', "queries.q.query"),
            ('{"q": {"query": "\\ud800"}}', "queries.q.query"),
            ('{"q": {"query": "' + "x" * 1001 + '"}}', "queries.q.query"),
            ('{"q": {"query": "a", "queri": "b"}}', "queries.q"),
            ('{"q": {"query": "a", "limit": 0}}', "queries.q.limit"),
            ('{"q": {"query": "a", "limit": 1.5}}', "queries.q.limit"),
            ('{"q": {"query": "a", "limit": 1e400}}', "queries.q.limit"),
            ('{"q": {"query": "a", "limit": "5"}}', "queries.q.limit"),
            ('{"q": {"query": "a", "limit": true}}', "queries.q.limit"),
            ('{"q": {"query": "a", "type": 1}}', "queries.q.type"),
            ('{"q": {"query": "a", "type_strict": "no"}}', "queries.q.type_strict"),
            ('{"q": {"query": "a", "properties": {}}}', "queries.q.properties"),
            ('{"q": {"query": "a", "properties": [{"v": "1"}]}}', "queries.q.properties.0.pid"),
            (
                '{"q": {"query": "a", "properties": [{"pid": "nope", "v": "1"}]}}',
                "queries.q.properties.0.pid",
            ),
            (
                '{"q": {"query": "a", "properties": [{"pid": "<x> y", "v": "1"}]}}',
                "queries.q.properties.0.pid",
            ),
            ('{"q": {"query": "a", "properties": [{"pid": "label"}]}}', "queries.q.properties.0.v"),
            ('{"q": {"query": "a", "properties": [{"pid": "label", "v": []}]}}', "queries.q.properties.0.v"),
            (
                f'{{"q": {{"properties": [{{"pid": "label", "v": {DIGITS}}}]}}}}',
                "queries.q.properties.0.v",
            ),
            (
                '{"q": {"query": "a", "properties": [{"pid": "label", "v": {}}]}}',
                "queries.q.properties.0.v.id",
            ),
        ],
    )
    def test_malformed_queries(self, client: FlaskClient, queries: str, where: str) -> None:
        answer = client.post("/reconcile", data={"queries": queries})
        assert answer.status_code == 400
        assert answer.content_type == "application/problem+json"
        assert json.loads(answer.text)["faults"][0]["where"] == where

    def test_an_invalid_query_leaves_the_others_their_answers(self, client: FlaskClient, valid: Any) -> None:
        queries = {
            "empty": {"query": ""},
            "good": {"query": "Göteborgs stad"},
            "odd": {"query": "Lund", "properties": [{"pid": "nope", "v": "1"}]},
        }
        answer = client.post("/reconcile", data={"queries": json.dumps(queries)})
        results = valid("0.2", "reconciliation-result-batch", answer)
        assert list(results) == list(queries)
        assert results["good"]["result"][0]["id"] == GOTEBORG
        for name, where in (("empty", "queries.empty.query"), ("odd", "queries.odd.properties.0.pid")):
            assert results[name]["result"] == []
            assert results[name]["problem"]["status"] == 400
            assert results[name]["problem"]["faults"][0]["where"] == where

    def test_an_invalid_query_of_the_draft_leaves_the_others_their_answers(
        self, client: FlaskClient, valid: Any
    ) -> None:
        named = {"conditions": [{"matchType": "name", "propertyValue": "Göteborgs stad"}]}
        answer = client.post("/reconcile/match", json={"queries": [{"conditions": []}, named]})
        invalid, found = valid("1.0-draft", "reconciliation-result-batch", answer)["results"]
        assert found["candidates"][0]["id"] == GOTEBORG
        assert invalid["candidates"] == []
        assert invalid["problem"]["faults"][0]["where"] == "queries.0.conditions"

    @pytest.mark.parametrize(
        "document",
        [
            {},
            {"queries": {}},
            {"queries": [{}]},
            {"queries": [{"conditions": []}]},
            {"queries": [{"conditions": [{"propertyValue": "a"}]}]},
            {"queries": [{"conditions": [{"matchType": "other", "propertyValue": "a"}]}]},
            {"queries": [{"conditions": [{"matchType": "name"}]}]},
            {"queries": [{"conditions": [{"matchType": "property", "propertyValue": "a"}]}]},
            {"queries": [{"conditions": [{"matchType": "name", "propertyValue": "a"}], "type": ["a"]}]},
            {"queries": [{"conditions": [{"matchType": "name", "propertyValue": int(DIGITS)}]}]},
            {
                "queries": [
                    {"conditions": [{"matchType": "name", "propertyValue": "a"}], "limit": -int(DIGITS)}
                ]
            },
            {"queries": [{"query": "a"}]},
        ],
    )
    def test_malformed_documents_of_the_draft(self, client: FlaskClient, document: object) -> None:
        assert client.post("/reconcile/match", json=document).status_code == 400

    def test_the_length_of_names_is_limited_after_normalisation(self, client: FlaskClient) -> None:
        """U+FDFA stands for 18 letters."""
        for name, status in (("\ufdfa" * 55, 200), ("\ufdfa" * 56, 400), ("x" * 1_000, 200)):
            answer = client.post("/reconcile", data={"queries": json.dumps({"q": {"query": name}})})
            assert answer.status_code == status
        assert "NFKC" in client.post("/reconcile", data={"queries": '{"q": {"query": ""}}'}).text

    def test_invalid_examples(self, client: FlaskClient, shared: Path) -> None:
        examples = shared / "suites/reconciliation"
        batches = "examples/reconciliation-query-batch/invalid"
        for path in (examples / "0.2" / batches).glob("*.json"):
            assert client.post("/reconcile", data={"queries": path.read_text("utf-8")}).status_code == 400
        for path in (examples / "1.0-draft" / batches).glob("*.json"):
            answer = client.post("/reconcile/match", data=path.read_bytes(), content_type="application/json")
            assert answer.status_code == 400

    @pytest.mark.parametrize(
        ("path", "kind", "body", "status"),
        [
            ("/reconcile", "application/json", b"{}", 415),
            ("/reconcile", "application/x-www-form-urlencoded", b"", 400),
            ("/reconcile", "application/x-www-form-urlencoded", b"queries=%7B%7D&extend=%7B%7D", 400),
            ("/reconcile/match", "text/plain", b"{}", 415),
            ("/reconcile/match", "application/json", b"\xff", 400),
            ("/reconcile/match", "application/json", b" " * (3 << 20), 413),
            ("/reconcile", "application/x-www-form-urlencoded", b"queries=" + b"x" * (3 << 20), 413),
            ("/reconcile/extend", "application/json", b"{}", 400),
            ("/reconcile/extend", "application/json", b'{"ids": [], "properties": [{"id": "no"}]}', 400),
            ("/reconcile/extend", "application/json", b'{"ids": [1], "properties": []}', 400),
        ],
    )
    def test_bodies(self, client: FlaskClient, path: str, kind: str, body: bytes, status: int) -> None:
        answer = client.post(path, data=body, content_type=kind)
        assert answer.status_code == status
        assert answer.content_type == "application/problem+json"

    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("/reconcile?query=Lund", 400),
            ("/reconcile?queries=", 400),
            ("/reconcile?queries=" + "x" * 100_001, 414),
            ("/reconcile/suggest/entity", 400),
            ("/reconcile/suggest/entity?prefix=a&limit=x", 400),
            ("/reconcile/suggest/type?prefix=a&offset=-1", 400),
            ("/reconcile/extend/propose", 400),
            ("/reconcile/match", 405),
        ],
    )
    def test_addresses(self, client: FlaskClient, path: str, status: int) -> None:
        assert client.get(path).status_code == status

    def test_limits_are_settings(self, release: Release) -> None:
        index, backend = TextIndex.open_beside(release.store), InProcess.open(release.store)
        small = create_app(
            AppState.of(backend, settings=Settings(reconcile_queries=1), text_index=index)
        ).test_client()
        queries = json.dumps({each: {"query": "Lund"} for each in "ab"})
        answer = small.post("/reconcile", data={"queries": queries})
        assert answer.status_code == 413
        assert "UTSAGA_RECONCILE_QUERIES" in answer.text
        hasty = create_app(
            AppState.of(backend, settings=Settings(seconds=0.0), text_index=index)
        ).test_client()
        assert hasty.post("/reconcile", data={"queries": queries}).status_code == 422

    def test_a_client_has_a_budget(self, release: Release) -> None:
        backend = InProcess.open(release.store)
        limits = Settings(client_seconds=0.001, throttle_loopback=True)
        poor = create_app(
            AppState.of(backend, settings=limits, text_index=TextIndex.open_beside(release.store))
        ).test_client()
        queries = json.dumps({f"q{number}": {"query": f"Lunds komun {number}"} for number in range(50)})
        answers = [poor.post("/reconcile", data={"queries": queries}).status_code for _ in range(3)]
        assert answers[0] == 200
        assert answers[-1] == 429

    def test_without_a_text_index(self, release: Release) -> None:
        bare = create_app(AppState.of(InProcess.open(release.store))).test_client()
        assert bare.get("/reconcile").status_code == 200
        assert bare.get("/resolve?orgnr=212000-1355").status_code == 303
        assert bare.post("/reconcile", data={"queries": '{"q": {"query": "Lund"}}'}).status_code == 503

    def test_cross_origin_requests_are_allowed(self, client: FlaskClient) -> None:
        asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
        answer = client.options("/reconcile/match", headers=asked)
        assert answer.status_code == 200
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "POST" in answer.headers["Access-Control-Allow-Methods"]


def test_a_server_answers_a_batch_of_five_hundred_names(server: str) -> None:
    queries = json.dumps({f"q{number}": {"query": "Göteborgs Stad", "limit": 1} for number in range(500)})
    sent = urllib.request.Request(  # noqa: S310 (the loopback address of our own server)
        f"{server}/reconcile", data=urllib.parse.urlencode({"queries": queries}).encode()
    )
    with urllib.request.urlopen(sent, timeout=30) as answer:  # noqa: S310
        found = json.load(answer)
    assert [each["result"][0]["id"] for each in found.values()] == [GOTEBORG] * 500
    with urllib.request.urlopen(f"{server}/reconcile", timeout=30) as answer:  # noqa: S310
        assert json.load(answer)["preview"]["url"].startswith(f"{server}/reconcile/preview")


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=10**1_000, max_value=10**4_000)
    | st.floats()
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
QUERY = st.fixed_dictionaries(
    {},
    optional={
        "query": JSON,
        "type": JSON,
        "limit": JSON,
        "type_strict": JSON,
        "properties": st.lists(
            st.fixed_dictionaries({"pid": st.just("label") | JSON, "v": JSON}), max_size=2
        ),
    },
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(queries=st.dictionaries(st.text(max_size=5), QUERY, max_size=2))
def test_no_request_causes_a_server_error(client: FlaskClient, queries: dict[str, Any]) -> None:
    answer = client.post("/reconcile", data={"queries": json.dumps(queries)})
    assert answer.status_code in (200, 400)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(min_size=1, max_size=60).filter(lambda text: text.strip() and text.isprintable()))
def test_any_name_has_a_result(client: FlaskClient, name: str) -> None:
    for each in ask(client, query=name, limit=100):
        assert 0 <= each["score"] <= 100
