"""What the parts of the service share: the request read within its limits, and what answers it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import current_app, request

from graph.core.errors import BadInput, Unavailable, UnsupportedMedia
from graph.core.settings import Settings
from graph.matching.reconciler import Reconciler
from graph.query.limit_errors import overtime
from graph.read.entities import Entities
from web.reconcile.requests import Reader
from web.sparql.admission import Desk


@contextmanager
def accounted() -> Iterator[Callable[[], None]]:
    """Count the time of what is done within against the client, and give what ends it when it takes too long.

    Raise TooManyRequests for a client that has used up its budget.
    """
    desk: Desk = current_app.extensions["desk"]
    seconds = desk.settings.seconds
    until = time.monotonic() + seconds

    def go_on() -> None:
        if time.monotonic() > until:
            raise overtime(seconds)

    with desk.charging(request.environ):
        yield go_on


def body() -> str:
    """Return the JSON in the body; raise UnsupportedMedia or BadInput for another body."""
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


def number(argument: str, usual: int, most: int) -> int:
    """Return the whole number in the URL by that name; raise BadInput for anything else."""
    written = request.args.get(argument, str(usual))
    if not (written.isascii() and written.isdecimal() and len(written) < 9):
        raise BadInput(
            f"“{written[:20]}” is no number", where=argument, rule=argument, remedy="write a whole number"
        )
    return min(int(written), most)


def reader() -> Reader:
    """Return what reads requests."""
    return Reader(current_app.extensions["entities"], settings())


def reconciler() -> Reconciler:
    """Return what finds candidates; raise Unavailable if there is no text index."""
    known = current_app.extensions
    if known["search"] is None:
        raise Unavailable(
            "What is served here has no text index",
            where=request.path,
            rule="text index",
            remedy="serve a release made by utsaga build; /resolve works without",
        )
    if "reconciler" not in known:
        entities: Entities = known["entities"]
        known["reconciler"] = Reconciler(entities, known["search"])
    made: Reconciler = known["reconciler"]
    return made


def settings() -> Settings:
    """Return the settings."""
    found: Settings = current_app.extensions["settings"]
    return found
