"""Answers queries sent with GET before Flask is entered, which takes longer than most of them do.

Whatever is not simply a query, and whatever goes wrong, is left to the application behind it.
"""

from collections.abc import Iterable
from typing import Final
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask
from werkzeug.wsgi import FileWrapper

from graph.errors import UtsagaError
from graph.query import Answer
from web.asking import Desk
from web.headers import SECURITY
from web.sparql import PATH, RAISED, SCRIPTS, headers, media_types, read_form, understand

_ALWAYS: Final = [*SECURITY.items(), *SCRIPTS.items()]


class Shortcut:
    """The application `app` with a shorter way to its endpoint."""

    def __init__(self, app: Flask) -> None:
        """Answer with what `app` answers with."""
        self._app = app
        self._desk: Desk = app.extensions["desk"]
        self._release = app.extensions["release"]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a query sent with GET here, and everything else there."""
        if environ["PATH_INFO"] != PATH or environ["REQUEST_METHOD"] != "GET":
            return self._app(environ, start_response)
        try:
            found, state = self._answer(environ)
        except UtsagaError as error:
            environ[RAISED] = error
            found = None
        if found is None:
            return self._app(environ, start_response)
        start_response("200 OK", [*headers(found, self._release, state), *_ALWAYS])
        return [found.body] if isinstance(found.body, bytes) else FileWrapper(found.body)

    def _answer(self, environ: WSGIEnvironment) -> tuple[Answer | None, tuple[object, ...]]:
        """Return the answer and what it depends on, or nothing if there is no query; raise what is wrong."""
        encoded = environ.get("QUERY_STRING", "").encode("latin-1")
        if len(encoded) > self._desk.settings.query_bytes:
            return None, ()
        asked = understand(read_form(encoded, "the URL"), bare=True)
        if asked.query is None:
            return None, ()
        choices = media_types(environ.get("HTTP_ACCEPT", ""), asked.format)
        found = self._desk.ask(environ, asked.query, choices, asked.dataset, asked.timeout)
        return found, (asked.query, asked.dataset, self._desk.base_iri(environ))
