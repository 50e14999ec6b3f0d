"""Stored queries: headers, services and parameters."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from graph.core.errors import BadInput
from graph.core.namespaces import BASE, CODE, ID, UTS, XSD
from graph.query import guard
from graph.query.parameters import Parameter, ParameterType
from graph.query.row_bounds import RowBounds
from graph.query.stored import (
    StoredQuery,
    bind_parameters,
    load_checks,
    load_queries,
)

TEXTS = {"sv": "ord", "en": "words"}
HEADER = """\
#+ title: {sv: Fråga, en: Question}
#+ description: {sv: Svar, en: Answer}
#+ keywords: [ord, words]
"""
SELECT = "SELECT ?value WHERE { ?subject <http://example.org/is> ?value }"


def stored(type_: ParameterType, *, required: bool = False) -> StoredQuery:
    parameter = Parameter("value", type_, TEXTS, required)
    return StoredQuery("example", TEXTS, TEXTS, SELECT + "\n# the end", (), (parameter,))


def store_with(value: NamedNode | Literal) -> Store:
    """Return a store with `value` and two other values."""
    store = Store()
    for subject, term in (("a", value), ("b", Literal("another")), ("b", NamedNode("http://example.org/b"))):
        store.add(Quad(NamedNode(f"http://example.org/{subject}"), NamedNode("http://example.org/is"), term))
    return store


def select_values(store: Store, text: str) -> list[object]:
    solutions = store.query(text)
    assert isinstance(solutions, QuerySolutions)
    return [solution["value"] for solution in solutions]


def write_query(folder: Path, text: str) -> Path:
    (folder / "example.rq").write_text(text, "utf-8")
    return folder


# ---- the queries of the project


@pytest.mark.parametrize("name", load_queries())
def test_a_query_has_texts_in_both_languages(name: str) -> None:
    query = load_queries()[name]
    for texts in (query.title, query.description, *(p.label for p in query.parameters)):
        assert set(texts) == {"sv", "en"}
        assert texts["sv"] != texts["en"] or texts is not query.title
    assert len(query.keywords) == len(set(query.keywords)) >= 2
    assert not query.text.startswith("#")


@pytest.mark.parametrize("name", [name for name, query in load_queries().items() if not query.services])
def test_a_query_of_our_own_data_says_how_many_rows_it_gives(name: str) -> None:
    bounds = load_queries()[name].bounds
    assert bounds, f"write “#+ rows: {{min: …, max: …}}” in queries/{name}.rq"
    assert 1 <= bounds.minimum < bounds.maximum


@pytest.mark.parametrize("name", load_checks())
def test_a_check_has_texts_in_both_languages(name: str) -> None:
    check = load_checks()[name]
    assert f"SELECT {' '.join('?' + c for c in check.columns)} WHERE" in check.text.replace(" DISTINCT", "")
    for language in ("sv", "en"):
        fault = check.fault({column: f"<{column}>" for column in check.columns}, language)
        assert fault.message
        assert fault.remedy
        assert check.title[language]
        assert fault.where == f"<{next(iter(check.columns))}>"
        assert fault.rule == name


# ---- headers


def test_a_query_is_loaded(tmp_path: Path) -> None:
    header = HEADER + "#+ parameters:\n#+   value: {type: date, label: {sv: Dag, en: Day}, required: true}\n"
    query = load_queries(write_query(tmp_path, header + SELECT))["example"]
    assert query == StoredQuery(
        "example",
        {"sv": "Fråga", "en": "Question"},
        {"sv": "Svar", "en": "Answer"},
        SELECT + "\n",
        ("ord", "words"),
        (Parameter("value", "date", {"sv": "Dag", "en": "Day"}, required=True),),
    )


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (SELECT, 1, "no header"),
        ("", 1, "no header"),
        ("#+ - title\n" + SELECT, 1, "mapping was expected"),
        (HEADER + "#+ tags: [a]\n" + SELECT, 4, "“tags” is not known here"),
        (HEADER + "#+ title: {sv: Fråga, en: Question}\n" + SELECT, 4, "“title” is written twice"),
        ("#+\n#+ title: {sv: Fråga, en: Question}\n" + SELECT, 2, "“description” is missing"),
        (HEADER.replace(", en: Answer", "") + SELECT, 2, "“en” is missing"),
        (HEADER.replace("en: Answer", "de: Antwort") + SELECT, 2, "“de” is not known here"),
        (HEADER.replace("Answer", "' '") + SELECT, 2, "text was expected"),
        (HEADER.replace("[ord, words]", "ord") + SELECT, 3, "list was expected"),
        (HEADER.replace("[ord, words]", "[[ord]]") + SELECT, 3, "text was expected"),
        (HEADER.replace("[ord, words]", "[ord") + SELECT, 3, "not YAML"),
        (HEADER.replace("[ord, words]", "[\x01]") + SELECT, 1, "not YAML"),
        (HEADER.replace("[ord, words]", "*ord") + SELECT, 3, "not YAML"),
        (
            HEADER + "#+ parameters:\n#+   a: {type: number, label: {sv: A, en: A}}\n",
            5,
            "“number” is not known",
        ),
        (HEADER + "#+ parameters:\n#+   a: {type: iri}\n", 5, "“label” is missing"),
        (HEADER + "#+ rows: 5\n" + SELECT, 4, "mapping was expected"),
        (HEADER + "#+ rows: {min: 1}\n" + SELECT, 4, "“max” is missing"),
        (HEADER + "#+ rows: {min: -1, max: 5}\n" + SELECT, 4, "“-1” is no count"),
        (HEADER + "#+ rows: {min: 1, max: many}\n" + SELECT, 4, "“many” is no count"),
        (HEADER + "#+ rows: {min: 1, max: 10000000000}\n" + SELECT, 4, "“10000000000” is no count"),
        (HEADER + "#+ rows: {min: 6, max: 5}\n" + SELECT, 4, "no number of rows is within 6–5"),
        (
            HEADER + "#+ parameters:\n#+   a: {type: iri, kind: x, label: {sv: A, en: A}}\n",
            5,
            "“x” is not known",
        ),
    ],
)
def test_an_invalid_header_is_refused_with_its_line(
    tmp_path: Path, text: str, line: int, message: str
) -> None:
    with pytest.raises(BadInput) as caught:
        load_queries(write_query(tmp_path, text))
    (fault,) = caught.value.faults
    assert fault.where == f"{tmp_path / 'example.rq'}:{line}"
    assert message in fault.message
    assert fault.remedy


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "example.rq").write_bytes(HEADER.encode("latin-1"))
    with pytest.raises(BadInput, match="UTF-8"):
        load_queries(tmp_path)


def test_a_check_without_remedy_is_refused(tmp_path: Path) -> None:
    header = "#+ title: {sv: A, en: A}\n#+ message: {sv: A, en: A}\n#+ columns: {}\n"
    with pytest.raises(BadInput, match="“remedy” is missing"):
        load_checks(write_query(tmp_path, header + SELECT))


def test_a_header_says_how_many_rows_are_expected(tmp_path: Path) -> None:
    header = HEADER + "#+ rows: {min: 2, max: 4}\n"
    bounds = load_queries(write_query(tmp_path, header + SELECT))["example"].bounds
    assert bounds == RowBounds(2, 4)
    assert [rows for rows in range(7) if bounds.allow(rows)] == [2, 3, 4]
    assert load_queries(write_query(tmp_path, HEADER + SELECT))["example"].bounds is None


# ---- services


SERVICE = "SELECT * { ?s ?p ?o SERVICE <https://a.example/sparql> { ?s ?q ?r } }"
FEDERATED = HEADER + '#+ services: ["https://a.example/sparql"]\n'


def test_services_that_are_not_allowed_are_found(tmp_path: Path) -> None:
    query = load_queries(write_query(tmp_path, FEDERATED + SERVICE))["example"]
    assert query.services == ("https://a.example/sparql",)
    assert query.disallowed_services(["https://a.example/sparql"]) == ()
    assert query.disallowed_services(["https://b.example/sparql"]) == query.services


@pytest.mark.parametrize(
    "text", [HEADER + SERVICE, FEDERATED + SELECT, FEDERATED + SERVICE.replace("a.example", "b.example")]
)
def test_the_header_declares_exactly_the_services_of_the_query(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInput, match="SERVICE differ"):
        load_queries(write_query(tmp_path, text))


@pytest.mark.parametrize("name", load_queries())
def test_a_query_calls_only_the_services_it_declares(name: str) -> None:
    query = load_queries()[name]
    allowed = frozenset(query.services)
    assert guard.check_query(query.text, base_iri=BASE, allowed_services=allowed).form == "bindings"


# ---- parameters


@pytest.mark.parametrize(
    ("type_", "value", "term"),
    [
        ("iri", ID + "organisation/malmo-kommun", NamedNode(ID + "organisation/malmo-kommun")),
        ("iri", "organisation/malmo-kommun", NamedNode(ID + "organisation/malmo-kommun")),
        ("iri", "code:adoption-status/in-use", NamedNode(CODE + "adoption-status/in-use")),
        ("iri", " urn:isbn:1 ", NamedNode("urn:isbn:1")),
        ("text", "microsoft", Literal("microsoft")),
        ("date", "2017", Literal("2017", datatype=NamedNode(XSD + "gYear"))),
        ("date", "2017-05", Literal("2017-05", datatype=NamedNode(XSD + "gYearMonth"))),
        ("date", "2017-05-31", Literal("2017-05-31", datatype=NamedNode(XSD + "date"))),
    ],
)
def test_a_parameter_is_bound_to_a_value(type_: ParameterType, value: str, term: NamedNode | Literal) -> None:
    assert select_values(store_with(term), bind_parameters(stored(type_), {"value": value})) == [term]


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip))
def test_any_text_is_bound_as_a_literal(value: str) -> None:
    term = Literal(value.strip())
    assert select_values(store_with(term), bind_parameters(stored("text"), {"value": value})) == [term]


@given(st.text())
def test_no_iri_changes_the_query(value: str) -> None:
    try:
        text = bind_parameters(stored("iri"), {"value": f"http://example.org/{value}"})
    except BadInput:
        return
    assert select_values(store_with(Literal("other")), text) in ([], [NamedNode("http://example.org/b")])


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("iri", "malmo-kommun"),
        ("iri", "http://example.org/> } #"),
        ("iri", "http://example.org/a b"),
        ("iri", "http://example.org/\\u003E"),
        ("iri", "uts:{"),
        ("text", "\ud800"),
        ("date", "igår"),
        ("date", "2017-13"),
        ("date", "2017-02-30"),
        ("date", "20170531"),
        ("date", "２０１７"),
        ("date", '2017" } #'),
    ],
)
def test_a_value_of_the_wrong_type_is_refused(type_: ParameterType, value: str) -> None:
    with pytest.raises(BadInput) as caught:
        bind_parameters(stored(type_), {"value": value})
    (fault,) = caught.value.faults
    assert (fault.where, fault.rule) == ("value", type_)
    assert fault.remedy


DEFAULTED = HEADER + '#+ parameters:\n#+   at: {type: date, default: "2017-10", label: {sv: Tid, en: Time}}\n'
CLAUSE = 'VALUES (?atFirst ?atLast) { ("2017-10-01"^^xsd:date "2017-10-31"^^xsd:date) }'
ANY = "VALUES (?atFirst ?atLast) { (UNDEF UNDEF) }"
YEAR = f'VALUES (?atFirst ?atLast) {{ ("2018-01-01"^^<{XSD}date> "2018-12-31"^^<{XSD}date>) }}'


def test_a_value_replaces_the_default_in_the_query(tmp_path: Path) -> None:
    query = load_queries(write_query(tmp_path, f"{DEFAULTED}SELECT * {{ {CLAUSE} }}\n"))["example"]
    assert bind_parameters(query, {}) == bind_parameters(query, {"at": " "}) == query.text
    assert bind_parameters(query, {"at": "2018"}) == f"SELECT * {{ {YEAR} }}\n"


def test_a_default_may_be_any(tmp_path: Path) -> None:
    text = DEFAULTED.replace('"2017-10"', "any")
    query = load_queries(write_query(tmp_path, f"{text}SELECT * {{ {{ {ANY} }} {{ {ANY} }} }}\n"))["example"]
    assert query.parameters[0].default == ""
    assert bind_parameters(query, {}) == query.text
    assert bind_parameters(query, {"at": "2018"}) == f"SELECT * {{ {{ {YEAR} }} {{ {YEAR} }} }}\n"


@pytest.mark.parametrize("pattern", ["", CLAUSE.replace("10-31", "10-30")])
def test_a_default_that_the_query_does_not_contain_is_refused(tmp_path: Path, pattern: str) -> None:
    with pytest.raises(BadInput, match="does not contain the default"):
        load_queries(write_query(tmp_path, f"{DEFAULTED}SELECT * {{ {pattern} }}\n"))


def test_a_default_of_the_wrong_type_is_refused(tmp_path: Path) -> None:
    text = DEFAULTED.replace("2017-10", "2017-13") + f"SELECT * {{ {CLAUSE} }}\n"
    with pytest.raises(BadInput, match="cannot be read"):
        load_queries(write_query(tmp_path, text))


LINEAGE = (
    HEADER
    + """\
#+ parameters:
#+   product: {type: iri, label: {sv: Produkt, en: Product}}
#+   lineage: {type: lineage, of: product, label: {sv: Följ, en: Follow}}
SELECT ?product WHERE {
  ?product <http://example.org/is> "x"
}
"""
)


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, "abcd"),
        ({"product": ID + "product/b"}, "b"),
        ({"product": ID + "product/b", "lineage": "0"}, "b"),
        ({"product": ID + "product/b", "lineage": "1"}, "abc"),
        ({"lineage": "1"}, "abcd"),
    ],
)
def test_lineage_adds_predecessors_and_successors(tmp_path: Path, values: dict[str, str], found: str) -> None:
    query = load_queries(write_query(tmp_path, LINEAGE))["example"]
    store, successor = Store(), NamedNode(UTS + "successorOf")
    products = {name: NamedNode(f"{ID}product/{name}") for name in "abcd"}
    for product in products.values():
        store.add(Quad(product, NamedNode("http://example.org/is"), Literal("x")))
    store.add(Quad(products["b"], successor, products["a"]))
    store.add(Quad(products["c"], successor, products["b"]))
    text = bind_parameters(query, values)
    solutions = store.query(text)
    assert isinstance(solutions, QuerySolutions)
    assert sorted(solution["product"].value[-1] for solution in solutions) == list(found)


def test_lineage_is_on_or_off(tmp_path: Path) -> None:
    query = load_queries(write_query(tmp_path, LINEAGE))["example"]
    with pytest.raises(BadInput, match="“yes” is neither 1 nor 0"):
        bind_parameters(query, {"product": "product/b", "lineage": "yes"})


@pytest.mark.parametrize(
    "text",
    [LINEAGE.replace("of: product, ", ""), LINEAGE.replace("type: iri,", "type: iri, of: lineage,")],
)
def test_only_lineage_says_which_parameter_it_widens(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInput, match="does not say which parameter it widens"):
        load_queries(write_query(tmp_path, text))


def test_an_optional_parameter_may_be_left_unbound() -> None:
    query = stored("text")
    assert bind_parameters(query, {}) == bind_parameters(query, {"value": " "}) == query.text


def test_a_missing_required_parameter_is_refused() -> None:
    with pytest.raises(BadInput, match="needs a value for “value”"):
        bind_parameters(stored("text", required=True), {"value": ""})


def test_an_unknown_parameter_is_refused() -> None:
    with pytest.raises(BadInput, match="use one of value"):
        bind_parameters(stored("text"), {"status": ""})
    with pytest.raises(BadInput, match="the query has none"):
        bind_parameters(StoredQuery("example", TEXTS, TEXTS, SELECT, (), ()), {"status": "x"})


def test_a_parameter_has_the_kind_of_its_name_or_of_its_header() -> None:
    kinds: dict[str, set[str]] = {}
    for query in load_queries().values():
        for parameter in query.parameters:
            if parameter.type == "iri":
                kinds.setdefault(parameter.name, set()).add(parameter.kind)
    for name in ("organisation", "organisationA", "organisationB", "waitsFor", "obstacleBy", "other"):
        assert kinds[name] == {"organisation"}, name
    assert kinds["product"] == kinds["line"] == {"product"}
    assert kinds["law"] == kinds["provision"] == {"law"}
    assert kinds["status"] == kinds["outcome"] == {"code"}
    assert kinds["entity"] == {"entity"}
    assert {name for name, own in kinds.items() if "" in own} == {"external", "kind", "relation"}
