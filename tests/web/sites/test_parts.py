"""Sites with some of the parts: what belongs to one that is off is gone, and everything else answers."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from graph.core.parts import PARTS, parts_with
from tests.conftest import UTSAGA
from tests.web.sites.conftest import Served, serve
from tests.web.sites.small_site import make_small_site, source

pytestmark = pytest.mark.slow
WEB: Final = Path(__file__).parents[1]
PATHS: Final = [
    line.split()[0]
    for name in ("pages.txt", "documents.txt")
    for line in (WEB / name).read_text(encoding="utf-8").splitlines()
    if line.startswith("/")
]
PAGES: Final = {
    "statement": "/statement/one",
    "source": "/source/report",
    "person": "/person/ada",
    "organisation": "/organisation/board",
    "passage": "/passage/report-0-20",
    "adoption": "/adoption/rope",
    "assessment": "/assessment/rope",
    "law": "/law/bridges",
    "product": "/product/rope",
}
"""By kind, the address of an entity that the small site has if it has what declares it."""
OF_PART: Final = {
    "statements": ("/statement/one.bib", "/statement.csv"),
    "evidence": ("/source/report/verify", "/ns/evidence.jsonld", "/ns/evidence.schema.json", "/passage.csv"),
    "adoptions": ("/compare", "/compare.csv", "/adoption.csv"),
    "assessments": ("/assessment.csv", "/assessment/rope.ttl"),
}
"""By part, addresses of what only a site with it has."""
SECTIONS: Final = {
    "statements": ("/about", ("What the data prove", "The words are ours")),
    "evidence": ("/statement/one", ("<h2>Evidence</h2>", "Check against a copy", "SHA-256")),
    "adoptions": ("/organisation/board", ('id="status"', "in use")),
    "assessments": ("/statement/one", ("Laws relied on", "no obstacle")),
}
"""By part, a page and words of the sections that it has there."""
COMBINATIONS: Final = (
    (),
    ("statements",),
    *(tuple(each for each in PARTS if each != off) for off in PARTS if off != "statements"),
    tuple(PARTS),
)


@pytest.fixture(scope="module", params=COMBINATIONS, ids=lambda parts: "+".join(parts) or "none")
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Served, tuple[str, ...]]]:
    """A small site with some of the parts, and which."""
    folder = tmp_path_factory.mktemp("parts") / "site"
    make_small_site(folder, request.param)
    with serve(folder) as served:
        yield served, request.param


Site = tuple[Served, tuple[str, ...]]


def status(served: Served, path: str) -> int:
    return served.ask(path)[0]


@pytest.mark.parametrize("part", PARTS)
def test_what_belongs_to_a_part_is_there_if_the_part_is(site: Site, part: str) -> None:
    served, parts = site
    expected = 200 if part in parts else 404
    assert {path: status(served, path) for path in OF_PART[part]} == dict.fromkeys(OF_PART[part], expected)


def test_entities_of_parts_that_are_off_have_the_page_of_any_entity(site: Site) -> None:
    served, parts = site
    for kind, path in PAGES.items():
        code, page = served.ask(path)
        if code == 404:
            assert not parts or set(parts_with("pages", kind)).isdisjoint(parts), kind
            continue
        is_own = not set(parts_with("pages", kind)).isdisjoint(parts)
        assert is_own or "<h2>What links here</h2>" in page, kind
        assert ('id="status"' in page) == (kind in ("organisation", "product") and "adoptions" in parts), kind
    assert "North Bridge" in served.get("/bridge/north")
    assert "South Bridge" in served.get("/bridge/north")


def links(page: str) -> list[str]:
    """Return the addresses of this site that `page` leads to, but for documents and files."""
    found = (unescape(each) for each in re.findall(r'(?:href|src|action)="(/[^"#]*)', page))
    return [each for each in found if not each.startswith(("/docs", "/static", "/download", "/releases/"))]


def test_no_link_leads_to_what_is_not_there(site: Site) -> None:
    served, _ = site
    starts = [
        *PAGES.values(),
        "/",
        "/about",
        "/feeds",
        "/dataset",
        "/timeline",
        "/search?q=rope",
        "/bridge/north",
    ]
    pages = {path: page for path in starts for code, page in [served.ask(path)] if code == 200}
    assert len(pages) > 5
    targets = {target: path for path, page in pages.items() for target in links(page)}
    assert len(targets) > 50
    gone = {target: path for target, path in targets.items() if status(served, target) >= 400}
    assert not gone


@pytest.mark.parametrize("part", PARTS)
def test_pages_have_the_sections_of_the_parts(site: Site, part: str) -> None:
    served, parts = site
    path, words = SECTIONS[part]
    code, page = served.ask(path)
    assert {each in page for each in words} == {part in parts and code == 200}


def test_a_comparison_has_the_assessments_of_sites_that_have_them_and_no_mail(site: Site) -> None:
    served, parts = site
    code, page = served.ask("/compare?organisation=board")
    assert code == (200 if "adoptions" in parts else 404)
    assert ("no obstacle" in page) == ({"adoptions", "assessments"} <= set(parts))
    assert "E-mail" not in page


def test_no_address_fails(site: Site) -> None:
    served, _ = site
    failed = {path: code for path in PATHS if (code := status(served, path)) >= 500}
    assert not failed


def test_openapi_has_the_paths_arguments_and_members_of_the_parts(site: Site) -> None:
    served, parts = site
    described = served.get("/openapi.json", "application/json")
    document = json.loads(described)
    for part, has in PARTS.items():
        assert {path in document["paths"] for path in has.paths} <= {part in parts}
        assert {name in document["components"]["schemas"] for name in has.schemas} <= {part in parts}
        for member in has.members:
            assert (f'"{member}"' in described) == (part in parts), member


def test_documents_have_the_members_of_the_parts(site: Site) -> None:
    served, parts = site
    document = json.loads(served.ask("/organisation/board.json", "application/json")[1])
    assert ("id" in document) == bool(parts)
    assert ("evidence" in document) == ("evidence" in parts)
    assert ("standings" in document) == ("adoptions" in parts)
    answered = served.ask("/queries/bridges.json?evidence=1", "application/json")
    assert answered[0] == 400
    assert ("This site has no evidence" in answered[1]) == ("evidence" not in parts)


def test_the_front_page_has_the_answer_to_the_question_of_the_site(site: Site) -> None:
    served, _ = site
    page = served.get("/")
    assert "The whole answer" in page
    assert page.index("Which bridges are there?") < page.index("North Bridge") < page.index("South Bridge")
    assert 'href="/queries/bridges"' in page


def test_the_vocabulary_has_the_terms_of_the_parts_and_none_of_our_own_domain(site: Site) -> None:
    served, parts = site
    terms = served.get("/ns.nt", "application/n-triples")
    for part, has in PARTS.items():
        for name in (each for each in has.classes if each.startswith("uts:")):
            assert (f"/utsaga/ns#{name[4:]}> <http://www.w3.org/1999" in terms) == (part in parts), name
    assert not re.search("Municipality|mailProvider|sfsNumber|Sweden|County", terms)
    assert status(served, "/shapes.ttl") == (200 if parts else 404)


def validate(folder: Path, file: Path) -> str:
    """Return what `utsaga validate` says of `file` on one line; it is empty for nothing."""
    command = [str(UTSAGA), "--site", str(folder), "validate", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode != 0) == ("✗" in done.stdout + done.stderr), done.stdout + done.stderr
    return " ".join((done.stdout + done.stderr).split()) if done.returncode else ""


def broken(parts: tuple[str, ...], **without: str) -> dict[str, Any]:
    """Return the source of the small site, each of its lists `without` one key in all its items."""
    found = source(parts)
    return found | {
        name: [{key: value for key, value in item.items() if key != left_out} for item in found[name]]
        for name, left_out in without.items()
    }


@pytest.mark.parametrize(
    ("without", "message"),
    [
        ({"statements": "text"}, "The statement has no text"),
        ({"statements": "speechAct"}, "speechAct must be exactly one code"),
        ({"statements": "evidence"}, "The statement has no evidence"),
        ({"adoptions": "adopter"}, "adopter must point at exactly one described organisation"),
        ({"adoptions": "product"}, "product must point at exactly one described product"),
        ({"adoptions": "asOf"}, "The adoption has no time"),
        ({"assessments": "outcome"}, "outcome must be exactly one code"),
        ({"assessments": "madeIn"}, "The assessment has no time"),
        ({"people": "label"}, "The person has no name"),
        ({"passages": "digest"}, "digest must be one value of 64"),
    ],
)
def test_a_fact_that_breaks_a_shape_of_a_part_is_refused(
    tmp_path: Path, without: dict[str, str], message: str
) -> None:
    file = make_small_site(tmp_path / "site", tuple(PARTS))
    file.write_text(yaml.safe_dump(broken(tuple(PARTS), **without), sort_keys=False), encoding="utf-8")
    said = validate(tmp_path / "site", file)
    assert message in said
    assert "report.yaml:" in said


@pytest.mark.parametrize(("off", "term"), [("evidence", "ns#evidence"), ("assessments", "ns#outcome")])
def test_the_terms_of_a_part_that_is_off_are_refused(tmp_path: Path, off: str, term: str) -> None:
    parts = tuple(each for each in PARTS if each != off)
    file = make_small_site(tmp_path / "site", parts)
    assert not validate(tmp_path / "site", file)
    file.write_text(yaml.safe_dump(source(tuple(PARTS)), sort_keys=False), encoding="utf-8")
    assert f"{term}> is no property of the vocabulary" in validate(tmp_path / "site", file)


@pytest.mark.parametrize("off", ["evidence", "adoptions"])
def test_agents_have_the_tools_and_resources_of_the_parts(tmp_path: Path, off: str) -> None:
    make_small_site(tmp_path / "site", tuple(each for each in PARTS if each != off))
    program = (
        "from web.mcp.resources import _DOCUMENTS; from web.mcp.tools import TOOLS;"
        "print(*TOOLS, *(resource.name for _, resource in _DOCUMENTS.values()))"
    )
    environment = {**os.environ, "UTSAGA_SITE": str(tmp_path / "site")}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True
    )
    found = set(done.stdout.split())
    assert {"search", "entity", "ask", "sparql", "ontology", "shapes"} <= found
    assert ({"cite", "evidence-schema"} <= found) == (off != "evidence")
    assert found.isdisjoint({"cite", "evidence-schema"}) == (off == "evidence")


@pytest.mark.parametrize("arguments", [["build"], ["serve"], ["--releases", "kept", "queries"]])
def test_a_site_with_a_part_that_lacks_another_is_refused_in_one_line(
    tmp_path: Path, arguments: list[str]
) -> None:
    make_small_site(tmp_path / "site", ("adoptions",))
    command = [str(UTSAGA), "--site", str(tmp_path / "site"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    assert "utsaga.toml: the part “adoptions” needs the part “statements” [utsaga.toml] → add" in done.stderr
