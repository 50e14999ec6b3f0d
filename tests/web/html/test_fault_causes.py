"""Errors of readers are shown in their language; what programs get is a detail in English."""

import re

import pytest
from flask.testing import FlaskClient

from graph.core.errors import Fault
from web.html.fault_causes import cause_key

PATHS = {
    "/statement?sort=nonsense": "Listan kan inte ordnas så.",
    "/statement?page=999999": "Listan har ingen sådan sida.",
    "/organisation?asof=hej": "Tiden går inte att läsa.",
    "/queries/nothing": "Det finns ingen färdig fråga med det namnet.",
    "/graph": "Det som står i adressen eller i fältet är ingen identifierare.",
    "/timeline?year=hej": "Skriv ett årtal med fyra siffror.",
    "/law/nothing-of-this-name": "Vi har ingen uppgift med det namnet eller den identifieraren.",
}


@pytest.mark.parametrize("path", PATHS)
def test_what_is_wrong_is_told_in_swedish_before_the_english(reader: FlaskClient, path: str) -> None:
    response = reader.get(path, headers={"Accept": "text/html", "Accept-Language": "sv"})
    assert response.status_code >= 400
    main = response.text[response.text.index("<main") :]
    words = PATHS[path]
    assert f'<p class="fault" role="alert">{words}' in main
    details = main.index('<details class="fault-details"><summary>Så säger programmet, på engelska')
    assert main.index(words) < details
    assert '<bdi lang="en">' not in main[:details], "nothing before the details is in English"
    assert re.search(r'<bdi lang="en">[A-Za-z“]', main[details:])


def test_problem_documents_stay_in_english(reader: FlaskClient) -> None:
    response = reader.get("/statement?sort=nonsense", headers={"Accept": "application/json"})
    assert response.mimetype == "application/problem+json"
    assert "There is no order" in response.text


def test_a_rule_without_a_message_has_no_cause() -> None:
    assert cause_key(Fault("", "x", "rule of nothing")) == ""
    assert cause_key(Fault("", "x", "at most 2,048 characters")) == "fault.length"
