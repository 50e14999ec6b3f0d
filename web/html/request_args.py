"""Query arguments of a URL: which ones a view reads, and parsers for entities, choices and page numbers."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeVar

from flask import Flask, request

from graph.core.errors import BadInput, NotFound
from graph.core.iris import entity_iri, parse_entity_iri
from graph.read.organisation_names import find_organisations
from web.html.app_state import AppState, app_state
from web.html.i18n import LANGUAGE_ARGUMENTS
from web.html.page_models import Slice
from web.html.pinned import reads_release
from web.http.known_arguments import ArgumentNames, KnownArguments
from web.http.pinned import ARGUMENT as RELEASE_ARGUMENT

PER_PAGE: Final = 100
_MAX_NAME_LENGTH: Final = 200  # characters; no name is longer
ItemT = TypeVar("ItemT")
ViewFunction = TypeVar("ViewFunction", bound=Callable[..., Any])
ArgumentName = str | re.Pattern[str] | Callable[[AppState], Iterable[str]]
_declared: Final[dict[Callable[..., Any], tuple[ArgumentName, ...]]] = {}


def reads_arguments(*names: ArgumentName) -> Callable[[ViewFunction], ViewFunction]:
    """Return a decorator that declares the query arguments which a view reads.

    All others are dropped before the view runs, except those that choose languages or a release. A pattern
    among the `names` stands for the names that match it; a function returns those that depend on what the
    application serves.
    """

    def declare(view: ViewFunction) -> ViewFunction:
        _declared[view] = names
        return view

    return declare


def known_arguments(app: Flask, state: AppState) -> KnownArguments:
    """Return the query arguments that the views of `app` read when it serves `state`."""

    def names(view: Callable[..., Any]) -> Iterable[str]:
        for each in _declared.get(view, ()):
            if not isinstance(each, re.Pattern):
                yield from ([each] if isinstance(each, str) else each(state))

    def patterns(view: Callable[..., Any]) -> tuple[re.Pattern[str], ...]:
        return tuple(each for each in _declared.get(view, ()) if isinstance(each, re.Pattern))

    def common(endpoint: str) -> Iterable[str]:
        return (*LANGUAGE_ARGUMENTS, RELEASE_ARGUMENT) if reads_release(endpoint) else LANGUAGE_ARGUMENTS

    arguments = {
        endpoint: ArgumentNames(frozenset((*common(endpoint), *names(view))), patterns(view))
        for endpoint, view in app.view_functions.items()
    }
    return KnownArguments(app.url_map, arguments)


def slug_of(name: str) -> str:
    """Return the slug of the entity with the IRI `name`, or an empty string."""
    parts = parse_entity_iri(name)
    return parts[1] if parts else ""


def find_entity(kind: str, slug: str) -> str:
    """Return the IRI of the entity of `kind` with that slug, or of its successor.

    Raise BadInput for an invalid slug, NotFound if there is no such entity.
    """
    entities = app_state().entities
    name = entity_iri(kind, slug)
    if not entities.exists(name):
        raise NotFound(
            f"There is no {kind} “{slug[:_MAX_NAME_LENGTH]}”",
            where=kind,
            rule="slug",
            remedy=f"choose one from /{kind}",
        )
    return entities.successor(name) or name


def chosen_entity(kind: str) -> str:
    """Return the IRI of the entity whose slug is the argument `kind`, or nothing without the argument."""
    slug = request.args.get(kind, "")
    return find_entity(kind, slug) if slug else ""


def choice(argument: str, choices: tuple[str, ...]) -> str:
    """Return the value of `argument`, by default the first of `choices`; raise BadInput for another value."""
    value = request.args.get(argument, "") or choices[0]
    if value not in choices:
        raise BadInput(
            f"“{value[:_MAX_NAME_LENGTH]}” cannot be chosen",
            where=argument,
            rule=argument,
            remedy=f"use one of {', '.join(filter(None, choices))}",
        )
    return value


def organisations_named(argument: str) -> tuple[str, ...]:
    """Return the IRI of the organisation that the name in `argument` means, or of those that it may mean."""
    words = request.args.get(argument, "").strip()
    if len(words) > _MAX_NAME_LENGTH:
        raise BadInput(
            f"A name of {len(words)} characters is not looked for",
            where=argument,
            rule="length",
            remedy=f"give at most {_MAX_NAME_LENGTH}",
        )
    state = app_state()
    found = state.names.resolve(words, ("organisation",))
    if found.match:
        return (found.match,)
    return tuple(dict.fromkeys((*found.nearest, *find_organisations(state.backend, words))))


def page_number(total: int, per_page: int = PER_PAGE) -> int:
    """Return the number in the URL of a page of `total` items; raise NotFound if it is out of range."""
    wanted = request.args.get("page", "1")
    pages = max(1, -(-total // per_page))
    if not (wanted.isascii() and wanted.isdecimal() and len(wanted) < 10 and 1 <= int(wanted) <= pages):
        raise NotFound(
            f"There is no page “{wanted[:20]}”",
            where="page",
            rule="page",
            remedy=f"use a number from 1 to {pages}",
        )
    return int(wanted)


def requested_page(items: Sequence[ItemT], per_page: int = PER_PAGE) -> Slice[ItemT]:
    """Return the page of `items` in the URL; raise NotFound for a page that there is not."""
    number = page_number(len(items), per_page)
    first = (number - 1) * per_page
    return Slice(
        tuple(items[first : first + per_page]), len(items), number, max(1, -(-len(items) // per_page))
    )
