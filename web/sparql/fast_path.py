"""Answers queries sent with GET before Flask is entered, which takes longer than most of them do.

Whatever is not simply a query, and whatever goes wrong, is left to the application behind it.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask
from werkzeug.wsgi import FileWrapper

from graph.core.errors import UtsagaError
from graph.rdf.query_types import Answer, Question
from web.html.app_state import AppState
from web.http.content_coding import Representation
from web.http.security_headers import SECURITY
from web.sparql.admission import Admission
from web.sparql.protocol import (
    PATH,
    RAISED,
    SCRIPTS,
    headers,
    media_types,
    own_headers,
    read_form,
    shared_headers,
    state_of,
    understand,
)

_ALWAYS: Final = (*SECURITY.items(), *SCRIPTS.items())


class Shortcut:
    """The application `app` with a shorter way to its endpoint."""

    def __init__(self, app: Flask, state: AppState) -> None:
        """Answer with what `app` answers with, whose state is `state`."""
        self._app = app
        self.admission = Admission.of(state)
        self._release = state.release

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a query sent with GET here, and everything else there."""
        if not self.takes(environ):
            return self._app(environ, start_response)
        try:
            question = self.question(environ)
            if question is not None:
                with self.admission.admit_query(environ):
                    found = self.admission.backend.answer(question)
                return self.give(found, question, environ, start_response)
        except UtsagaError as error:
            environ[RAISED] = error
        return self._app(environ, start_response)

    def takes(self, environ: WSGIEnvironment) -> bool:
        """Tell whether a request may be a query sent with GET, of which nothing has gone wrong yet."""
        return environ["PATH_INFO"] == PATH and environ["REQUEST_METHOD"] == "GET" and RAISED not in environ

    def question(self, environ: WSGIEnvironment) -> Question | None:
        """Return the question that a request puts, or None if there is no query; raise what is wrong."""
        encoded = environ.get("QUERY_STRING", "").encode("latin-1")
        if len(encoded) > self.admission.settings.query_bytes:
            return None
        asked = understand(read_form(encoded, "the URL"), bare=True)
        if asked.query is None:
            return None
        choices = media_types(environ.get("HTTP_ACCEPT", ""), asked.format)
        return self.admission.question(environ, asked.query, choices, asked.dataset, asked.timeout)

    def representation(self, body: bytes, found: Answer, question: Question) -> Representation:
        """Return the answer whose `body` was found."""
        own = own_headers(found, self._release, state_of(question))
        shared = _shared_headers(found.media_type, found.lasts, self._release is not None)
        return Representation.made(shared, body, own)

    def give(
        self, found: Answer, question: Question, _environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Answer a request with what was found."""
        start_response("200 OK", [*headers(found, self._release, state_of(question)), *_ALWAYS])
        return [found.body] if isinstance(found.body, bytes) else FileWrapper(found.body)


@lru_cache
def _shared_headers(media_type: str, lasts: bool, has_release: bool) -> tuple[tuple[str, str], ...]:
    return *shared_headers(media_type, lasts=lasts, has_release=has_release), *_ALWAYS
