"""How values are shown: in which language, which form of a date or number, and how much of a long text."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Final, TypeVar

from flask import Flask
from markupsafe import Markup, escape

from graph.core.namespaces import CODE, FOAF, GRAPH, SCHEMA, XSD
from graph.core.terms import Coordinates, Term, text
from graph.read.entities import Ref
from graph.read.panel_queries import panel
from graph.read.provenance import about as source_of
from web.html import urls
from web.html.facets import choosing, here, kept
from web.html.formatting import between, date, number
from web.html.fragment_cache import Fragments, once
from web.html.i18n import LANGUAGES, content, current, manner, messages, say
from web.html.page_models import EntityPage, Fact

Item = TypeVar("Item")
MOST_CHARACTERS: Final = 2000
_DATES: Final = {XSD + "date", XSD + "dateTime", XSD + "gYear", XSD + "gYearMonth"}
_NUMBERS: Final = {XSD + "integer", XSD + "decimal", XSD + "double"}
_PICTURES: Final = {FOAF + "depiction", FOAF + "img", SCHEMA + "image", SCHEMA + "logo", FOAF + "logo"}
_IS_PICTURE: Final = re.compile(r"\Ahttps?://[^?#]+\.(?:jpe?g|png|gif|svg|webp|avif)\Z", re.IGNORECASE)
_IS_DATE: Final = re.compile(r"\d{4}(?:-\d\d){0,2}(?:T[\d:.]+)?(?:Z|[+-]\d\d:\d\d)?\Z", re.ASCII)
_LONG: Final = 40  # characters, from where on a column of text wants to be wide


def best(terms: Iterable[Term], language: str) -> Term | None:
    """Return the one of `terms` to show to a reader of `language`.

    That is one in the language or a regional form of it, else one without language, else Swedish, English,
    and whatever there is.
    """
    order = _order(language)
    return min(
        terms,
        key=lambda term: (order.get(term.language.partition("-")[0], len(order)), term.language, term),
        default=None,
    )


@cache
def _order(language: str) -> dict[str, int]:
    return {tag: rank for rank, tag in enumerate(dict.fromkeys((language, "", *LANGUAGES)))}


def all_best(terms: Iterable[Term], language: str) -> tuple[Term, ...]:
    """Return those of `terms` to show to a reader of `language` where several may hold at once.

    Every untagged one, and those in the language of the best tagged one.
    """
    terms = tuple(terms)
    first = best([term for term in terms if term.language], language)
    return tuple(term for term in terms if not term.language or (first and term.language == first.language))


def name(ref: Ref, language: str) -> Term:
    """Return the name to show for `ref`: the best label, or a short form of its IRI."""
    return best(ref.labels, language) or text(urls.short(ref.iri))


def spoken(ref: Ref) -> str:
    """Return the language to name `ref` in: a code or a term is a word of the interface, the rest content."""
    return current() if ref.iri.startswith(CODE) or urls.is_term(ref.iri) else content()


def literal(term: Term) -> Markup:
    """Return a literal as HTML: isolated from the text around it, and in its own language."""
    language = current()
    shown = term.value
    if term.datatype in _DATES and _IS_DATE.match(shown):
        return Markup('<time datetime="{}">{}</time>').format(shown, date(shown, language))
    if term.datatype in _NUMBERS:
        shown = number(shown, language)
    if len(shown) > MOST_CHARACTERS:
        shown = shown[:MOST_CHARACTERS] + " …"
    if term.language and term.language != language:
        return Markup(f'<bdi lang="{escape(term.language)}">{escape(shown)}</bdi>')  # noqa: S704 (escaped)
    return Markup(f"<bdi>{escape(shown)}</bdi>")  # noqa: S704 (escaped)


def period(start: Term, end: Term) -> Markup:
    """Return the bounds of a date as HTML."""
    return Markup("<span>{}</span>").format(between(start.value, end.value, current()))


def duration(start: Term, end: Term) -> Markup:
    """Return from when until when something held, as HTML: the months of one year together."""
    if len(start.value) == len(end.value) == len("2017-10"):
        return period(start, end)
    return Markup("{} – {}").format(literal(start), literal(end))


def dates(values: Iterable[Item]) -> Markup:
    """Return the dates of one event as HTML: the exactest of them, as bounds where they are two."""
    terms = sorted((value for value in values if isinstance(value, Term)), key=lambda term: term.value)
    exact = [one for one in terms if not any(each.value.startswith(f"{one.value}-") for each in terms)]
    if len(exact) == 2:
        return period(*exact)
    return Markup(", ").join(map(literal, exact))


def code(ref: Ref | None) -> str:
    """Return the notation of a code of ours, which names the style it is shown in, or nothing."""
    return urls.tail(ref.iri) if ref and ref.iri.startswith(CODE) else ""


@once(manner)
def mention(ref: Ref) -> Markup:
    """Return a mention of an entity as HTML: its name, as a link where it leads somewhere."""
    label, target = literal(name(ref, spoken(ref))), urls.href(ref)
    if target is None:
        return label
    relation = "" if urls.is_here(ref) else ' rel="external"'
    return Markup(f'<a href="{escape(target)}"{relation}>{label}</a>')  # noqa: S704 (escaped)


def other_names(page: EntityPage) -> tuple[Term, ...]:
    """Return the names of an entity beside the one it is shown by: its labels in other languages too."""
    main = name(page.ref, spoken(page.ref))
    others = (*page.ref.labels, *all_best(page.also, content()))
    return tuple({each.value: each for each in others if each.value != main.value}.values())


def wording(value: Term | Ref) -> Term:
    """Return the words to show for a value."""
    return name(value, spoken(value)) if isinstance(value, Ref) else value


@once(manner)
def words(value: Term | Ref) -> Markup:
    """Return the words to show for a value, as HTML."""
    return literal(wording(value))


def shown(values: Iterable[Item]) -> tuple[Item, ...]:
    """Return those of `values` to show to the reader: of the literals only those in the best language."""
    values = tuple(values)
    literals = all_best((value for value in values if isinstance(value, Term)), content())
    return tuple(value for value in values if not isinstance(value, Term) or value in literals)


def origin(graph: Ref) -> Markup:
    """Return what the named graph `graph` holds, as HTML: a source, a register, what rules add …"""
    kind, _, slug = graph.iri.removeprefix(GRAPH).partition("/")
    if not graph.iri.startswith(GRAPH) or f"graph.{kind}" not in messages(current()):
        return literal(name(graph, spoken(graph)))
    words = escape(say(f"graph.{kind}"))
    if source := source_of(graph):
        return Markup('{} <a href="{}">{}</a>').format(words, urls.page(source), slug)
    return Markup("{} <code>{}</code>").format(words, slug) if slug else words


def origin_of_all(facts: Iterable[Fact]) -> tuple[Ref, ...]:
    """Return the graphs that say all of `facts`, where they are the same for each of several."""
    origins = [fact.origin() for fact in facts]
    return origins[0] if len(origins) > 1 and len(set(origins)) == 1 else ()


def is_picture(value: object, property_: Ref) -> bool:
    """Tell whether `value` of `property_` is the address of a picture."""
    named = property_.iri in _PICTURES
    return isinstance(value, Ref) and (named or bool(_IS_PICTURE.search(value.iri)))


def position(point: Coordinates) -> str:
    """Return a point on the earth in degrees, as the language of the interface writes them."""
    signs = say("position.north"), say("position.south"), say("position.east"), say("position.west")
    north, east = (number(f"{abs(value):.4f}", current()) for value in (point.latitude, point.longitude))
    return f"{north}° {signs[point.latitude < 0]}, {east}° {signs[2 + (point.longitude < 0)]}"


def on_map(point: Coordinates) -> str:
    """Return the address of a map of the place."""
    where = f"{point.latitude:.5f}", f"{point.longitude:.5f}"
    return f"https://www.openstreetmap.org/?mlat={where[0]}&mlon={where[1]}#map=9/{where[0]}/{where[1]}"


def provider(value: str) -> str:
    """Return the name of a mail provider, or the value itself for one that we have no words for."""
    return say(f"provider.{value}") if f"provider.{value}" in messages(current()) else value


def problem(status: int, title: str) -> str:
    """Return what an error of the HTTP `status` is called, or `title` for one that we have no words for."""
    key = f"status.{int(status)}"
    return say(key) if key in messages(current()) else title


def advice(status: int) -> str:
    """Return what to do about an error of the HTTP `status`, or nothing where we have no words for it."""
    key = f"advice.{int(status)}"
    return say(key) if key in messages(current()) else ""


def register(app: Flask) -> None:
    """Give the templates these words."""
    app.jinja_env.filters.update(
        advice=advice,
        all_best=lambda terms: all_best(terms, content()),
        best=lambda terms: best(terms, content()),
        code=code,
        date=lambda value: date(value, current()),
        dates=dates,
        label=lambda ref: name(ref, spoken(ref)),
        literal=literal,
        mention=mention,
        other_names=other_names,
        number=lambda value: number(str(value), current()),
        on_map=on_map,
        origin=origin,
        origin_of_all=origin_of_all,
        position=position,
        problem=problem,
        provider=provider,
        short=urls.short,
        shown=shown,
        site=urls.site,
        tail=urls.tail,
        wording=wording,
        words=words,
    )
    app.jinja_env.tests.update(
        ref=lambda value: isinstance(value, Ref),
        picture=is_picture,
        count=lambda value: isinstance(value, Term) and value.datatype == XSD + "integer",
        long=lambda value: isinstance(value, Term | Ref) and len(wording(value).value) > _LONG,
    )
    app.jinja_env.globals.update(
        url_for=urls.address,
        page_of=urls.page,
        asking=urls.asking,
        again=Fragments(),
        here=here,
        kept_here=kept,
        choosing=choosing,
        incoming_of=urls.incoming,
        outside=urls.outside,
        panel_query=panel,
        period=period,
        duration=duration,
        format_names=urls.FORMAT_NAMES,
        media_types=urls.EXTENSIONS,
    )
