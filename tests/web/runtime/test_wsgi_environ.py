from typing import Any

import pytest

from web.runtime.wsgi_environ import environ_of

Lines = list[tuple[bytes, bytes]]


def scope(headers: Lines | None = None, **changed: Any) -> dict[str, Any]:
    """Return the scope of a GET of the home page."""
    return {
        "type": "http",
        "method": "GET",
        "http_version": "1.1",
        "scheme": "http",
        "server": ("127.0.0.1", "8000"),
        "client": ("192.0.2.1", "40000"),
        "path": "/",
        "query_string": b"",
        "headers": headers or [],
        **changed,
    }


def test_the_environ_of_a_request() -> None:
    headers = [(b"host", b"data.example"), (b"content-type", b"text/csv"), (b"content-length", b"2")]
    environ = environ_of(
        scope(headers, method="POST", path="/id/malmö", query_string=b"q=%C3%A5&q=?", http_version="1.0")
    )
    assert {name: value for name, value in environ.items() if not name.startswith("wsgi.")} == {
        "SCRIPT_NAME": "",
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/id/malmö".encode().decode("latin-1"),
        "QUERY_STRING": "q=%C3%A5&q=?",
        "CONTENT_TYPE": "text/csv",
        "CONTENT_LENGTH": "2",
        "HTTP_HOST": "data.example",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.0",
        "REMOTE_ADDR": "192.0.2.1",
    }
    assert (environ["wsgi.url_scheme"], environ["wsgi.version"]) == ("http", (1, 0))
    assert environ["wsgi.multithread"]


@pytest.mark.parametrize(
    ("headers", "key", "expected"),
    [
        ([(b"accept", b"text/csv"), (b"Accept", b"*/*;q=0")], "HTTP_ACCEPT", "text/csv, */*;q=0"),
        ([(b"cookie", b"a=1"), (b"cookie", b"b=2")], "HTTP_COOKIE", "a=1; b=2"),
        ([(b"x-forwarded-for", b"a"), (b"x-forwarded-for", b"b")], "HTTP_X_FORWARDED_FOR", "a, b"),
        ([(b"x-known", b"\xe5")], "HTTP_X_KNOWN", "å"),
        ([(b"x-known", b"")], "HTTP_X_KNOWN", ""),
        ([(b"x_forwarded_for", b"::1")], "HTTP_X_FORWARDED_FOR", None),
        ([(b"x_forwarded-for", b"::1"), (b"x-forwarded-for", b"a")], "HTTP_X_FORWARDED_FOR", "a"),
        ([(b"content_length", b"9")], "CONTENT_LENGTH", None),
        ([(b"remote-addr", b"::1")], "REMOTE_ADDR", "192.0.2.1"),
        ([(b"request-method", b"PUT")], "REQUEST_METHOD", "GET"),
        ([(b"wsgi.input", b"x")], "wsgi.input", None),
    ],
)
def test_headers_are_variables(headers: Lines, key: str, expected: str | None) -> None:
    assert environ_of(scope(headers)).get(key) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", "/"),
        ("*", "/"),
        ("/*", "/*"),
        ("//a.example/c", "//a.example/c"),
        ("/å", "/Ã¥"),
        ("/\ufffd", "/ï¿½"),
        ("/\udcff", "/ÿ"),
        ("/a b", "/a b"),
    ],
)
def test_a_path_is_utf8_read_as_latin_1(path: str, expected: str) -> None:
    assert environ_of(scope(path=path))["PATH_INFO"] == expected


def test_requests_share_nothing() -> None:
    environ_of(scope([(b"accept", b"text/csv")]))["REMOTE_ADDR"] = "::1"
    environ = environ_of(scope())
    assert "HTTP_ACCEPT" not in environ
    assert environ["REMOTE_ADDR"] == "192.0.2.1"
