"""Precision and recall of matching names, on batches from our registers as people write and mistype them.

Ambiguous names are included: “Hbo kommun” may be Habo or Håbo, and is rightly no match. The thresholds are
measured values, rounded down.
"""

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from graph.backends.in_process import InProcess
from graph.release.release import Release
from graph.search.text_index import TextIndex
from web.app import create_app
from web.html.app_state import AppState

REGISTERS = Path(__file__).parents[3] / "graph/facts/registers"
Batch = list[tuple[str, str]]  # name, and the slug of what it names or nothing


def register(name: str) -> list[dict[str, str]]:
    with (REGISTERS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


MUNICIPALITIES = register("municipalities")
REGIONS = register("regions")
COUNTY_ROWS = register("counties")
COUNTIES = {each["slug"]: each["name_sv"].removesuffix(" län") for each in COUNTY_ROWS}
NAMES = {each["name_sv"] for each in MUNICIPALITIES}
ENGLISH = [each for each in MUNICIPALITIES if each["name_en"]]

NOTHING = """
Ankeborgs kommun;Atlantis kommun;Storköpings kommun;Lillstads kommun;Nordmarkens kommun;Region Mittland
Landstinget Bergslagen;Malmöhus läns landsting;Älvsborgs läns landsting;Kristianstads läns landsting
Skaraborgs läns landsting;Bohuslandstinget;Acme AB;Office 366;Office 360;Lorem ipsum;Oslo kommune
Helsingfors stad;City of London;Berlin;Paris;København;Volvo;Ericsson AB;Anna Svensson;SFS 2099:1;Q999999999
kommun;Region;Stad;landsting;123456-7890;9999;example.com;???;Västerköpings kommun;Sydköpings kommun
Storumans landsting;Mariehamns stad;Visby stad;Kiruna landsting;Åbo stad;Uddeholms kommun;Rosengårds kommun
Hisingens kommun;Lidingby kommun;Trelleholms kommun;Gävleköpings kommun;Fjollträsk kommun;Bullerby kommun
Region Norrland;Region Svealand;Region Götaland;Test;null;N/A;-;okänd;Summa;Totalt;Hela riket;Sverige
"""


def core(name: str) -> str:
    for tail in (" kommun", " Municipality"):
        name = name.removesuffix(tail)
    return name


def places(municipality: dict[str, str]) -> int:
    """Return the number of letters of its name that are mistyped."""
    return max(1, len(core(municipality["name_sv"])) - 2)


def mistype(name: str, rule: str, at: int) -> str:
    """Return a name with one mistake, at a letter that depends on `at`, never the first."""
    own, tail = core(name), name.removeprefix(core(name))
    place = 1 + at % max(1, len(own) - 2)
    before, letter, after = own[:place], own[place], own[place + 1 :]
    slips = {
        "left out": before + after,
        "doubled": before + letter * 2 + after,
        "swapped": before + after[:1] + letter + after[1:],
        "wrong": before + ("x" if letter != "x" else "z") + after,
        "e": before + ("e" if letter != "e" else "o") + after,
    }
    return slips[rule] + tail


def matches_of(batch: Batch, client: FlaskClient) -> Iterator[tuple[str, str, str]]:
    """Yield each name, its expected slug, and the slug of its match."""
    queries = {f"q{number}": {"query": name} for number, (name, _) in enumerate(batch)}
    answer = client.post("/reconcile", data={"queries": json.dumps(queries)})
    assert answer.status_code == 200, answer.text
    for (name, right), result in zip(batch, (answer.json or {}).values(), strict=True):
        matches = [each["id"].rpartition("/")[2] for each in result["result"] if each["match"]]
        yield name, right, matches[0] if matches else ""


def measure(batch: Batch, client: FlaskClient) -> tuple[float, float, list[tuple[str, str, str]]]:
    """Return precision, recall, and the names with a wrong match or none."""
    answers = list(matches_of(batch, client))
    matched = [each for each in answers if each[2]]
    correct = [each for each in matched if each[1] == each[2]]
    wrong = [each for each in answers if each[1] != each[2]]
    named = sum(bool(right) for _, right in batch)
    return len(correct) / max(1, len(matched)), len(correct) / max(1, named), wrong


@pytest.fixture(scope="module")
def client(release: Release) -> FlaskClient:
    """A client of the application on the built release."""
    index = TextIndex.open_beside(release.store)
    return create_app(AppState.of(InProcess.open(release.store), text_index=index)).test_client()


EXACT: dict[str, Callable[[], Batch]] = {
    "Swedish": lambda: [(each["name_sv"], each["slug"]) for each in MUNICIPALITIES],
    "English": lambda: [(each["name_en"], each["slug"]) for each in ENGLISH],
    "Municipality of": lambda: [
        (f"Municipality of {core(each['name_en'])}", each["slug"]) for each in ENGLISH
    ],
    "City of": lambda: [(f"City of {core(each['name_en'])}", each["slug"]) for each in ENGLISH],
    "stad": lambda: [(f"{core(each['name_sv'])} stad", each["slug"]) for each in ENGLISH],
    "genitive": lambda: [(f"{each['name_sv']}s", each["slug"]) for each in ENGLISH],
    "capitals": lambda: [(each["name_sv"].upper(), each["slug"]) for each in MUNICIPALITIES],
    "komun": lambda: [(each["name_sv"].replace("kommun", "komun"), each["slug"]) for each in MUNICIPALITIES],
    "code in brackets": lambda: [
        (f"{each['name_sv']} ({each['municipality_code']})", each["slug"]) for each in MUNICIPALITIES
    ],
    "codes": lambda: [(each["municipality_code"], each["slug"]) for each in MUNICIPALITIES],
    "organisation numbers": lambda: [
        (each["organisation_number"], each["slug"]) for each in MUNICIPALITIES if each["organisation_number"]
    ],
    "domains": lambda: [(f"https://www.{each['domain']}/", each["slug"]) for each in MUNICIPALITIES],
    "former names": lambda: [
        (each["former_name_sv"], each["slug"]) for each in MUNICIPALITIES + REGIONS if each["former_name_sv"]
    ],
    "regions": lambda: [(each["name_sv"], each["slug"]) for each in REGIONS],
    "läns landsting": lambda: [
        (f"{COUNTIES[each['county']]} läns landsting", each["slug"]) for each in REGIONS
    ],
    "landstinget i": lambda: [
        (f"Landstinget i {COUNTIES[each['county']]} län", each["slug"]) for each in REGIONS
    ],
    "County Council": lambda: [
        (f"{COUNTIES[each['county']]} County Council", each["slug"]) for each in REGIONS
    ],
    "county codes": lambda: [
        (each[code], each["slug"]) for each in COUNTY_ROWS for code in ("iso3166_2", "nuts3")
    ],
    "counties": lambda: [(f"{name} län", slug) for slug, name in COUNTIES.items()],
}


@pytest.mark.parametrize("kind", EXACT)
def test_every_way_of_writing_a_name_is_matched(kind: str, client: FlaskClient) -> None:
    assert measure(EXACT[kind](), client)[2] == []


def test_names_of_other_things_match_nothing(client: FlaskClient) -> None:
    batch = [(name, "") for line in NOTHING.split("\n") for name in line.split(";") if name]
    assert measure(batch, client)[2] == []


@pytest.mark.parametrize(
    ("rule", "recall"),
    [("left out", 0.94), ("doubled", 0.995), ("swapped", 0.99), ("wrong", 0.99), ("e", 0.985)],
)
def test_mistyped_names_are_matched(rule: str, recall: float, client: FlaskClient) -> None:
    """One mistake at every letter of every name; in short ones it often makes another name.

    Without a consonant, a name of five letters may be that of a place elsewhere: Sola is not Solna.
    """
    batches = [
        [(mistype(each["name_sv"], rule, at), each["slug"]) for each in ENGLISH if at < places(each)]
        for at in range(max(map(places, ENGLISH)))
    ]
    answers = [one for batch in batches for one in matches_of(batch, client)]
    assert len(answers) > 1700
    matched = [one for one in answers if one[2] and one[0] not in NAMES]
    correct = [one for one in answers if one[1] == one[2]]
    assert len(correct) / len(matched) >= 0.999, [one for one in matched if one[1] != one[2]]
    assert len(correct) / len(answers) >= recall, [one for one in answers if one[1] != one[2]]


@pytest.mark.parametrize(
    "name",
    [
        "Sola kommun",
        "Hbo kommun",
        "Habbo kommun",
        "Ae kommun",
        "Ho kommun",
        "Axe kommun",
        "Torsa kommun",
        "Hafors kommun",
    ],
)
def test_a_mistyped_name_of_several_places_is_no_match(name: str, client: FlaskClient) -> None:
    assert measure([(name, "")], client)[2] == []


def test_names_without_diacritics_are_matched(client: FlaskClient) -> None:
    """Without å, ä and ö only Håbo is matched with another: Habo."""
    plain = str.maketrans("åäöÅÄÖ", "aaoAAO")
    batch = [(each["name_sv"].translate(plain), each["slug"]) for each in MUNICIPALITIES]
    assert measure(batch, client)[2] == [("Habo kommun", "habo-kommun-uppsala-lan", "habo-kommun")]


def matches_in_county(batch: Batch, type_: str, counties: list[str], client: FlaskClient) -> list[str]:
    """Return the slugs of the matches of names of `type_` in `counties`, "" for none."""
    queries = {
        f"q{number}": {"query": name, "type": type_, "properties": [{"pid": "inCounty", "v": county}]}
        for number, ((name, _), county) in enumerate(zip(batch, counties, strict=True))
    }
    answer = client.post("/reconcile", data={"queries": json.dumps(queries)})
    assert answer.status_code == 200, answer.text
    matches = (
        [each for each in result["result"] if each["match"]] for result in (answer.json or {}).values()
    )
    return [found[0]["id"].rpartition("/")[2] if found else "" for found in matches]


@pytest.mark.parametrize("rule", ["left out", "doubled", "swapped", "wrong"])
def test_a_county_helps_with_mistyped_names(rule: str, client: FlaskClient) -> None:
    batch = [(mistype(each["name_sv"], rule, at), each["slug"]) for at, each in enumerate(ENGLISH)]
    found = matches_in_county(batch, "Municipality", [COUNTIES[each["county"]] for each in ENGLISH], client)
    correct = [slug for slug, (_, right) in zip(found, batch, strict=True) if slug == right]
    assert set(found) <= {"", *(right for _, right in batch)}
    assert len(correct) >= 0.975 * len(batch)


@pytest.mark.parametrize("form", ["Region {}", "Landstinget {}", "{} län"])
def test_a_shared_county_does_not_make_another_body_a_match(form: str, client: FlaskClient) -> None:
    """A region is no municipality of the same name and county; Region Gotland is both."""
    rows = [each for each in MUNICIPALITIES if each["county"] != "gotlands-lan"]
    batch = [(form.format(core(each["name_sv"])), "") for each in rows]
    assert not any(
        matches_in_county(batch, "Municipality", [COUNTIES[each["county"]] for each in rows], client)
    )


def test_a_municipality_is_no_region_of_the_same_county(client: FlaskClient) -> None:
    counties = [name for slug, name in COUNTIES.items() if slug != "gotlands-lan"]
    batch = [(f"{name} kommun", "") for name in counties]
    assert not any(matches_in_county(batch, "Region", counties, client))


def test_a_batch_of_five_hundred(client: FlaskClient) -> None:
    """All municipalities, a third of them mistyped, former names, English names and other words."""
    rules = ("left out", "doubled", "swapped", "wrong")
    forms = ("Swedish", "English", "stad", "Municipality of")
    batch = [EXACT[forms[at % 4]]()[at] for at in range(len(ENGLISH))]
    batch += [
        (mistype(each["name_sv"], rules[at % 4], at), each["slug"])
        for at, each in enumerate(ENGLISH)
        if at % 3 == 0
    ]
    for kind in ("former names", "läns landsting", "County Council"):
        batch += EXACT[kind]()
    batch += [(name, "") for line in NOTHING.split("\n") for name in line.split(";") if name]
    assert len(batch) >= 500
    precision, recall, wrong = measure(batch, client)
    assert precision >= 0.995, wrong
    assert recall >= 0.985, wrong
