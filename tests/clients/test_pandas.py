"""pandas reads lists, stored queries and results of the SPARQL endpoint from their addresses."""

from urllib.parse import urlencode

import pandas as pd
import pytest
from rdflib.namespace import RDFS

from graph.core.namespaces import CODE, ID, UTS
from graph.release.release import Release

GOTEBORG = f"{ID}organisation/goteborgs-kommun"
LAWS = f"""
SELECT ?law ?label WHERE {{ ?law a <{UTS}LegalAct> ; <{RDFS.label}> ?label FILTER(LANG(?label) = "sv") }}"""


def test_a_list_has_numbers_as_numbers_and_codes_as_text(server: str) -> None:
    codes = {"code": str, "municipalityCode": str}
    found = pd.read_csv(f"{server}/organisation.csv?type=Municipality", dtype=codes)
    assert len(found) == found["id"].nunique() == 290
    by_code = found.set_index("municipalityCode")
    assert by_code.loc["1480", ["id", "label_sv", "county_label_sv"]].tolist() == [
        GOTEBORG,
        "Göteborgs kommun",
        "Västra Götalands län",
    ]
    assert by_code.loc["0380", "label_sv"] == "Uppsala kommun"
    assert found["population"].dtype.kind == "i"
    assert 10_000_000 < found["population"].sum() < 11_000_000
    assert found["latitude"].between(55, 70).all()


def test_dates_of_a_list_are_dates(server: str, release: Release) -> None:
    found = pd.read_csv(f"{server}/adoption.csv", parse_dates=["firstDay", "lastDay"])
    assert len(found) == release.manifest.classes[f"{UTS}Adoption"]
    assert found["firstDay"].dtype.kind == found["lastDay"].dtype.kind == "M"
    both = found.dropna(subset=["firstDay", "lastDay"])
    assert len(both)
    assert (both["firstDay"] <= both["lastDay"]).all()


def test_a_stored_query_has_the_rows_of_its_page(server: str) -> None:
    found = pd.read_csv(f"{server}/queries/adoption-status.csv")
    rows = pd.read_json(f"{server}/queries/adoption-status.json", typ="series")["results"]["bindings"]
    assert len(found) == len(rows) > 50
    goteborg = found[found["organisationLabel"] == "Göteborgs kommun"]
    assert set(goteborg["organisation"]) == {GOTEBORG}
    assert f"{CODE}adoption-status/paused" in set(goteborg["status"])
    only = pd.read_csv(f"{server}/queries/adoption-status.csv?{urlencode({'organisation': 'Göteborg'})}")
    pd.testing.assert_frame_equal(only, goteborg.reset_index(drop=True))


@pytest.mark.parametrize(
    ("argument", "fields"),
    [({"format": "csv"}, None), ({}, {"Accept": "text/csv"})],
    ids=["format", "Accept"],
)
def test_the_endpoint_gives_a_table(
    server: str, release: Release, argument: dict[str, str], fields: dict[str, str] | None
) -> None:
    found = pd.read_csv(f"{server}/sparql?{urlencode({'query': LAWS, **argument})}", storage_options=fields)
    assert list(found.columns) == ["law", "label"]
    assert len(found) == release.manifest.classes[f"{UTS}LegalAct"]
    assert "Offentlighets- och sekretesslagen" in set(found["label"])
