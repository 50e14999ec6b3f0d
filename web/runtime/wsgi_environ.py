"""The request of an ASGI scope as WSGI has it: https://peps.python.org/pep-3333/#environ-variables."""

import sys
from typing import Any, Final
from wsgiref.types import WSGIEnvironment

Scope = dict[str, Any]

_CONSTANT: Final[WSGIEnvironment] = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": False,
    "wsgi.run_once": False,
}


def environ_of(scope: Scope) -> WSGIEnvironment:
    """Return the environ of an HTTP request, without its body.

    Headers whose names have an underscore are left out: they would be taken for others
    (https://nginx.org/en/docs/http/ngx_http_core_module.html#underscores_in_headers). The target `*` is that
    of the server and no resource of it, of which its home page speaks.
    """
    server, port = scope["server"]
    environ = _CONSTANT | {
        "REQUEST_METHOD": scope["method"],
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server,
        "SERVER_PORT": str(port),
        "REMOTE_ADDR": scope["client"][0],
        "PATH_INFO": scope["path"].encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "wsgi.url_scheme": scope["scheme"],
    }
    if environ["PATH_INFO"] == "*":
        environ["PATH_INFO"] = "/"
    for name, value in scope["headers"]:
        if b"_" not in name:
            key = _key(name.decode("latin-1"))
            text = value.decode("latin-1")
            environ[key] = f"{environ[key]}{_separator(key)}{text}" if key in environ else text
    return environ


def _key(name: str) -> str:
    key = name.upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"


def _separator(key: str) -> str:
    return "; " if key == "HTTP_COOKIE" else ", "
