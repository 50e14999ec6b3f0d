"""The current request: its body and arguments, its time limit, and its parser and reconciler."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import request

from graph.core.errors import BadInput, Unavailable, UnsupportedMedia
from graph.core.settings import Settings
from graph.matching.reconciler import Reconciler
from graph.query.limit_errors import query_timed_out
from web.html.app_state import app_state
from web.reconcile.requests import RequestParser
from web.sparql.admission import Admission


@contextmanager
def time_limit() -> Iterator[Callable[[], None]]:
    """Charge the client for the time of the block, and give a function that raises after the limit.

    Raise TooManyRequests for a client that has used up its budget.
    """
    admission = Admission.of(app_state())
    seconds = admission.settings.seconds
    until = time.monotonic() + seconds

    def check_time() -> None:
        if time.monotonic() > until:
            raise query_timed_out(seconds)

    with admission.admit(request.environ):
        yield check_time


def json_body() -> str:
    """Return the text of a JSON body; raise UnsupportedMedia for another type, BadInput if not UTF-8."""
    if request.mimetype != "application/json":
        raise UnsupportedMedia(
            f"“{request.mimetype[:40]}” is not read here",
            where="Content-Type",
            rule="reconciliation 1.0-draft",
            remedy="send application/json",
        )
    try:
        return request.get_data().decode()
    except UnicodeDecodeError as error:
        raise BadInput(
            "The body is not UTF-8", where="body", rule="reconciliation", remedy="send UTF-8"
        ) from error


def number_argument(argument: str, default: int, most: int) -> int:
    """Return the whole number in the URL's `argument`, at most `most`; raise BadInput for anything else."""
    written = request.args.get(argument, str(default))
    if not (written.isascii() and written.isdecimal() and len(written) < 9):
        raise BadInput(
            f"“{written[:20]}” is no number", where=argument, rule=argument, remedy="write a whole number"
        )
    return min(int(written), most)


def request_parser() -> RequestParser:
    """Return the parser for requests."""
    return RequestParser(app_state().entities, settings())


def reconciler() -> Reconciler:
    """Return the reconciler of the application; raise Unavailable if there is no text index."""
    found = app_state().reconciler
    if found is None:
        raise Unavailable(
            "What is served here has no text index",
            where=request.path,
            rule="text index",
            remedy="serve a release made by utsaga build; /resolve works without",
        )
    return found


def settings() -> Settings:
    """Return the settings of the application."""
    return app_state().settings
