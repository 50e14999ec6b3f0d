"""Sites that are built and served by processes of their own: a process has one site."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
import urllib3

from tests.conftest import UTSAGA, _wait_for
from tests.web.sites import unlike as sites

PAGE: Final = "text/html,*/*;q=0.8"
THESAURUS: Final = Path(__file__).with_name("thesaurus") / "node_modules" / "@vocabulary" / "gn" / "gn.nq"
TOML: Final = """
[site]
name = "Feature codes"
description.en = "The kinds of places that GeoNames tells apart."
description.sv = "De slags platser som GeoNames skiljer åt."
base = "https://codes.example/"
namespace = "http://www.geonames.org/ontology#"
prefix = "gn"
languages = ["en", "sv", "no", "ru", "bg"]
licence = "https://creativecommons.org/licenses/by/3.0/"

[home]
query = "codes-of-class"

[colours]
accent = "#7a2d00"
"""
QUERY: Final = """#+ title:
#+   en: Which codes are in a class?
#+   sv: Vilka koder finns i en klass?
#+   "no": Koder i en klasse
#+   ru: Коды класса
#+   bg: Кодове
#+ description: {en: Codes, sv: Koder, "no": Koder, ru: Коды, bg: Кодове}
#+ keywords: [codes]
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?code ?codeLabel ?class WHERE {
  ?code skos:inScheme ?class ; skos:prefLabel ?codeLabel FILTER(LANG(?codeLabel) = "en")
} ORDER BY ?code
"""
PLACES: Final = """
@prefix e: <https://places.example/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix gsp: <http://www.opengis.net/ont/geosparql#> .
e:Station a rdfs:Class ; rdfs:label "Weather station"@en , "Väderstation"@sv .
e:Buoy a rdfs:Class ; rdfs:label "Buoy"@en .
e:a a e:Station ; rdfs:label "Alpha"@en ; geo:lat 63.1 ; geo:long 14.2 ; dct:issued "1999-04-01"^^xsd:date .
e:b a e:Station ; rdfs:label "Beta"@en ; geo:lat 57.7 ; geo:long 11.9 ; dct:issued "2004"^^xsd:gYear .
e:c a e:Station ; rdfs:label "Gamma"@en ; dct:issued "2004-05"^^xsd:gYearMonth .
e:d a e:Buoy ; rdfs:label "Delta"@en ; gsp:asWKT "POINT(10.5 59.1)"^^gsp:wktLiteral .
<javascript:alert(1)> a e:Station ; rdfs:label "Hostile"@en .
"""


class Served:
    """A site that is being served."""

    def __init__(self, address: str, command: Sequence[str] = (), built: str = "") -> None:
        """Ask the server at `address`; `command` begins those on its site, `built` is what the build said."""
        self.address = address
        self.command = command
        self.built = built
        self._http = urllib3.PoolManager()

    def fetch(self, path: str) -> tuple[int, str, str]:
        """Return the status, the media type and the text of what is at `path`; no redirect is followed."""
        found = self._http.request("GET", self.address + path, headers={"Accept": PAGE}, redirect=False)
        target = found.headers.get("Location", "")
        return (
            found.status,
            found.headers.get("Content-Type", ""),
            target or found.data.decode(errors="replace"),
        )

    def ask_tool(self, name: str, **arguments: object) -> dict[str, Any]:
        """Return the answer of a tool of the MCP server; fail if it refuses."""
        call = {"name": name, "arguments": arguments}
        found = self._http.request(
            "POST",
            self.address + "/mcp",
            json={"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call},
            headers={"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2025-06-18"},
        )
        answer: dict[str, Any] = json.loads(found.json()["result"]["content"][0]["text"])
        assert "error" not in answer, answer
        return answer

    def get(self, path: str, accept: str = "text/html", status: int = 200, languages: str = "") -> str:
        """Return the body of what is at `path`; fail unless it has `status`."""
        code, text = self.ask(path, accept, languages)
        assert code == status, (path, code, text[-2000:])
        return text

    def ask(self, path: str, accept: str = "text/html", languages: str = "") -> tuple[int, str]:
        """Return the status and the body of what is at `path`."""
        headers = {"Accept": accept, "Accept-Language": languages}
        found = self._http.request("GET", self.address + path, headers=headers)
        return found.status, found.data.decode(errors="replace")


@contextmanager
def serve(site: Path) -> Iterator[Served]:
    """Build `site` and serve it, with MCP, until the end of the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(UTSAGA), "--site", str(site), "--releases", str(site / "releases")]
    built = subprocess.run([*command, "build"], capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(
            [*command, "serve", "--port", str(port), "--workers", "1"],
            stdout=log,
            stderr=subprocess.STDOUT,
            env=os.environ | {"UTSAGA_MCP": "1"},
        ) as process,
    ):
        try:
            _wait_for(f"http://127.0.0.1:{port}/healthz", process, log)
            yield Served(f"http://127.0.0.1:{port}", command, built.stdout + built.stderr)
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def thesaurus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The site of a thesaurus that others wrote and a package ships; all of it is derived."""
    if not THESAURUS.exists():
        pytest.skip("the package @vocabulary/gn is not installed (make test)")
    site = tmp_path_factory.mktemp("thesaurus")
    (site / "facts" / "rdf").mkdir(parents=True)
    (site / "queries").mkdir()
    shutil.copy(THESAURUS, site / "facts" / "rdf")
    (site / "utsaga.toml").write_text(TOML, encoding="utf-8")
    (site / "queries" / "codes-of-class.rq").write_text(QUERY, encoding="utf-8")
    with serve(site) as served:
        yield served


@pytest.fixture(scope="session")
def stations(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A site of things with coordinates and dates, and with templates and words of its own."""
    site = tmp_path_factory.mktemp("stations")
    (site / "facts" / "rdf").mkdir(parents=True)
    (site / "facts" / "rdf" / "stations.ttl").write_text(PLACES, encoding="utf-8")
    text = TOML.replace("http://www.geonames.org/ontology#", "https://places.example/").replace("gn", "pl")
    text = text.replace('"en", "sv", "no", "ru", "bg"', '"en", "de"').partition("[home]")[0]
    (site / "utsaga.toml").write_text(text, encoding="utf-8")
    words = site / "pages" / "translations" / "de" / "LC_MESSAGES" / "messages.po"
    words.parent.mkdir(parents=True)
    words.write_text('msgid "timeline.title"\nmsgstr "Zeitleiste von {site}"\n', encoding="utf-8")
    templates = site / "pages" / "templates" / "views"
    templates.mkdir(parents=True)
    own = '{% extends "base.html" %}{% block main %}<h1>Nothing to compare here</h1>{% endblock %}'
    (templates / "report.html").write_text(own, encoding="utf-8")
    with serve(site) as served:
        yield served


@contextmanager
def unlike_site(folder: Path, toml: str, data: str, files: dict[str, str]) -> Iterator[Served]:
    """Serve a site in `folder` with `data` in RDF and further `files` by their path."""
    for path, text in {"utsaga.toml": toml, "facts/rdf/data.ttl": data, **files}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    with serve(folder) as served:
        yield served


@pytest.fixture(scope="session")
def datasets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A DCAT catalogue in German and French."""
    query = {"queries/zum-thema.rq": sites.CATALOGUE_QUERY}
    with unlike_site(
        tmp_path_factory.mktemp("datasets"), sites.CATALOGUE_TOML, sites.catalogue(), query
    ) as served:
        yield served


@pytest.fixture(scope="session")
def museum(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Individuals of an OWL ontology in Arabic, with IRIs in Cyrillic and hostile ones."""
    terms = {"ontology/terms.ttl": sites.MUSEUM_TERMS}
    with unlike_site(tmp_path_factory.mktemp("museum"), sites.MUSEUM_TOML, sites.museum(), terms) as served:
        yield served


@pytest.fixture(scope="session")
def concepts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A thesaurus with cycles, some of whose concepts have no type."""
    folder = tmp_path_factory.mktemp("concepts")
    with unlike_site(folder, sites.THESAURUS_TOML, sites.thesaurus(), {}) as served:
        yield served
