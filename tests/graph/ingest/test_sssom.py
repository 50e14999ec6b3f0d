"""Links to other data sets: their number, their content, and the message for each fault."""

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad

from graph.core.errors import BadInput
from graph.core.namespaces import DCTERMS, GRAPH, ID, OWL, RDFS, SKOS
from graph.ingest import sssom

LINKS = Path(sssom.__file__).parents[1] / "facts" / "links"
LCC = "https://www.omg.org/spec/LCC/Countries/Regions/ISO3166-2-SubdivisionCodes-SE/"
SAME, EXACT, CLOSE, ALSO = OWL + "sameAs", SKOS + "exactMatch", SKOS + "closeMatch", RDFS + "seeAlso"

GOOD = """\
#curie_map:
#  id: https://w3id.org/utsaga/id/
#  owl: http://www.w3.org/2002/07/owl#
#  semapv: https://w3id.org/semapv/vocab/
#  wd: http://www.wikidata.org/entity/
#mapping_set_id: https://w3id.org/utsaga/graph/links/test
#mapping_set_title: A test
#license: https://creativecommons.org/publicdomain/zero/1.0/
#mapping_provider: https://www.wikidata.org/
subject_id\tpredicate_id\tobject_id\tmapping_justification\tconfidence\tmapping_date
id:law/gdpr\towl:sameAs\twd:Q1172506\tsemapv:ManualMappingCuration\t0.9\t2026-11-24
id:organisation/microsoft\towl:sameAs\twd:Q2283\tsemapv:ManualMappingCuration\t\t
"""


def read(target: str) -> list[Quad]:
    return sssom.read(LINKS / f"{target}.sssom.tsv").quads


def mappings(target: str) -> set[tuple[str, str, str]]:
    """Return the links of a target as subject (without the base), predicate and object."""
    triples = [(q.subject, q.predicate, q.object) for q in read(target)]
    return {
        (s.value.removeprefix(ID), p.value, o.value)
        for s, p, o in triples
        if isinstance(s, NamedNode) and isinstance(o, NamedNode) and s.value.startswith(ID)
    }


@pytest.mark.parametrize(
    ("target", "counts"),
    [
        ("wikidata", {SAME: 281 + 18 + 21 + 4, CLOSE: 9}),
        ("geonames", {ALSO: 38, EXACT: 21}),
        ("iso-3166-2", {EXACT: 21}),
        ("nuts", {EXACT: 21}),
        ("ror", {EXACT: 5 + 18}),
        ("openstreetmap", {ALSO: 290}),
        ("eur-lex", {EXACT: 2, ALSO: 2}),
        ("lagen-nu", {ALSO: 4}),
        ("riksdagen", {ALSO: 2}),
        ("dbpedia", {ALSO: 5}),
    ],
)
def test_the_links_are_counted(target: str, counts: dict[str, int]) -> None:
    assert Counter(predicate for _, predicate, _ in mappings(target)) == counts


@pytest.mark.parametrize(
    ("target", "link"),
    [
        ("wikidata", ("organisation/goteborgs-kommun", SAME, "http://www.wikidata.org/entity/Q52502")),
        ("wikidata", ("organisation/region-gotland", SAME, "http://www.wikidata.org/entity/Q374794")),
        ("wikidata", ("organisation/salems-kommun", CLOSE, "http://www.wikidata.org/entity/Q516080")),
        ("wikidata", ("place/stockholms-lan", SAME, "http://www.wikidata.org/entity/Q104231")),
        ("wikidata", ("product/libreoffice", SAME, "http://www.wikidata.org/entity/Q10135")),
        ("geonames", ("organisation/goteborgs-kommun", ALSO, "https://sws.geonames.org/2711533/")),
        ("geonames", ("place/stockholms-lan", EXACT, "https://sws.geonames.org/2673722/")),
        ("nuts", ("place/vastra-gotalands-lan", EXACT, "http://data.europa.eu/nuts/code/SE232")),
        ("iso-3166-2", ("place/vastra-gotalands-lan", EXACT, f"{LCC}VastraGotalandsLan")),
        ("ror", ("organisation/region-kalmar-lan", EXACT, "https://ror.org/033bc9f34")),
        ("eur-lex", ("law/gdpr", EXACT, "http://data.europa.eu/eli/reg/2016/679/oj")),
        ("lagen-nu", ("law/osl", ALSO, "https://lagen.nu/2009:400")),
        ("riksdagen", ("law/pul", ALSO, "https://data.riksdagen.se/dokument/sfs-1998-204")),
    ],
)
def test_the_article_s_entities_are_linked(target: str, link: tuple[str, str, str]) -> None:
    assert link in mappings(target)


def test_what_nobody_has_verified_is_not_linked() -> None:
    linked = {subject for subject, _, _ in mappings("wikidata")}
    unverified = {"region-sormland", "region-vastmanland", "ny-teknik"}
    assert not linked & {f"organisation/{slug}" for slug in unverified}
    assert not linked & {f"product/{slug}" for slug in ("office-365", "office-2010", "sharepoint", "bankid")}
    assert not linked & {"law/osl", "law/pul", "law/direktiv-95-46-eg"}


def test_the_links_are_those_of_the_given_registers(shared: Path) -> None:
    expected: set[tuple[str, str]] = set()
    for name, columns in {
        "municipalities.csv": {"wikidata": "wikidata_match"},
        "regions.csv": {"region_wikidata": "region_wikidata_match", "county_wikidata": ""},
    }.items():
        with (shared / "registers" / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                for column, match in columns.items():
                    if row[column]:
                        close = bool(match) and row[match] == "close"
                        expected.add((CLOSE if close else SAME, row[column]))
    expected |= {(SAME, item) for item in ("Q2283", "Q11255", "Q10135", "Q1172506")}
    assert {(p, o.rpartition("/")[2]) for _, p, o in mappings("wikidata")} == expected


def test_every_county_is_linked_by_its_codes() -> None:
    """The link sets write the codes of the register anew, LCC's as the name of what each identifies."""
    with (LINKS.parent / "registers" / "counties.csv").open(encoding="utf-8", newline="") as file:
        counties = list(csv.DictReader(file))
    assert mappings("nuts") == {
        (f"place/{each['slug']}", EXACT, f"http://data.europa.eu/nuts/code/{each['nuts3']}")
        for each in counties
    }
    assert mappings("iso-3166-2") == {
        (f"place/{each['slug']}", EXACT, LCC + each["slug"].replace("-", " ").title().replace(" ", ""))
        for each in counties
    }


@pytest.mark.parametrize("path", sorted(LINKS.glob("*.tsv")), ids=lambda path: path.name)
def test_each_set_says_its_title_licence_and_source(path: Path) -> None:
    facts = sssom.read(path)
    said = {q.predicate.value for q in facts.quads if q.subject == NamedNode(facts.graph)}
    assert facts.graph == GRAPH + "links/" + path.name.removesuffix(".sssom.tsv")
    assert said == {DCTERMS + "title", DCTERMS + "license", DCTERMS + "source"}
    assert {q.graph_name for q in facts.quads} == {NamedNode(facts.graph)}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "test.sssom.tsv"
    path.write_text(GOOD)
    return path


def test_each_link_knows_its_line(table: Path) -> None:
    facts = sssom.read(table)
    assert len(facts.quads) == 5
    assert facts.lines[f"{ID}law/gdpr {SAME}"] == f"{table}:11"
    assert ID + "law/gdpr" not in facts.lines, "the entity is declared elsewhere"


def swap(old: str, new: str) -> Callable[[str], str]:
    """Return an edit that puts `new` for the first `old`, which must be there."""

    def edit(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return edit


@pytest.mark.parametrize(
    ("edit", "line", "said"),
    [
        (lambda text: "", 1, "the table has no metadata"),
        (swap("#curie_map:", "#curie_map: ["), 3, "expected"),
        (swap("#license:", "#licence:"), 1, "“licence” is not known"),
        (swap("links/test", "links/other"), 1, "does not belong to the file's name"),
        (swap("http://www.wikidata.org/entity/", "entity/"), 1, "“entity/” is no http(s) IRI"),
        (swap("https://creativecommons.org", "javascript:alert(1)"), 1, "is no http(s) IRI"),
        (swap("confidence", "trust"), 10, "the column “trust” is not known"),
        (swap("\tpredicate_id", ""), 10, "the column predicate_id is missing"),
        (swap("mapping_date\n", "confidence\n"), 10, "a column stands twice"),
        (swap("\t0.9", ""), 11, "the row has 5 cells"),
        (swap("id:law/gdpr", ""), 11, "subject_id is empty"),
        (swap("id:law/gdpr", "law/gdpr"), 11, "has no known prefix"),
        (swap("id:law/gdpr", "id:lag/gdpr"), 11, "is no entity of this graph"),
        (swap("id:law/gdpr", "id:../ns#x"), 11, "is no entity of this graph"),
        (swap("id:law/gdpr", "wd:Q1"), 11, "is no entity of this graph"),
        (swap("owl:sameAs", "owl:differentFrom"), 11, "is no link"),
        (swap("wd:Q1172506", "http://www.wikidata.org/entity/Q1172506"), 11, "has no known prefix"),
        (swap("wd:Q1172506", "javascript:alert(1)"), 11, "has no known prefix"),
        (swap("wd:Q1172506", "wd:Q1 172506"), 11, "makes no IRI"),
        (swap("wd:Q1172506", "wd:<Q1>"), 11, "makes no IRI"),
        (swap("wd:Q1172506", "id:law/osl"), 11, "is not outside this graph"),
        (swap("semapv:ManualMappingCuration", "wd:Q1"), 11, "is no justification"),
        (swap("\t0.9", "\t1.1"), 11, "confidence"),
        (swap("2026-11-24", "24/11 2026"), 11, "mapping_date"),
        (swap("id:law/gdpr", '"id:law/gdpr'), 11, "the row that begins here is not TSV"),
        (
            lambda text: text + "id:law/gdpr\towl:sameAs\twd:Q1172506\tsemapv:LexicalMatching\t\t\n",
            13,
            "id:law/gdpr is linked to wd:Q1172506 at",
        ),
        (lambda text: text + "#comment\n", 13, "the row has 1 cells"),
    ],
)
def test_each_mistake_is_told_with_its_line(
    table: Path, edit: Callable[[str], str], line: int, said: str
) -> None:
    table.write_text(edit(GOOD))
    with pytest.raises(BadInput) as caught:
        sssom.read(table)
    fault = next(fault for fault in caught.value.faults if said in fault.message)
    assert fault.where == f"{table}:{line}"
    assert fault.rule
    assert fault.remedy


def test_a_pair_that_does_not_match_is_kept_and_makes_no_triple(table: Path) -> None:
    text = GOOD.replace("confidence", "predicate_modifier").replace("\t0.9", "\tNot")
    table.write_text(text)
    read = sssom.parse(text, table)
    assert read.rejected == {(ID + "law/gdpr", "http://www.wikidata.org/entity/Q1172506")}
    assert len(read.facts.quads) == 4
    assert sssom.read(table) == read.facts
    table.write_text(text.replace("\tNot", "\tnot"))
    with pytest.raises(BadInput, match=r"predicate_modifier is unknown.*write Not"):
        sssom.read(table)


def test_every_fault_is_told_at_once(table: Path) -> None:
    table.write_text(GOOD.replace("owl:sameAs", "owl:differentFrom").replace("wd:Q2283", "Q2283"))
    with pytest.raises(BadInput) as caught:
        sssom.read(table)
    assert [fault.where for fault in caught.value.faults] == [f"{table}:11", f"{table}:12"]


def test_a_scheme_that_runs_code_is_no_prefix(table: Path) -> None:
    table.write_text(GOOD.replace("http://www.wikidata.org/entity/", "'javascript:'"))
    with pytest.raises(BadInput, match=r"“javascript:” is no http\(s\) IRI"):
        sssom.read(table)
