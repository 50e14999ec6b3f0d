"""Evaluation of queries: formats, data sets, errors."""

import json
from typing import get_args

import pyoxigraph as ox
import pytest

from graph.core.errors import BadInput, Forbidden, NotAcceptable, Unavailable, UtsagaError
from graph.query.evaluate import evaluate
from graph.query.store import ReleaseStore
from graph.rdf import formats
from graph.rdf.formats import Form
from graph.rdf.query_types import Dataset, QueryRequest, QueryResponse
from graph.rdf.writer import write_graph

NO_DATASET = Dataset()
FORMS: tuple[Form, ...] = get_args(Form)
S, P, G, H = (ox.NamedNode(f"http://example.org/{name}") for name in "spgh")


@pytest.fixture(scope="module")
def store() -> ReleaseStore:
    return ReleaseStore.of(
        [
            ox.Quad(S, P, ox.Literal("hej", language="sv"), G),
            ox.Quad(S, P, ox.Literal(5), G),
            ox.Quad(S, P, ox.Literal("hej", language="sv"), H),
            ox.Quad(S, P, S),
        ]
    )


def preferred(form: Form) -> str:
    return formats.formats_for(form)[0].media_type


def run(store: ReleaseStore, text: str, name: str = "", dataset: Dataset = NO_DATASET) -> QueryResponse:
    choices = {form: name or preferred(form) for form in FORMS}
    return evaluate(store, QueryRequest(text, choices, dataset, "http://example.org/base/"))


def count_rows(store: ReleaseStore, text: str, **graphs: tuple[str, ...]) -> int:
    result = run(store, text, dataset=Dataset(**graphs))
    return len(json.loads(result.read())["results"]["bindings"])


def test_json_keeps_language_and_datatype(store: ReleaseStore) -> None:
    result = run(store, "SELECT ?o { GRAPH <../g> { ?s ?p ?o } } ORDER BY ?o")
    assert result.media_type == "application/sparql-results+json"
    cells = [row["o"] for row in json.loads(result.read())["results"]["bindings"]]
    assert {"type": "literal", "value": "hej", "xml:lang": "sv"} in cells
    assert {"type": "literal", "value": "5", "datatype": "http://www.w3.org/2001/XMLSchema#integer"} in cells


def test_csv_has_crlf_line_ends(store: ReleaseStore) -> None:
    assert run(store, "SELECT ?s { ?s ?p ?o }", "csv").read() == b"s\r\nhttp://example.org/s\r\n"


def test_a_boolean_is_written_only_as_json_or_xml(store: ReleaseStore) -> None:
    assert json.loads(run(store, "ASK {}").read()) == {"head": {}, "boolean": True}
    assert b"<boolean>true</boolean>" in run(store, "ASK {}", "xml").read()
    with pytest.raises(NotAcceptable, match="application/sparql-results"):
        run(store, "ASK {}", "csv")


def test_a_graph_has_no_duplicate_triples(store: ReleaseStore) -> None:
    both = Dataset((G.value, H.value))
    described = run(store, f"DESCRIBE {S}", "nt", both).read().splitlines()
    assert len(described) == len(set(described)) == 2


def test_turtle_declares_only_the_prefixes_it_uses(store: ReleaseStore) -> None:
    text = (
        run(store, "CONSTRUCT { ?s a <https://w3id.org/utsaga/ns#Municipality> } { ?s ?p ?o }")
        .read()
        .decode()
    )
    assert "@prefix uts: <https://w3id.org/utsaga/ns#>" in text
    assert "a uts:Municipality" in text
    assert "@prefix skos:" not in text


FROM_G = "SELECT * FROM <http://example.org/g> { ?s ?p ?o }"
EVERYWHERE = "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"


def test_the_dataset_of_the_protocol_overrides_that_of_the_query(store: ReleaseStore) -> None:
    assert count_rows(store, EVERYWHERE) == 4
    assert count_rows(store, FROM_G) == 2
    assert count_rows(store, FROM_G, default_graphs=(H.value,)) == 1
    assert count_rows(store, EVERYWHERE, default_graphs=(G.value,)) == 2
    assert count_rows(store, EVERYWHERE, named_graphs=(H.value,)) == 1
    assert count_rows(store, EVERYWHERE, default_graphs=(G.value,), named_graphs=(H.value,)) == 3
    assert count_rows(store, EVERYWHERE, default_graphs=("http://example.org/none",)) == 0


def test_a_graph_named_twice_counts_once(store: ReleaseStore) -> None:
    assert count_rows(store, EVERYWHERE, default_graphs=(G.value, G.value)) == 2


def test_a_graph_must_be_named_by_an_absolute_iri(store: ReleaseStore) -> None:
    with pytest.raises(BadInput, match="named-graph-uri"):
        run(store, "ASK {}", dataset=Dataset(named_graphs=("g",)))


def test_relative_iris_are_resolved_against_the_base(store: ReleaseStore) -> None:
    assert b"http://example.org/base/x" in run(store, "SELECT (<x> AS ?x) {}").read()
    assert b"http://example.org/y/x" in run(store, "BASE </y/> SELECT (<x> AS ?x) {}").read()


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("SELECT ?s\n{ ?s ?p ?o .\n  FILTR(?o) }", "line 3, column 3", "FILTR"),
        ("SELECT { ?s ?p ?o }", "line 1, column 8", "near “{”"),
        ("SELECT ?s\r\n{ ?s ?p ?o } ORDER ?s", "line 2, column 20", "near “?s”"),
        ("SELECT ?s { ?s ?p ?o } GROUP BY ?p", "line 1, column 33", "variable that is unbound"),
        ("SELECT * { ?s ?p ?o } GROUP BY ?s", "line 1", "not authorized with GROUP BY"),
        ("DESCRIBE", "line 1, column 9", "at its end"),
        ("ASK { ?å ?ö 'å' 'ä' }", "line 1, column 17", "near “'ä'”"),
    ],
)
def test_a_syntax_error_has_a_place_and_a_reason(
    store: ReleaseStore, text: str, where: str, words: str
) -> None:
    with pytest.raises(BadInput) as refused:
        run(store, text)
    fault = refused.value.faults[0]
    assert fault.where.startswith(where)
    assert words in fault.message


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("ASK { SERVICE <http://127.0.0.1/> {} }", Forbidden),
        ("INSERT DATA { <a:s> <a:p> 1 }", BadInput),
        ("SELECT (<http://www.w3.org/2001/XMLSchema#date>(1, 2) AS ?x) {}", BadInput),
        ("ASK { ?s ?p '\ud800' }", BadInput),
        ("", BadInput),
    ],
)
def test_queries_that_are_not_allowed_are_refused(
    store: ReleaseStore, text: str, error: type[UtsagaError]
) -> None:
    with pytest.raises(error):
        run(store, text)


def test_an_invalid_base_iri_is_bad_input(store: ReleaseStore) -> None:
    with pytest.raises(BadInput):
        evaluate(store, QueryRequest("ASK {}", {"boolean": preferred("boolean")}, base_iri="not an IRI"))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('SELECT ("\\u0001" AS ?x) {}', "xml"),
        ('SELECT ("\\uFFFE" AS ?x) {}', "xml"),
        ('CONSTRUCT { <a:s> <a:p> "\\u0001" } {}', "rdf"),
        ("CONSTRUCT { <a:s> <a:p> <<( <a:s> <a:p> 1 )>> } {}", "jsonld"),
    ],
)
def test_a_result_that_a_format_cannot_express_is_refused(store: ReleaseStore, text: str, name: str) -> None:
    with pytest.raises(NotAcceptable, match="cannot be written"):
        run(store, text, name)


def test_a_store_that_fails_is_unavailable() -> None:
    class Failing:
        def query(self, *_: object, **__: object) -> None:
            raise OSError("a file is missing")

    broken = ReleaseStore(Failing(), union=True)  # type: ignore[arg-type]
    with pytest.raises(Unavailable, match="a file is missing"):
        run(broken, "ASK {}")


@pytest.mark.parametrize("name", [each.name for each in formats.formats_for("graph")])
def test_every_graph_format_round_trips(store: ReleaseStore, name: str) -> None:
    chosen = formats.find_format(name, "graph")
    assert chosen is not None
    triples = {ox.Triple(S, P, ox.Literal("é\n", language="sv")), ox.Triple(S, P, S)}
    body = write_graph(sorted(triples, key=str), chosen)
    assert isinstance(chosen.engine, ox.RdfFormat)
    assert {quad.triple for quad in ox.parse(body, format=chosen.engine)} == triples


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("SELECT (<urn:f>(?o) AS ?x) { ?s ?p ?o }", [{}]),
        ("SELECT ?s { ?s ?p ?o FILTER(<urn:f>(?o)) }", []),
        ("SELECT ?x { BIND(COALESCE(<urn:f>(1), 2) AS ?x) }", ["2"]),
        ("SELECT ?x { VALUES ?x { 3 4 } } ORDER BY <f>(?x) DESC(?x) <urn:f>(?x)", ["4", "3"]),
        ("SELECT ?x { VALUES ?x { 3 } FILTER(!BOUND(?y) || <urn:f>()) }", ["3"]),
    ],
)
def test_a_call_of_an_unknown_function_is_an_error_of_its_expression(
    store: ReleaseStore, text: str, rows: list[object]
) -> None:
    result = run(store, text)
    found = json.loads(result.read())["results"]["bindings"]
    assert [row["x"]["value"] if row else {} for row in found] == rows
    base = ("http://example.org/base/f",) if "<f>" in text else ()
    called = () if "BOUND" in text else ("urn:f",)
    assert result.unknown_functions == base + called


def test_a_function_of_the_engine_is_not_unknown(store: ReleaseStore) -> None:
    cast = 'SELECT (<http://www.w3.org/2001/XMLSchema#integer>("7") AS ?x) (<urn:f>() AS ?y) {}'
    result = run(store, cast)
    assert json.loads(result.read())["results"]["bindings"][0]["x"]["value"] == "7"
    assert result.unknown_functions == ("urn:f",)


def test_an_unknown_function_leaves_the_rest_of_a_graph(store: ReleaseStore) -> None:
    result = run(
        store, "CONSTRUCT { ?s ?p ?x } { ?s ?p ?o BIND(IF(isIRI(?o), ?o, <urn:f>(?o)) AS ?x) }", "nt"
    )
    assert result.read().count(b"\n") == 1
