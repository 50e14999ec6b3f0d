"""The JSON documents of entities and search bring evidence along, page by page."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from graph.core.namespaces import ID
from web.html.app_state import app_state


def read(reader: FlaskClient, path: str) -> dict[str, Any]:
    answer = reader.get(path, headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def test_a_statement_has_its_own_evidence(reader: FlaskClient) -> None:
    found = read(reader, "/statement/ny-teknik-office-365-malmo-annan-syn.json")
    assert [each["statement"] for each in found["evidence"]] == [found["id"]]
    assert found["evidencePage"] == {"total": 1, "page": 1, "pages": 1, "next": None}


def test_an_adoption_has_the_statements_that_it_rests_on(reader: FlaskClient) -> None:
    found = read(reader, "/adoption/goteborgs-kommun-office-365-2018.json")
    derived = {each["id"] for each in found["values"]["uts:derivedFrom"]}
    assert {each["statement"] for each in found["evidence"]} == derived


def test_the_pages_of_a_product_have_every_statement_once(reader: FlaskClient) -> None:
    path, names, pages = "/product/office-365.json", list[str](), 0
    while path:
        found = read(reader, path)
        names += [each["statement"] for each in found["evidence"]]
        pages += 1
        path = (found["evidencePage"]["next"] or "").removeprefix("http://localhost")
    assert pages == found["evidencePage"]["pages"] > 1
    assert len(names) == len(set(names)) == found["evidencePage"]["total"]
    assert len(names) >= found["incoming"]["uts:about"]


def test_the_next_page_is_of_the_release_that_was_asked_for(reader: FlaskClient) -> None:
    with reader.application.app_context():
        release = app_state().release
    assert release
    found = read(reader, f"/product/office-365.json?release={release.id}")
    following = found["evidencePage"]["next"]
    assert set(following.partition("?")[2].split("&")) == {f"release={release.id}", "page=2"}
    assert read(reader, following.removeprefix("http://localhost"))["evidencePage"]["page"] == 2


@pytest.mark.parametrize("page", ["0", "2", "x", "-1"])
def test_a_page_that_there_is_not_is_not_found(reader: FlaskClient, page: str) -> None:
    path = f"/statement/ny-teknik-office-365-malmo-annan-syn.json?page={page}"
    answer = reader.get(path, headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert answer.json
    assert answer.json["faults"][0]["where"] == "page"


def test_a_county_has_no_statements(reader: FlaskClient) -> None:
    assert "evidence" not in read(reader, "/place/stockholms-lan.json")


def test_an_organisation_says_where_it_stands(reader: FlaskClient) -> None:
    found = read(reader, "/organisation/goteborgs-kommun.json")
    office = next(each for each in found["standings"] if each["product"]["iri"] == f"{ID}product/office-365")
    assert office["answer"] == "yes"
    assert office["adoption"]["status"]["name"] == {"sv": "används", "en": "in use"}
    assert office["statements"]
    assert found["standingsTotal"] == len(found["standings"])
    assert found["otherProducts"] == "nothing-known"


def test_one_that_nobody_speaks_of_has_nothing_known(reader: FlaskClient) -> None:
    found = read(reader, "/organisation/arjeplogs-kommun.json")
    assert (found["standings"], found["standingsTotal"], found["otherProducts"]) == ([], 0, "nothing-known")
    assert found["evidencePage"]["total"] == 0


def test_statements_that_a_search_finds_have_their_evidence(reader: FlaskClient) -> None:
    found = read(reader, "/search.json?q=rojer+uppgifter+office&kind=statement")
    assert found["hits"]
    assert all(hit["evidence"]["statement"] == hit["id"] for hit in found["hits"])
    others = read(reader, "/search.json?q=office+365&kind=product")["hits"]
    assert others
    assert not any("evidence" in hit for hit in others)
