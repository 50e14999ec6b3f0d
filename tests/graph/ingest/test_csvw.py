"""The registers: the quads of their rows, that none is lost, and the message for each fault."""

import csv
import re
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from csvw import CSVW
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from graph.core import iris
from graph.core.errors import BadInput
from graph.core.files import MAX_BYTES
from graph.core.namespaces import CODE, DCTERMS, GEO, GRAPH, ID, RDF, RDFS, SKOS, SOSA, UTS, XSD
from graph.ingest import csvw

REGISTERS = Path(csvw.__file__).parents[1] / "facts" / "registers"
NAMES = ("counties", "mail-observations", "municipalities", "regions")
TYPE = RDF + "type"
LABEL = RDFS + "label"


@pytest.fixture(scope="module")
def quads() -> list[Quad]:
    return [quad for name in NAMES for quad in csvw.read(REGISTERS / f"{name}.csv").quads]


def value(term: NamedNode | BlankNode | Literal | Triple) -> str:
    return "" if isinstance(term, Triple) else term.value


def values(quads: list[Quad], subject: str, predicate: str) -> set[str]:
    node, prop = NamedNode(ID + subject), NamedNode(predicate)
    return {value(q.object) for q in quads if q.subject == node and q.predicate == prop}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_register_is_counted(quads: list[Quad]) -> None:
    declared = {(q.subject, q.object) for q in quads if q.predicate.value == TYPE}
    assert Counter(value(kind).removeprefix(UTS) for _, kind in declared) == {
        "Municipality": 290,
        "Region": 21,
        "County": 21,
        "Observation": 311,
    }
    bodies = {s for s, kind in declared if value(kind) in {UTS + "Municipality", UTS + "Region"}}
    assert len(bodies) == 310  # Gotland is both


def test_goteborg_has_its_identifiers(quads: list[Quad]) -> None:
    goteborg = "organisation/goteborgs-kommun"
    expected = {
        UTS + "municipalityCode": "1480",
        UTS + "organisationNumber": "212000-1355",
        UTS + "inCounty": ID + "place/vastra-gotalands-lan",
        UTS + "nuts3": "SE232",
        UTS + "internetDomain": "goteborg.se",
        TYPE: UTS + "Municipality",
    }
    assert {p: values(quads, goteborg, p) for p in expected} == {p: {v} for p, v in expected.items()}
    assert values(quads, goteborg, LABEL) == {"Göteborgs kommun", "Gothenburg Municipality"}
    assert values(quads, goteborg, SKOS + "altLabel") == {"Göteborgs Stad", "City of Gothenburg"}


def test_a_county_council_leads_to_its_region(quads: list[Quad]) -> None:
    named = [q.subject for q in quads if q.object == Literal("Stockholms läns landsting", language="sv")]
    assert named == [NamedNode(ID + "organisation/region-stockholm")]
    old = "organisation/stockholms-lans-landsting"
    assert [(q.predicate.value, q.object) for q in quads if q.subject == NamedNode(ID + old)] == [
        (DCTERMS + "isReplacedBy", named[0])
    ]


def test_gotland_is_one_organisation(quads: list[Quad]) -> None:
    gotland = "organisation/region-gotland"
    assert values(quads, gotland, TYPE) == {UTS + "Municipality", UTS + "Region"}
    assert values(quads, gotland, LABEL) == {"Region Gotland"}
    assert values(quads, gotland, UTS + "municipalityCode") == {"0980"}
    assert values(quads, gotland, UTS + "countyCode") == {"09"}
    assert values(quads, gotland, UTS + "formerName") == {"Gotlands kommun"}
    assert values(quads, "organisation/gotlands-kommun", DCTERMS + "isReplacedBy") == {ID + gotland}
    observed = [q for q in quads if q.predicate.value == SOSA + "hasFeatureOfInterest"]
    assert sum(q.object == NamedNode(ID + gotland) for q in observed) == 2


def test_an_observation_is_whole(quads: list[Quad]) -> None:
    observation = "observation/mail-0114-2026-04-23"
    assert values(quads, observation, SOSA + "hasFeatureOfInterest") == {
        ID + "organisation/upplands-vasby-kommun"
    }
    assert values(quads, observation, SOSA + "observedProperty") == {UTS + "mailProvider"}
    assert values(quads, observation, UTS + "observationEvidence") == {
        CODE + "observation-evidence/txt-token"
    }
    assert values(quads, observation, DCTERMS + "source") == {ID + "source/mxmap-2026-04"}
    assert len(values(quads, observation, UTS + "mailHost")) == 4
    asked = Quad(
        NamedNode(ID + observation),
        NamedNode(UTS + "asOf"),
        Literal("2026-04-23", datatype=NamedNode(XSD + "date")),
        NamedNode(GRAPH + "register/mail-observations"),
    )
    assert asked in quads


def test_the_table_s_annotations_are_said_of_the_graph(quads: list[Quad]) -> None:
    graph = NamedNode(GRAPH + "register/municipalities")
    said = {(q.predicate.value, str(q.object)) for q in quads if q.subject == graph}
    assert (DCTERMS + "source", f"<{ID}source/kommunregistret>") in said
    assert (DCTERMS + "title", '"Sveriges kommuner"@sv') in said
    assert (DCTERMS + "license", "<https://creativecommons.org/publicdomain/zero/1.0/>") in said


def test_an_empty_cell_gives_no_triple(quads: list[Quad]) -> None:
    assert not [q for q in quads if isinstance(q.object, Literal) and not value(q.object).strip()]
    assert not values(quads, "observation/mail-region-08-2026-04-21", UTS + "confidence")
    assert not values(quads, "organisation/vastra-gotalandsregionen", UTS + "formerName")
    assert not values(quads, "organisation/region-halland", UTS + "organisationNumber")


def test_the_store_keeps_every_literal_as_it_is(quads: list[Quad]) -> None:
    store = Store()
    store.extend(quads)
    assert set(store) == set(quads)


def test_each_subject_knows_its_line() -> None:
    path = REGISTERS / "regions.csv"
    lines = csvw.read(path).lines
    assert lines[ID + "organisation/region-stockholm"] == f"{path}:2"
    assert lines[ID + "organisation/stockholms-lans-landsting"] == f"{path}:2"
    assert lines[GRAPH + "register/regions"] == f"{path}-metadata.json:1"


@pytest.mark.parametrize("name", NAMES)
def test_slugs_are_minted_from_names_and_never_shared(name: str) -> None:
    found = rows(REGISTERS / f"{name}.csv")
    assert len({row["slug"] for row in found}) == len(found)
    if name != "mail-observations":
        # Håbo and Habo fold to one slug; the one that is spelt so keeps it
        strange = {row["slug"] for row in found if row["slug"] != iris.slugify(row["name_sv"])}
        assert strange == ({"habo-kommun-uppsala-lan"} if name == "municipalities" else set())


def test_a_municipality_s_code_begins_with_its_county_s() -> None:
    codes = {row["slug"]: row["county_code"] for row in rows(REGISTERS / "counties.csv")}
    for row in rows(REGISTERS / "municipalities.csv"):
        assert row["municipality_code"][:2] == codes[row["county"]], row


@pytest.mark.parametrize("name", NAMES)
def test_the_csvw_library_finds_table_and_metadata_valid(name: str) -> None:
    assert CSVW(str(REGISTERS / f"{name}.csv-metadata.json"), validate=True).is_valid


def test_nothing_of_the_given_registers_was_lost(shared: Path, quads: list[Quad]) -> None:
    given = rows(shared / "registers" / "municipalities.csv")
    by_code = {value(q.object): q.subject for q in quads if q.predicate.value == UTS + "municipalityCode"}
    stated = {(q.subject, q.predicate.value, value(q.object)) for q in quads if hasattr(q.object, "value")}
    columns = {
        "organisation_number": UTS + "organisationNumber",
        "domain": UTS + "internetDomain",
        "nuts3": UTS + "nuts3",
        "latitude": GEO + "lat",
        "longitude": GEO + "long",
        "population_2020_01_01": UTS + "population",
    }
    assert len(given) == len(by_code) == 290
    for row in given:
        subject = by_code[row["municipality_code"]]
        name = UTS + "formerName" if row["municipality_code"] == "0980" else LABEL
        assert (subject, name, row["name_sv"]) in stated
        for column, predicate in columns.items():
            found = {v for s, p, v in stated if s == subject and p == predicate}
            assert found == ({row[column]} if row[column] else set()), (row, column)


def test_no_observation_was_lost(shared: Path, quads: list[Quad]) -> None:
    given = rows(shared / "registers" / "mail-observations.csv")
    mine = rows(REGISTERS / "mail-observations.csv")
    assert len(given) == len(mine) == 311
    same = {
        "domain": "domain",
        "mail_provider": "mail_provider",
        "evidence": "evidence",
        "gateway": "gateway",
    }
    same |= {
        "hosting_isp": "hosting_provider",
        "microsoft_tenant": "microsoft_tenant",
        "confidence": "confidence",
    }
    same |= {"mx_hosts": "mail_hosts", "scanned": "scanned"}
    for old, new in zip(given, mine, strict=True):
        assert {old[a] for a in same} == {new[b] for b in same.values()}
        assert [old[a] for a in same] == [new[b] for b in same.values()]
    regions = rows(shared / "registers" / "regions.csv")
    former = {row["region_former_name_sv"] for row in regions if row["region_former_name_sv"]}
    assert {value(q.object) for q in quads if q.predicate.value == UTS + "formerName"} == former


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """A copy of the register of municipalities, to spoil."""
    for name in ("municipalities.csv", "municipalities.csv-metadata.json"):
        shutil.copy(REGISTERS / name, tmp_path / name)
    return tmp_path / "municipalities.csv"


def spoil(line: int, old: str, new: str) -> Callable[[str], str]:
    """Return an edit of one line, which must hold `old`."""

    def edit(text: str) -> str:
        lines = text.split("\n")
        assert old in lines[line - 1], lines[line - 1]
        lines[line - 1] = lines[line - 1].replace(old, new, 1)
        return "\n".join(lines)

    return edit


@pytest.mark.parametrize(
    ("edit", "line", "said"),
    [
        (spoil(1, "nuts3", "nuts"), 1, "the column “nuts” is not known"),
        (spoil(1, "municipality_code,slug", "slug,municipality_code"), 1, "not those of the metadata"),
        (spoil(1, ",longitude", ""), 1, "not those of the metadata"),
        (lambda text: "", 1, "not those of the metadata"),
        (spoil(2, "0114", "114"), 2, "“114” in municipality_code"),
        (spoil(2, "0114", ""), 2, "municipality_code is empty"),
        (spoil(2, "Upplands Väsby kommun,", ","), 2, "name_sv is empty"),
        (spoil(2, "Upplands Väsby kommun,", " Upplands Väsby kommun,"), 2, "stray white space"),
        (spoil(2, "Upplands Väsby kommun,", "Upplands\0Väsby kommun,"), 2, "in name_sv is not valid"),
        (spoil(2, "upplands-vasby-kommun", "Upplands"), 2, "“Upplands” in slug"),
        (spoil(2, "212000-0019", "2120000019"), 2, "in organisation_number"),
        (spoil(2, "59.521495", "59,5"), 2, "the row has 17 cells"),
        (spoil(2, "59.521495", "north"), 2, "“north” in latitude"),
        (spoil(2, "59.521495", "595"), 2, "value must be <= 70"),
        (spoil(2, "59.521495", "NaN"), 2, "“NaN” in latitude"),
        (spoil(2, "46786", "46_786"), 2, "“46_786” in population"),
        (spoil(2, "46786", "46786.5"), 2, "in population"),
        (spoil(2, "46786", "-1"), 2, "value must be >= 0"),
        (spoil(3, "0115", "0114"), 3, "0114 stands at"),
        (spoil(3, "vallentuna-kommun", "upplands-vasby-kommun"), 3, "upplands-vasby-kommun stands at"),
        (spoil(4, "Österåkers", '"Österåkers'), 4, "the row that begins here is not CSV"),
        (lambda text: text + "\n", 292, "the row has 0 cells"),
    ],
)
def test_each_mistake_is_told_with_its_line(
    register: Path, edit: Callable[[str], str], line: int, said: str
) -> None:
    register.write_text(edit(register.read_text()))
    with pytest.raises(BadInput) as caught:
        csvw.read(register)
    (fault,) = caught.value.faults
    assert said in fault.message
    assert re.fullmatch(rf"{re.escape(str(register))}:{line}", fault.where)
    assert fault.rule
    assert fault.remedy


def test_every_fault_is_told_at_once(register: Path) -> None:
    text = spoil(2, "0114", "x")(spoil(3, "34090", "many")(spoil(3, "SE110", "110")(register.read_text())))
    register.write_text(text)
    with pytest.raises(BadInput) as caught:
        csvw.read(register)
    assert [fault.where.rpartition(":")[2] for fault in caught.value.faults] == ["2", "3", "3"]


def test_a_cell_that_an_iri_needs_cannot_be_empty(register: Path) -> None:
    metadata = register.with_name(f"{register.name}-metadata.json")
    metadata.write_text(metadata.read_text().replace('"required": true', '"required": false'))
    register.write_text(spoil(2, "upplands-vasby-kommun", "")(register.read_text()))
    with pytest.raises(BadInput, match=r"municipalities.csv:2: .*slug is empty"):
        csvw.read(register)


def test_bytes_that_are_not_utf8_are_told_with_their_line(register: Path) -> None:
    register.write_bytes(register.read_bytes().replace("Österåkers".encode(), "Österåkers".encode("latin-1")))
    with pytest.raises(BadInput, match=r"municipalities.csv:4: .*UTF-8"):
        csvw.read(register)


def test_a_huge_file_is_refused(register: Path) -> None:
    register.write_bytes(b"x" * (MAX_BYTES + 1))
    with pytest.raises(BadInput, match="file size"):
        csvw.read(register)


def test_a_register_without_metadata_is_refused(register: Path) -> None:
    register.with_name(f"{register.name}-metadata.json").unlink()
    with pytest.raises(BadInput, match=r"metadata\.json: the file cannot be read"):
        csvw.read(register)


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(register: Path) -> None:
    before = csvw.read(register)
    register.write_bytes(b"\xef\xbb\xbf" + register.read_bytes().replace(b"\n", b"\r\n"))
    after = csvw.read(register)
    assert after.quads == before.quads
    assert after.lines == before.lines


@pytest.mark.parametrize(
    ("written", "canonical"),
    [("60", "60"), ("59.50", "59.5"), ("60.0", "60"), ("+60.10", "60.1"), ("060", "60")],
)
def test_decimals_are_written_canonically(register: Path, written: str, canonical: str) -> None:
    register.write_text(spoil(2, "59.521495", written)(register.read_text()))
    quads = csvw.read(register).quads
    assert values(quads, "organisation/upplands-vasby-kommun", GEO + "lat") == {canonical}
