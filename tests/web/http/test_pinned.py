"""The release that a request is for."""

from typing import Any
from urllib.parse import unquote

import pytest
from werkzeug.test import create_environ

from web.http.pinned import (
    RELEASE,
    lasting_headers,
    newest_address,
    release_address,
    requested_release,
)

ID = "9b160a4a780a"
FIELDS = [("ETag", '"a"'), ("Cache-Control", "no-cache")]


@pytest.mark.parametrize(
    ("path", "query", "found"),
    [
        ("/sparql", f"query=ASK%20%7B%7D&release={ID}", ID),
        ("/queries/evidence", f"release={ID}&release=other", ID),
        ("/queries/evidence", f"release=+{ID}%20", ID),
        ("/queries/evidence", "release=", ""),
        ("/sparql", f"query=release%3D{ID}", ""),
        ("/sparql", f"prerelease={ID}", ""),
        ("/sparql", "query=ASK%20%7B%7D", ""),
    ],
)
def test_the_argument_of_a_url_is_read(path: str, query: str, found: str) -> None:
    environ = create_environ(path, query_string=query)
    assert requested_release(environ, bytes) == found
    assert environ.get(RELEASE, "") == found


@pytest.mark.parametrize(
    ("path", "sent", "found"),
    [
        ("/sparql", {"method": "QUERY", "data": {"query": "ASK {}", "release": ID}}, ID),
        ("/sparql", {"query_string": "release=", "data": {"query": "ASK {}", "release": ID}}, ID),
        ("/sparql", {"query_string": "release=other", "data": {"query": "ASK {}", "release": ID}}, "other"),
        ("/sparql", {"data": {"query": "ASK {}", "release": ID}}, ID),
        ("/query", {"data": {"query": "ASK {}", "release": ID}}, ID),
        ("/sparql", {"data": {"query": "# release="}}, ""),
        ("/reconcile", {"data": {"queries": "{}", "release": ID}}, ""),
        ("/sparql", {"data": f"release={ID}", "content_type": "application/sparql-query"}, ""),
    ],
)
def test_the_field_of_a_form_is_read(path: str, sent: dict[str, Any], found: str) -> None:
    environ = create_environ(path, **{"method": "POST"} | sent)
    assert requested_release(environ, environ["wsgi.input"].read) == found


def test_the_newest_has_the_same_address_without_the_release() -> None:
    environ = create_environ("/queries/evidence", query_string=f"lang=sv&release={ID}&view=chart")
    assert newest_address(environ) == "/queries/evidence?lang=sv&view=chart"
    assert release_address(environ, "b" * 12) == f"/queries/evidence?lang=sv&view=chart&release={'b' * 12}"
    assert newest_address(create_environ("/a", query_string=f"release={ID}")) == "/a"
    assert release_address(create_environ("/sparql", method="POST", query_string=f"release={ID}"), ID) == ""


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/a%0D%0AX-Y:%20z", "/a%0D%0AX-Y:%20z"),
        ("/a%3Fb%3E%22", "/a%3Fb%3E%22"),
        ("/%C3%A5", "/%C3%A5"),
        ("//host.example/a", "/host.example/a"),
    ],
)
def test_no_path_becomes_another_address_or_header(path: str, address: str) -> None:
    environ = create_environ("/") | {"PATH_INFO": unquote(path, "latin-1")}
    assert newest_address(environ) == address
    assert release_address(environ, ID) == f"{address}?release={ID}"


def test_a_result_of_a_release_lasts_and_names_the_newest() -> None:
    environ = create_environ("/sparql", query_string=f"query=ASK&release={ID}")
    assert lasting_headers(environ, FIELDS) == FIELDS
    requested_release(environ, bytes)
    kept = lasting_headers(environ, FIELDS)
    assert ("Cache-Control", "public, max-age=86400, immutable") in kept
    assert ("Link", '</sparql?query=ASK>; rel="latest-version"') in kept
    changing = [("Cache-Control", "no-store")]
    assert lasting_headers(environ, changing) == changing
