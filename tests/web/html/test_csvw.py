"""The metadata of our CSV files, read by a CSVW library beside the files."""

import csv
import json
import re
import warnings
from pathlib import Path
from typing import Any

import pytest
import uritemplate
from csvw import CSVW
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, Store

from graph.backends.in_process import InProcess
from graph.core.iris import KIND_NAMES
from graph.query.stored import load_queries
from graph.release.publication import Publication
from graph.release.release import Release
from web.app import create_app
from web.html.app_state import AppState

QUERIES = load_queries()
FILES = [
    *(f"/{kind}.csv" for kind in KIND_NAMES),
    "/organisation.csv?type=Region&sort=-name",
    *(f"/queries/{name}.csv" for name, query in QUERIES.items() if not query.services),
    "/queries/adoption-status.csv?organisation=organisation/malmo-kommun",
    "/queries/adoption-status.csv?organisation=organisation/google",  # no rows,
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


def columns(client: FlaskClient, path: str) -> dict[str, dict[str, Any]]:
    described = client.get(f"{path}-metadata.json").get_json()
    return {each["name"]: each for each in described["tableSchema"]["columns"]}


def test_columns_of_a_stored_query_have_the_datatypes_of_their_values(client: FlaskClient) -> None:
    statuses = columns(client, "/queries/adoption-status.csv")
    assert statuses["status"]["datatype"] == "anyURI"
    assert (statuses["productLabel"]["datatype"], statuses["productLabel"]["lang"]) == ("string", "sv")
    assert statuses["asOf"]["datatype"]["base"] == "string"  # days, months and years
    assert re.fullmatch(statuses["asOf"]["datatype"]["format"], "2017-10")
    assert not re.fullmatch(statuses["asOf"]["datatype"]["format"], "2017-10-5")
    assert columns(client, "/queries/latest-status.csv")["lastConfirmed"]["datatype"] == "date"
    assert columns(client, "/queries/coverage.csv")["inRegister"]["datatype"] == "integer"
    assert columns(client, "/queries/disagreements.csv")["actInferredB"]["datatype"] == "boolean"


def test_columns_of_a_stored_query_have_the_properties_that_it_asks_for(client: FlaskClient) -> None:
    found = columns(client, "/queries/adoption-status.csv")
    uts, file = "https://w3id.org/utsaga/ns#", "http://localhost/queries/adoption-status.csv"
    assert found["status"]["propertyUrl"] == f"{uts}status"
    assert found["status"]["aboutUrl"] == found["asOf"]["aboutUrl"] == f"{file}#{{_row}}.adoption"
    assert found["productLabel"]["propertyUrl"] == "http://www.w3.org/2000/01/rdf-schema#label"
    assert found["productLabel"]["aboutUrl"] == "{+product}"
    assert found["product"]["valueUrl"] == "{+product}"
    assert found["product"]["titles"]["sv"] == ["Produkt"]
    counted = columns(client, "/queries/coverage.csv")["inRegister"]
    assert counted["propertyUrl"] == "https://w3id.org/utsaga/query/coverage#inRegister"
    pair = columns(client, "/queries/disagreements.csv")
    assert pair["outcomeA"]["aboutUrl"] != pair["outcomeB"]["aboutUrl"]


@pytest.mark.parametrize(
    "path",
    [
        *(f"/queries/{name}" for name, query in QUERIES.items() if not query.services),
        *(f"/{kind}" for kind in KIND_NAMES),
    ],
)
def test_what_the_metadata_says_of_a_cell_is_in_the_graph(
    client: FlaskClient, graph_store: Store, path: str
) -> None:
    """Each cell is a value of its column's property, of the thing that the column is about."""
    described = client.get(f"{path}.csv-metadata.json").get_json()["tableSchema"]
    for row in read(client, f"{path}.csv")[:20]:
        for column in described["columns"]:
            property_, cell = column.get("propertyUrl", ""), row[column["name"]]
            computed = not property_ or property_.startswith("https://w3id.org/utsaga/query/")
            if computed or not cell:
                continue
            about = uritemplate.expand(
                column.get("aboutUrl", described.get("aboutUrl", "")), row | {"_row": 1}
            )
            known = NamedNode(about) if about.startswith("https://w3id.org/") else None
            found = graph_store.quads_for_pattern(known, NamedNode(property_), None)
            values = cell.split(column["separator"]) if "separator" in column else [cell]
            assert set(values) <= {getattr(each.object, "value", "") for each in found}, (column, row)


def test_columns_of_a_list_have_the_properties_of_their_rows(client: FlaskClient) -> None:
    schema = client.get("/adoption.csv-metadata.json").get_json()["tableSchema"]
    assert (schema["aboutUrl"], schema["rowTitles"]) == ("{+id}", ["label_sv"])
    found = columns(client, "/adoption.csv")
    assert found["organisation"]["propertyUrl"] == "https://w3id.org/utsaga/ns#adopter"
    assert found["organisation_label_sv"]["aboutUrl"] == "{+organisation}"
    assert found["lastConfirmed"]["datatype"] == "date"
    assert (
        "propertyUrl" not in found["source"]
    )  # it is the source of the statement that the adoption rests on
    assert found["source"]["suppressOutput"]


def test_lists_have_names_dates_and_numbers_beside_identifiers(client: FlaskClient) -> None:
    rows = {row["id"].rpartition("/")[2]: row for row in read(client, "/organisation.csv")}
    malmo = rows["malmo-kommun"]
    assert (malmo["county_label_sv"], malmo["municipalityCode"]) == ("Skåne län", "1280")
    assert malmo["organisationNumber"] == "212000-1124"
    assert int(malmo["population"]) > 300_000
    assert (malmo["domain"], malmo["mailProvider"]) == ("malmo.se", "microsoft")
    adoptions = read(client, "/adoption.csv?organisation=malmo-kommun&product=office-365")
    assert all(row["scope_sv"] and row["asOf"] and row["status_label_en"] for row in adoptions)
    assert {len(row["asOf"]) for row in read(client, "/adoption.csv")} == {4, 7, 10}


def read(client: FlaskClient, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(client.get(path).text.splitlines(keepends=True)))
