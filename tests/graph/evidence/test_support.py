"""The statements behind entities and rows of answers, and where organisations stand."""

import pytest

from graph.core.namespaces import CODE, ID, UTS
from graph.core.terms import Term, iri, text
from graph.evidence.row_support import names_statements, statements_of_rows
from graph.evidence.standings import products_spoken_of, standing_on
from graph.evidence.support import has_statements, statements_behind
from graph.query.store import ReleaseStore
from graph.read.entities import Entities
from graph.release.release import Release

GOTEBORG, OFFICE = f"{ID}organisation/goteborgs-kommun", f"{ID}product/office-365"
ESKILSTUNA = f"{ID}organisation/eskilstuna-kommun"
PREPARING = f"{CODE}adoption-status/preparing"
ARTICLE = f"{ID}source/ny-teknik-office-365"


@pytest.fixture(scope="module")
def entities(release: Release) -> Entities:
    return Entities(ReleaseStore.open(release.store))


def behind(entities: Entities, name: str) -> tuple[str, ...]:
    found = statements_behind(entities, name)
    return found.page(0, len(found))


def rows_of(entities: Entities, row: dict[str, Term], **fixed: tuple[str, ...]) -> tuple[str, ...]:
    [found] = statements_of_rows(entities, [row], fixed)
    return found


def test_a_statement_is_behind_itself_and_a_claim_rests_on_what_it_is_derived_from(
    entities: Entities,
) -> None:
    statement = f"{ID}statement/ny-teknik-office-365-malmo-annan-syn"
    assert behind(entities, statement) == (statement,)
    adoption = f"{ID}adoption/goteborgs-kommun-office-365-2018"
    assert set(behind(entities, adoption)) == set(entities.node(iri(adoption)).iris(UTS + "derivedFrom"))


@pytest.mark.parametrize(
    ("name", "property_"),
    [
        (GOTEBORG, "onBehalfOf"),
        (OFFICE, "about"),
        (ARTICLE, "saidIn"),
        (f"{ID}law/osl", "cites"),
        (f"{ID}person/patrik-kron-malmo-kommun", "speaker"),
    ],
)
def test_statements_about_other_entities_are_found(entities: Entities, name: str, property_: str) -> None:
    expected = entities.find_links(name, UTS + property_)
    statements = {each for each in expected if "/statement/" in each}
    assert statements
    assert statements <= set(behind(entities, name))


def test_an_endpoint_without_an_index_gives_the_same(release: Release, entities: Entities) -> None:
    store = ReleaseStore.open(release.store)

    class Endpoint:
        union, index, graph_sizes = True, None, dict[str, int]()

        def select(self, query: str, **bindings: Term) -> list[dict[str, Term]]:
            return store.select(query, **bindings)

    computed = Entities(Endpoint())
    for name in (GOTEBORG, f"{ID}adoption/goteborgs-kommun-office-365-2018"):
        assert behind(computed, name) == behind(entities, name) != ()
    products = products_spoken_of(entities, GOTEBORG)
    assert products_spoken_of(computed, GOTEBORG) == products
    for product in products:
        assert standing_on(computed, GOTEBORG, product) == standing_on(entities, GOTEBORG, product)


def test_not_every_kind_has_statements(entities: Entities) -> None:
    assert [each for each in ("place", "observation", "organisation") if has_statements(each)] == [
        "organisation"
    ]
    assert behind(entities, f"{ID}place/stockholms-lan") == ()


def test_a_row_that_names_a_statement_or_a_claim_rests_on_it(entities: Entities) -> None:
    statement, adoption = f"{ID}statement/any", f"{ID}adoption/goteborgs-kommun-office-365-2018"
    assert rows_of(entities, {"statement": iri(statement), "organisation": iri(GOTEBORG)}) == (statement,)
    assert rows_of(entities, {"adoption": iri(adoption)}) == behind(entities, adoption)


def test_a_row_with_the_values_of_a_claim_rests_on_its_statements(entities: Entities) -> None:
    row = {"organisation": iri(ESKILSTUNA), "product": iri(OFFICE), "status": iri(PREPARING)}
    found = rows_of(entities, row)
    assert found
    assert all("eskilstuna" in each for each in found)
    assert (
        rows_of(entities, {key: row[key] for key in ("organisation", "status")}, product=(OFFICE,)) == found
    )
    of_source = rows_of(entities, row | {"source": iri(ARTICLE)})
    assert set(of_source) == {each for each in found if "ny-teknik-office-365" in each}
    assert rows_of(entities, row | {"asOf": text("1999")}) == ()
    assert rows_of(entities, row | {"status": iri(f"{CODE}adoption-status/declined")}) == ()


def test_a_row_with_the_text_of_a_statement_rests_on_it(entities: Entities) -> None:
    statement = f"{ID}statement/ny-teknik-office-365-malmo-annan-syn"
    texts = entities.node(iri(statement)).literals(UTS + "text")
    swedish = next(each for each in texts if each.language == "sv")
    assert rows_of(entities, {"textSv": swedish}) == (statement,)
    assert rows_of(entities, {"textSv": text("Nobody has said this", "sv")}) == ()


def test_rows_keep_their_order_over_several_batches(entities: Entities) -> None:
    names = [f"{ID}statement/{number}" for number in range(450)]
    found = statements_of_rows(entities, ({"statement": iri(name)} for name in names), {})
    assert list(found) == [(name,) for name in names]


@pytest.mark.parametrize(
    ("columns", "is_enough"),
    [
        ({"statement"}, True),
        ({"textSv"}, True),
        ({"organisation", "product", "status"}, True),
        ({"organisation", "product", "outcome"}, True),
        ({"organisation", "status"}, False),
        ({"county", "bodies"}, False),
    ],
)
def test_columns_tell_whether_statements_can_be_found(columns: set[str], is_enough: bool) -> None:
    assert names_statements(columns) == is_enough


@pytest.mark.parametrize(
    ("organisation", "product", "answer"),
    [
        ("goteborgs-kommun", "office-365", "yes"),
        ("goteborgs-kommun", "ibm-e-post", "ended"),
        ("eskilstuna-kommun", "libreoffice", "nothing-known"),
        ("eskilstuna-kommun", "office-365", "not-yet"),
    ],
)
def test_the_answer_follows_the_newest_status(
    entities: Entities, organisation: str, product: str, answer: str
) -> None:
    found = standing_on(entities, f"{ID}organisation/{organisation}", f"{ID}product/{product}")
    assert found.answer == answer
    assert (found.adoption is None) == (answer == "nothing-known")
    assert bool(found.statements) == (answer != "nothing-known")


def test_a_product_that_was_declined_is_a_no(entities: Entities) -> None:
    every = entities.index.with_value("adoption", "status", "declined").page(0, 1)
    node = entities.node(iri(every[0]))
    adopter, product = (
        node.iri(f"https://w3id.org/utsaga/ns#{each}") or "" for each in ("adopter", "product")
    )
    found = standing_on(entities, adopter, product)
    assert found.answer == "no"
    assert found.statements
    assert product in products_spoken_of(entities, adopter)


def test_what_was_spoken_of_without_a_status_is_unclear(entities: Entities) -> None:
    organisations = entities.index.of_kind("organisation")
    standings = (
        standing_on(entities, name, product)
        for name in organisations.page(0, len(organisations))
        for product in products_spoken_of(entities, name)
    )
    found = [each for each in standings if each.answer == "unclear"]
    assert found
    assert all(each.statements and each.adoption is None for each in found)


def test_what_only_others_say_of_an_organisation_and_a_product_is_not_unknown(entities: Entities) -> None:
    helsingor, google = f"{ID}organisation/helsingor-kommune", f"{ID}product/google-workspace"
    found = standing_on(entities, helsingor, google)
    assert found.answer == "unclear"
    assert f"{ID}statement/datatilsynet-helsingor-inte-it" in found.statements
    assert google in products_spoken_of(entities, helsingor)


def test_nothing_is_known_only_where_no_statement_is_about_both(entities: Entities) -> None:
    index, about = entities.index, UTS + "about"
    products, organisations = index.of_kind("product"), index.of_kind("organisation")
    for name in organisations.page(0, len(organisations)):
        behind_it = index.linking_to(name, about, kind="statement")
        for product in products.page(0, len(products)) if behind_it else ():
            if behind_it & index.linking_to(product, about, kind="statement"):
                assert standing_on(entities, name, product).answer != "nothing-known", (name, product)
