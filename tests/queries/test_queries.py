"""Every stored query and every check, on a graph small enough to read and on the whole one."""

import time
from collections import Counter
from pathlib import Path

import pytest
import yaml
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store, Triple, parse
from rdflib.plugins.sparql import prepareQuery

from graph.backends.in_process import InProcess
from graph.claims.claims import read_adoption
from graph.claims.reasons import assessments_behind
from graph.core.errors import BadInput, Fault
from graph.core.namespaces import BASE, CODE, ID, UTS
from graph.query import stored as catalogue
from graph.query.parameters import LINEAGE, Parameter
from graph.read.entities import Entities
from graph.release.release import Release
from graph.rules.periods import periods

EVERY = catalogue.load_queries()
QUERIES = {name: query for name, query in EVERY.items() if not query.services}
CHECKS = catalogue.load_checks()
TEXTS = {name: query.text for name, query in EVERY.items()}
TEXTS |= {f"checks/{name}": check.text for name, check in CHECKS.items()}
PARAMETERS = [
    (name, p.name)
    for name, stored in QUERIES.items()
    for p in stored.parameters
    if p.default is None and p.type != LINEAGE
]
SHORTENED = [name for name, stored in QUERIES.items() if stored.marked_text]
"""The queries with lines that are left out where no time is given."""

DEFAULTS = [(name, p) for name, stored in QUERIES.items() for p in stored.parameters if p.default is not None]

COLUMNS = {
    "adoption-status": "organisation organisationLabel product productLabel status asOf source",
    "who-uses-office-365": "organisation organisationLabel status scope",
    "statements-by-organisation": "organisationLabel speakerLabel role kind textSv textEn source",
    "people-and-offices": "person personLabel role organisationLabel statements asOf",
    "laws-cited": "law lawLabel identifier organisationLabel statement",
    "legal-assessments": "organisation organisationLabel product law outcome condition madeIn concerns "
    "actInferred",
    "disagreements": "product organisationA outcomeA lawA madeInA organisationB outcomeB lawB madeInB "
    "statementA statementB actInferredA actInferredB",
    "safeguards": "organisationLabel speakerLabel textSv",
    "waiting-for-gothenburg": "organisationLabel statement textSv",
    "products-and-deployment": "product productLabel vendorLabel deployment organisations",
    "evidence": "statement source start end digest",
    "then-and-now": "organisationLabel statusThen thenAsOf mailProviderNow evidenceNow nowAsOf adoption",
    "mail-providers": "organisation organisationLabel provider evidence asOf",
    "mail-providers-by-kind": "kind provider bodies observed",
    "mail-providers-by-county": "county countyLabel provider bodies",
    "coverage": "kind inRegister withStatement withObservation",
    "same-as": "entity entityLabel external",
    "external-links": "entity entityLabel external relation",
    "law-in-force": "law lawLabel from until replacedBy",
    "as-of": (
        "organisation organisationLabel product productLabel status validFrom validUntil source lastConfirmed"
    ),
    "latest-status": "organisation organisationLabel product status asOf lastConfirmed line",
    "outcomes-changed": "organisation organisationLabel product before beforeAt after afterAt law "
    "assessmentBefore assessmentAfter",
    "users-despite-obstacle": "organisation organisationLabel product status obstacleBy law asOf",
    "speakers-by-organisations": "person personLabel organisations statements",
    "organisations-by-status": "kind status product productLabel bodies",
    "laws-by-citations": "law lawLabel statements organisations",
    "reasons": "organisation organisationLabel product status since outcome law textSv textEn statement",
    "agreements": "statement organisationLabel relation otherStatement otherLabel",
    "in-the-cloud": "organisation organisationLabel product deployment asOf adoption",
    "unread-sources": "source sourceLabel statements reportedIn",
    "population-by-status": "status municipalities population share product productLabel populationAsOf",
    "safeguards-shared": "safeguard safeguardLabel organisations example",
    "information-shared": "information informationLabel organisations example",
    "provisions-tested": "provision provisionLabel organisationLabel outcome madeIn assessment",
    "supervisory-decisions": (
        "authorityLabel organisation organisationLabel law outcome amount currency madeIn assessment"
    ),
    "quantities": "organisationLabel product quantity value unit asOf statement precision organisation",
    "hedged-claims": "statement organisationLabel speechAct certainty textSv",
    "who-waits-for-whom": "organisation organisationLabel waitsFor waitsForLabel statement textSv",
    "american-mail": "kind observed microsoftOrGoogle onOwnServers",
}

KIND_ADOPTION = f"{CODE}statement-kind/adoption"
MAX_SECONDS = 2.0
"""Of processor time for one stored query, so that no server under load takes longer than it may."""

HERE = Path(__file__).parent
ANSWERS: dict[str, str] = yaml.safe_load((HERE / "answers.yaml").read_text("utf-8"))
FAULTS: dict[str, dict[str, str]] = yaml.safe_load((HERE / "faults.yaml").read_text("utf-8"))


def sample_store(more: str = "") -> Store:
    """The sample, with `more` triples in a graph of their own; the default graph is the union."""
    text = (HERE / "sample.trig").read_text("utf-8")
    if more:
        text += f"GRAPH graph:more {{ {more} }}"
    store = Store()
    quads = list(parse(text, format=RdfFormat.TRIG))
    for quad in (*quads, *periods(quads)):
        store.add(quad)
        store.add(Quad(quad.subject, quad.predicate, quad.object))
    return store


@pytest.fixture(scope="module")
def sample() -> Store:
    return sample_store()


def shown(term: NamedNode | BlankNode | Literal | Triple | None) -> str:
    if term is None:
        return ""
    assert isinstance(term, NamedNode | Literal), f"{term} has no identifier"
    return term.value.removeprefix(ID).removeprefix(CODE).removeprefix(BASE)


def answer(store: Store, text: str) -> tuple[list[str], list[tuple[str, ...]]]:
    solutions = store.query(text)
    assert isinstance(solutions, QuerySolutions)
    return [v.value for v in solutions.variables], [tuple(map(shown, solution)) for solution in solutions]


def faults(store: Store, check: catalogue.DataCheck) -> list[Fault]:
    columns, rows = answer(store, check.text)
    return [check.fault(dict(zip(columns, row, strict=True))) for row in rows]


def test_every_query_whose_time_may_be_left_out_has_a_short_form() -> None:
    timed = {
        name
        for name, stored in QUERIES.items()
        for p in stored.parameters
        if (p.type, p.default) == ("date", "")
    }
    assert timed == set(SHORTENED)


def test_the_queries_are_those_of_the_interface() -> None:
    assert set(QUERIES) == set(COLUMNS)


@pytest.mark.parametrize("name", COLUMNS)
def test_columns(name: str, sample: Store) -> None:
    columns, _ = answer(sample, QUERIES[name].text)
    assert columns == COLUMNS[name].split()


@pytest.mark.parametrize("name", ANSWERS)
def test_answer_on_the_sample(name: str, sample: Store) -> None:
    expected = [tuple(line.split("|")) for line in ANSWERS[name].splitlines()]
    assert answer(sample, QUERIES[name].text)[1] == expected


@pytest.mark.parametrize("name", SHORTENED)
def test_the_short_form_has_the_rows_of_the_file_as_it_stands(
    name: str, sample: Store, graph_store: Store
) -> None:
    stored = QUERIES[name]
    assert "asof" not in stored.text
    assert "#~" not in stored.text + catalogue.bind_parameters(stored, {"asof": "2017"})
    for store in (sample, graph_store):
        assert answer(store, stored.text) == answer(store, stored.marked_text)
    assert answer(graph_store, stored.text)[1]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_standard_and_ordered(text: str) -> None:
    prepareQuery(text)
    assert "\nORDER BY " in text


@pytest.mark.parametrize(("name", "parameter"), PARAMETERS)
def test_a_parameter_divides_the_answer(name: str, parameter: str, sample: Store) -> None:
    """Each row belongs to exactly one value: the variable is in scope, and bound in every row."""
    stored = QUERIES[name]
    whole = Counter(answer(sample, stored.text)[1])
    terms = {term for quad in sample for term in (quad.subject, quad.object)}
    values = {term.value for term in terms if isinstance(term, NamedNode | Literal)}
    values |= {quad.predicate.value for quad in sample}
    parts: Counter[tuple[str, ...]] = Counter()
    for value in values:
        try:
            text = catalogue.bind_parameters(stored, {parameter: value})
        except BadInput:
            continue
        parts.update(answer(sample, text)[1])
    assert parts == whole


@pytest.mark.parametrize(("name", "parameter"), DEFAULTS)
def test_a_default_is_what_holds_when_nothing_is_given(
    name: str, parameter: Parameter, sample: Store
) -> None:
    stored = QUERIES[name]
    given = catalogue.bind_parameters(stored, {parameter.name: parameter.default or ""})
    assert answer(sample, given) == answer(sample, stored.text)
    other = catalogue.bind_parameters(
        stored, {parameter.name: "organisation/none" if parameter.type == "iri" else "1066"}
    )
    assert answer(sample, other)[1] == []


def test_two_parameters_are_both_held_to(sample: Store) -> None:
    stored = QUERIES["adoption-status"]
    both = {"organisation": "organisation/malmo-kommun", "status": "code:adoption-status/in-use-in-part"}
    assert len(answer(sample, catalogue.bind_parameters(stored, both))[1]) == 1
    neither = both | {"status": "code:adoption-status/paused"}
    assert answer(sample, catalogue.bind_parameters(stored, neither))[1] == []


def test_every_check_has_a_fault_to_find() -> None:
    assert set(FAULTS) == set(CHECKS)


@pytest.mark.parametrize("name", CHECKS)
def test_check_is_content_with_the_sample(name: str, sample: Store) -> None:
    assert faults(sample, CHECKS[name]) == []


@pytest.mark.parametrize("name", FAULTS)
def test_check_finds_its_fault(name: str) -> None:
    found = faults(sample_store(FAULTS[name]["triples"]), CHECKS[name])
    assert FAULTS[name]["where"] in [fault.where for fault in found]
    assert all("{" not in fault.message and fault.rule == name and fault.remedy for fault in found)


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_has_an_answer_on_the_whole_graph(name: str, graph_store: Store) -> None:
    began = time.thread_time()
    columns, rows = answer(graph_store, QUERIES[name].text)
    assert time.thread_time() - began < MAX_SECONDS
    assert columns == COLUMNS[name].split()
    assert rows
    assert len(rows) == len(set(rows))


@pytest.mark.parametrize("name", CHECKS)
def test_no_check_finds_a_fault_in_the_whole_graph(name: str, graph_store: Store) -> None:
    assert faults(graph_store, CHECKS[name]) == []


def states(store: Store, **values: str) -> set[tuple[str, str]]:
    """What as-of answers: each product with its status, or the organisation's where a product is given."""
    _, rows = answer(store, catalogue.bind_parameters(QUERIES["as-of"], values))
    return {(row[2].removeprefix("product/"), row[4].removeprefix("adoption-status/")) for row in rows}


@pytest.mark.parametrize(
    ("date", "status", "begins"),
    [
        ("2015", "", ""),
        ("2016", "decided", "2016-08"),
        ("2016-06", "considering", "2016-06-29"),
        ("2016-06-28", "", ""),
        ("2017-03", "decided", "2016-08"),
        ("2017-09-30", "rolling-out", "2017-05"),
        ("2017-10", "paused", "2017-10"),
        ("2017-10-20", "paused", "2017-10"),
        ("2017-11", "rolling-out", "2017-11"),
        ("2017", "rolling-out", "2017-11"),
        ("2018-03", "rolling-out", "2017-11"),
        ("2018", "in-use", "2018-05"),
        ("2019-10-31", "in-use", "2018-05"),
        ("2019", "rolling-out", "2019-11"),
        ("2020", "rolling-out", "2019-11"),
        ("2021-05-31", "rolling-out", "2019-11"),
        ("2021-06", "in-use", "2018-05"),
        ("2022", "in-use", "2018-05"),
    ],
)
def test_one_thing_held_for_gothenburg_and_office_365(
    graph_store: Store, date: str, status: str, begins: str
) -> None:
    which = {"organisation": "organisation/goteborgs-kommun", "product": "product/office-365"}
    _, rows = answer(graph_store, catalogue.bind_parameters(QUERIES["as-of"], which | {"asof": date}))
    assert {row[4:6] for row in rows} == ({(f"adoption-status/{status}", begins)} if status else set())


def test_without_a_beginning_and_an_end_a_claim_holds_only_for_its_own_time(graph_store: Store) -> None:
    malmo = {"organisation": "organisation/malmo-kommun"}
    assert states(graph_store, asof="2017-02", **malmo) == {("office-365", "in-use")}
    assert states(graph_store, asof="2018", **malmo) == set()


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("adoption-status", ("organisation", "product", "status")),
        ("who-uses-office-365", ("organisation", "status")),
    ],
)
@pytest.mark.parametrize("time", ["2016-07", "2017", "2017-10", "2018-03", "2019-11", "2022"])
def test_other_queries_say_of_a_time_what_as_of_says(
    graph_store: Store, name: str, columns: tuple[str, ...], time: str
) -> None:
    header, rows = answer(graph_store, catalogue.bind_parameters(QUERIES[name], {"asof": time}))
    found = {tuple(row[header.index(column)] for column in columns) for row in rows}
    header, rows = answer(graph_store, catalogue.bind_parameters(QUERIES["as-of"], {"asof": time}))
    held = {tuple(row[header.index(column)] for column in columns) for row in rows if "/office-365" in row[2]}
    using = {f"adoption-status/{each}" for each in ("in-use", "in-use-in-part", "rolling-out", "paused")}
    if name == "who-uses-office-365":
        held = {row for row in held if row[-1] in using}
    else:
        found = {row for row in found if row[1] == "product/office-365"}
    assert found == held


def test_assessments_are_asked_of_a_time_too(graph_store: Store) -> None:
    def gothenburg(time: str) -> set[tuple[str, str]]:
        values = {"asof": time, "organisation": "organisation/goteborgs-kommun"}
        _, rows = answer(graph_store, catalogue.bind_parameters(QUERIES["legal-assessments"], values))
        return {(row[3], row[4].removeprefix("assessment-outcome/")) for row in rows}

    assert gothenburg("2017-10") == {("law/osl", "obstacle")}
    assert ("law/osl", "obstacle") not in gothenburg("2018-03")
    assert ("law/osl", "permitted-with-conditions") in gothenburg("2022")
    _, now = answer(graph_store, QUERIES["disagreements"].text)
    _, then = answer(graph_store, catalogue.bind_parameters(QUERIES["disagreements"], {"asof": "2017-10"}))
    assert set(then) <= set(now)
    assert {row[1] for row in then} == {"organisation/goteborgs-kommun"}
    others = ("ale-kommun", "imy", "malmo-kommun", "region-stockholm", "region-uppsala", "uppsala-kommun")
    assert {row[5] for row in then} == {f"organisation/{each}" for each in others}
    _, later = answer(graph_store, catalogue.bind_parameters(QUERIES["disagreements"], {"asof": "2018-03"}))
    assert later == []


def test_two_accounts_of_one_time_are_both_answered(graph_store: Store) -> None:
    agency = {"organisation": "organisation/skatteverket"}
    all_three = {
        ("microsoft-365", "decided"),
        ("microsoft-365", "evaluating"),
        ("microsoft-teams", "evaluating"),
    }
    assert states(graph_store, asof="2024-03-01", **agency) == all_three
    assert states(graph_store, asof="2023", **agency) == {("microsoft-teams", "declined")}


def test_an_adoption_that_has_ended_is_not_of_those_who_use_it(graph_store: Store) -> None:
    _, rows = answer(graph_store, QUERIES["who-uses-office-365"].text)
    assert [row[3] for row in rows if row[0] == "organisation/goteborgs-kommun"] == [
        "införandet fullföljt; avtalet förnyat till 2021, då ett nytt föreslås"
    ]


def test_mail_of_269_of_290_municipalities_goes_to_microsoft_or_google(graph_store: Store) -> None:
    _, rows = answer(graph_store, QUERIES["american-mail"].text)
    assert {row[0]: row[1:3] for row in rows}["ns#Municipality"] == ("290", "269")


def test_the_mail_of_one_county_and_the_number_at_one_provider(graph_store: Store) -> None:
    def rows(name: str, **values: str) -> list[tuple[str, ...]]:
        return answer(graph_store, catalogue.bind_parameters(QUERIES[name], values))[1]

    municipalities = "uts:Municipality"
    scania = rows("mail-providers", county="place/skane-lan", bodyType=municipalities)
    assert len({row[0] for row in scania}) == 33
    at_google = rows("mail-providers", provider="google", bodyType=municipalities)
    (count,) = rows("mail-providers-by-kind", provider="google", kind=municipalities)
    assert count[2:] == (str(len(at_google)), "290")


def test_offices_are_asked_of_an_organisation(graph_store: Store) -> None:
    stored = QUERIES["people-and-offices"]
    for office in ("it-chef", "Head of IT"):
        values = {"organisation": "organisation/malmo-kommun", "office": office}
        _, rows = answer(graph_store, catalogue.bind_parameters(stored, values))
        assert [(row[1], row[3], row[5]) for row in rows] == [("Patrik Kron", "Malmö kommun", "2017")]


def test_a_decision_about_a_board_is_one_about_its_organisation(graph_store: Store) -> None:
    stored = QUERIES["supervisory-decisions"]
    for name, boards in (("body", 1), ("organisation", 0)):
        _, rows = answer(graph_store, catalogue.bind_parameters(stored, {name: "organisation/malmo-kommun"}))
        assert [row[1] for row in rows] == ["organisation/malmo-kommun-grundskolenamnden"] * boards


def test_decisions_are_asked_of_one_kind_of_body_and_of_a_product(graph_store: Store) -> None:
    def concerned(**values: str) -> set[str]:
        _, rows = answer(graph_store, catalogue.bind_parameters(QUERIES["supervisory-decisions"], values))
        return {row[1].removeprefix("organisation/") for row in rows}

    regional = {"region-uppsala-regionstyrelsen", "region-uppsala-sjukhusstyrelsen"}
    assert concerned(bodyType="uts:Region") == regional
    assert {"salems-kommun", "malmo-kommun-grundskolenamnden"} < concerned(bodyType="uts:Municipality")
    assert "ale-kommun" not in concerned(product="product/google-apps")
    assert {"salems-kommun"} < concerned(product="product/google-apps")


def test_who_disagrees_with_an_organisation_is_another(graph_store: Store) -> None:
    values = {"body": "organisation/esam", "relation": "uts:contrastsWith"}
    _, rows = answer(graph_store, catalogue.bind_parameters(QUERIES["agreements"], values))
    assert "Göteborgs kommun" in {row[1] for row in rows}
    assert all((row[1] == "eSam") != (row[4] == "eSam") for row in rows)
    assert {row[2] for row in rows} == {"ns#contrastsWith"}


def test_the_reasons_for_a_status_are_those_of_the_pages(graph_store: Store, release: Release) -> None:
    entities = Entities(InProcess.open(release.store))
    told = {"adoption-status/declined", "adoption-status/discontinued", "adoption-status/paused"}
    expected = set()
    for name in entities.members(f"{UTS}Adoption"):
        adoption = read_adoption(entities, name)
        for each in assessments_behind(entities, adoption):
            said = any(statement.kind.iri != KIND_ADOPTION for statement in each.statements if statement.kind)
            of = (adoption.adopter, adoption.product, adoption.status, each.outcome)
            row = tuple(ref.iri.removeprefix(ID).removeprefix(CODE) for ref in of if ref)
            if said and row[2] in told:
                expected.add(row)
    _, rows = answer(graph_store, QUERIES["reasons"].text)
    assert {(row[0], row[2], row[3], row[5]) for row in rows if row[5]} == expected
    assert ("organisation/goteborgs-kommun", "adoption-status/paused") in {(row[0], row[3]) for row in rows}
    assert {row[3] for row in rows} <= told


def test_what_a_status_rests_on_is_a_reason_too(graph_store: Store) -> None:
    values = {"organisation": "organisation/skatteverket", "product": "product/microsoft-teams"}
    _, rows = answer(graph_store, catalogue.bind_parameters(QUERIES["reasons"], values))
    assert [(row[3], row[5]) for row in rows] == [("adoption-status/declined", "")]


def test_organisations_are_counted_once_for_each_status(graph_store: Store) -> None:
    values = {"kind": "uts:StateAgency", "product": "product/microsoft-teams"}
    _, rows = answer(graph_store, catalogue.bind_parameters(QUERIES["organisations-by-status"], values))
    assert {row[1]: row[4] for row in rows} == {
        "adoption-status/declined": "3",
        "adoption-status/evaluating": "1",
    }


def test_laws_are_in_the_order_of_their_citations(graph_store: Store) -> None:
    _, rows = answer(graph_store, QUERIES["laws-by-citations"].text)
    counts = [int(row[2]) for row in rows]
    assert counts == sorted(counts, reverse=True)
    assert {row[0].split("/")[0] for row in rows} == {"law"}


def test_the_latest_status_is_asked_of_one_kind_of_body(graph_store: Store) -> None:
    values = {"line": "product/office-365", "status": "code:adoption-status/evaluating"}
    _, some = answer(graph_store, catalogue.bind_parameters(QUERIES["latest-status"], values))
    _, regions = answer(
        graph_store,
        catalogue.bind_parameters(QUERIES["latest-status"], values | {"bodyType": "uts:Region"}),
    )
    assert {row[3] for row in some} == {"adoption-status/evaluating"}
    assert set(regions) < set(some)
    assert {row[0].rpartition("/")[2].partition("-")[0] for row in regions} <= {"region", "vastra"}


def test_a_statement_of_a_reported_source_needs_no_passage() -> None:
    unread = """
        source:rapport a uts:Report ; uts:reportedIn source:lista .
        statement:ny a uts:Statement ; uts:saidIn source:rapport .
    """
    check = CHECKS["statement-without-evidence"]
    assert faults(sample_store(unread), check) == []
    alone = unread.replace("uts:reportedIn source:lista", "uts:textLength 80")
    assert [fault.where for fault in faults(sample_store(alone), check)] == ["statement/ny"]


def test_the_whole_register_is_counted(graph_store: Store) -> None:
    _, rows = answer(graph_store, QUERIES["coverage"].text)
    assert {row[0]: row[1] for row in rows} == {"ns#Municipality": "290", "ns#Region": "21"}


@pytest.mark.parametrize(
    ("thing", "begins", "ends", "fails"),
    [
        ("law:x eli", ("date_applicability", "2018-01-01"), ("date_no_longer_in_force", "2017-12-31"), True),
        ("adoption:x uts", ("validFrom", "2018"), ("validUntil", "2017-12-31"), True),
        ("adoption:x uts", ("validFrom", "2018-02"), ("validUntil", "2018"), False),
        ("source:utredningen uts", ("issuedNotBefore", "2021"), ("issuedNotAfter", "2020-12-31"), True),
        ("source:utredningen uts", ("issuedNotBefore", "2020-12"), ("issuedNotAfter", "2020-12-31"), False),
    ],
)
def test_a_period_ends_after_it_begins_however_exact_its_dates_are(
    thing: str, begins: tuple[str, str], ends: tuple[str, str], fails: bool
) -> None:
    subject, _, prefix = thing.partition(" ")
    types = {4: "gYear", 7: "gYearMonth", 10: "date"}
    more = """law:x a uts:LegalAct . adoption:x a uts:Adoption .
    statement:x a uts:Statement ; uts:saidIn source:utredningen . """
    more += "".join(
        f'{subject} {prefix}:{name} "{at}"^^xsd:{types[len(at)]} . ' for name, at in (begins, ends)
    )
    found = faults(sample_store(more), CHECKS["period-that-ends-before-it-begins"])
    assert {fault.where for fault in found} == ({subject.replace(":", "/")} if fails else set())
