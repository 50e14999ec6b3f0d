"""Puts a stranger's query to the backend: within the client's budget, and for no longer than it may take."""

import math
import time
from collections.abc import Mapping

from flask import current_app, request

from graph.backend import Backend
from graph.errors import BadInput, TooManyRequests
from graph.formats import Form
from graph.query import EVERYTHING, Answer, Dataset, Question
from graph.settings import Settings
from web.clients import client
from web.metrics import Metrics
from web.throttle import Throttle
from web.watch import QUERY


def ask(
    text: str, choices: Mapping[Form, str | None], *, dataset: Dataset = EVERYTHING, seconds: str = ""
) -> Answer:
    """Return the answer to the query `text`, written as `choices` says for the form of its result.

    `seconds` is the time the client grants it, if less than the settings do. Raise TooManyRequests for a
    client that has used up its budget, BadInput for a time that is none, and what the backend raises.
    """
    backend: Backend = current_app.extensions["backend"]
    settings: Settings = current_app.extensions["settings"]
    throttle: Throttle = current_app.extensions["throttle"]
    metrics: Metrics = current_app.extensions["metrics"]
    question = Question(text, choices, dataset, base_iri(), _granted(seconds, settings))
    request.environ[QUERY] = text
    who = client(request.environ, settings.trusted_hops)
    try:
        throttle.admit(who)
    except TooManyRequests:
        metrics.query("throttled", 0.0)
        raise
    began = time.monotonic()
    try:
        return backend.answer(question)
    finally:
        throttle.spend(who, time.monotonic() - began)


def base_iri() -> str:
    """Return what relative IRIs in a query are resolved against: the public base, else the URL asked."""
    settings: Settings = current_app.extensions["settings"]
    return settings.public_base or request.base_url


def _granted(seconds: str, settings: Settings) -> float:
    if not seconds:
        return settings.seconds
    try:
        granted = float(seconds)
    except ValueError:
        granted = math.nan
    if not granted > 0:
        raise BadInput(
            f"“{seconds}” is no time", where="timeout", rule="timeout", remedy="give seconds, such as 2.5"
        )
    return min(granted, settings.seconds)
