"""The metadata of our CSV files, read by a CSVW library beside the files."""

import csv
import json
import re
import warnings
from pathlib import Path

import pytest
from csvw import CSVW
from flask import Flask
from flask.testing import FlaskClient

from graph.backends.in_process import InProcess
from graph.core.iris import KIND_NAMES
from graph.release.publication import Publication
from graph.release.releases import Release
from web.app import create_app
from web.html.app_state import AppState

FILES = [
    *(f"/{kind}.csv" for kind in KIND_NAMES),
    "/organisation.csv?type=Region&sort=-name",
    "/queries/coverage.csv",
    "/queries/adoption-status.csv?organisation=organisation/malmo-kommun",
    "/map.csv?show=adoption",
    "/compare.csv?organisation=goteborgs-kommun&organisation=malmo-kommun",
]


@pytest.fixture(scope="module")
def client(release: Release) -> FlaskClient:
    app: Flask = create_app(
        AppState.of(
            InProcess.open(release.store), release=release.manifest, publication=Publication.of(release)
        )
    )
    return app.test_client()


@pytest.mark.parametrize("path", FILES)
def test_metadata_and_file_agree(client: FlaskClient, tmp_path: Path, path: str) -> None:
    answer = client.get(path)
    found = re.search(
        r'<([^>]+)>; rel="describedby"; type="application/csvm\+json"', str(answer.headers.getlist("Link"))
    )
    assert found
    described = client.get(found[1])
    assert described.mimetype == "application/csvm+json"
    metadata = described.get_json()
    assert metadata["url"] == f"http://localhost{path}"
    header = next(csv.reader(answer.text.splitlines()))
    assert [column["name"] for column in metadata["tableSchema"]["columns"]] == header
    (tmp_path / "x.csv").write_text(answer.text, encoding="utf-8", newline="")
    place = tmp_path / "x.csv-metadata.json"
    place.write_text(json.dumps(metadata | {"url": "x.csv"}), encoding="utf-8")
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        assert CSVW(str(place), validate=True).is_valid, [str(each.message) for each in told]


def test_columns_have_titles_in_both_languages(client: FlaskClient) -> None:
    columns = client.get("/organisation.csv-metadata.json").get_json()["tableSchema"]["columns"]
    label = next(column for column in columns if column["name"] == "label_sv")
    assert label["lang"] == "sv"
    assert {"sv", "en"} <= set(label["titles"])


def test_an_unknown_file_has_no_metadata(client: FlaskClient) -> None:
    assert client.get("/queries/none.csv-metadata.json").status_code == 404
    assert client.get("/nothing.csv-metadata.json").status_code == 404
    assert client.get("/queries/coverage.csv-metadata.json?x=1").status_code == 200


def test_a_query_is_escaped_in_the_link_header(client: FlaskClient) -> None:
    link = client.get("/law.csv?type=%C3%A5<a>").headers["Link"]
    assert link.startswith('</law.csv-metadata.json?type=%C3%A5%3Ca%3E>; rel="describedby"')
    assert "metadata" not in client.get("/law.csv?type=" + "x" * 2_000).headers.get("Link", "")
