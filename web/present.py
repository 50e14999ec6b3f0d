"""How values are shown: in which language, which form of a date or number, and how much of a long text."""

import re
from collections.abc import Iterable
from typing import Final, TypeVar

from flask import Flask
from markupsafe import Markup

from graph.describe import Ref
from graph.namespaces import CODE, XSD
from graph.terms import Term, text
from web import links
from web.entity_pages import EntityPage
from web.language import LANGUAGES, current, messages, say

Item = TypeVar("Item")
MOST_CHARACTERS: Final = 2000
_DATES: Final = {XSD + "date", XSD + "dateTime", XSD + "gYear", XSD + "gYearMonth"}
_IS_DATE: Final = re.compile(r"\d{4}(?:-\d\d){0,2}(?:T[\d:.]+)?(?:Z|[+-]\d\d:\d\d)?\Z", re.ASCII)
_GROUPED_FROM: Final = 10_000
_LONGEST_NUMBER: Final = 30
_LONG: Final = 40  # characters, from where on a column of text wants to be wide


def best(terms: Iterable[Term], language: str) -> Term | None:
    """Return the one of `terms` to show to a reader of `language`.

    That is one in the language, else one without language, else Swedish, English, and whatever there is.
    """
    order = {tag: rank for rank, tag in enumerate(dict.fromkeys((language, "", *LANGUAGES)))}
    return min(terms, key=lambda term: (order.get(term.language, len(order)), term), default=None)


def all_best(terms: Iterable[Term], language: str) -> tuple[Term, ...]:
    """Return those of `terms` to show to a reader of `language` where several may hold at once.

    Every untagged one, and those in the language of the best tagged one.
    """
    terms = tuple(terms)
    first = best([term for term in terms if term.language], language)
    return tuple(term for term in terms if not term.language or (first and term.language == first.language))


def name(ref: Ref, language: str) -> Term:
    """Return the name to show for `ref`: the best label, or a short form of its IRI."""
    return best(ref.labels, language) or text(links.short(ref.iri))


def date(value: str, language: str) -> str:
    """Return a date, a month or a year of XML Schema as `language` writes it; anything else as it is."""
    parts = value.split("T", maxsplit=1)[0].split("-")
    if not all(part.isdecimal() and len(part) < 5 for part in parts) or len(parts) not in {2, 3}:
        return value
    month = messages(language).get(f"month.{int(parts[1])}")
    if month is None:
        return value
    words = [month, parts[0]]
    return " ".join([str(int(parts[2])), *words] if len(parts) == 3 and len(parts[2]) == 2 else words)


def number(value: str, language: str) -> str:
    """Return a whole number with its thousands apart as `language` has them, from ten thousand on."""
    if not value.isdecimal() or len(value) > _LONGEST_NUMBER or int(value) < _GROUPED_FROM:
        return value
    grouped = f"{int(value):,}"
    return grouped.replace(",", "\N{NO-BREAK SPACE}") if language == "sv" else grouped


def literal(term: Term) -> Markup:
    """Return a literal as HTML: isolated from the text around it, and in its own language."""
    language = current()
    shown = term.value
    if term.datatype in _DATES and _IS_DATE.match(shown):
        return Markup('<time datetime="{}">{}</time>').format(shown, date(shown, language))
    if term.datatype == XSD + "integer":
        shown = number(shown, language)
    if len(shown) > MOST_CHARACTERS:
        shown = shown[:MOST_CHARACTERS] + " …"
    if term.language and term.language != language:
        return Markup('<bdi lang="{}">{}</bdi>').format(term.language, shown)
    return Markup("<bdi>{}</bdi>").format(shown)


def code(ref: Ref | None) -> str:
    """Return the notation of a code of ours, which names the style it is shown in, or nothing."""
    return links.tail(ref.iri) if ref and ref.iri.startswith(CODE) else ""


def mention(ref: Ref) -> Markup:
    """Return a mention of an entity as HTML: its name, as a link where it leads somewhere."""
    label, target = literal(name(ref, current())), links.href(ref)
    if target is None:
        return label
    relation = Markup("") if links.is_here(ref) else Markup(' rel="external"')
    return Markup('<a href="{}"{}>{}</a>').format(target, relation, label)


def other_names(page: EntityPage) -> tuple[Term, ...]:
    """Return the names of an entity beside the one it is shown by: its labels in other languages too."""
    main = name(page.ref, current())
    others = (*page.ref.labels, *all_best(page.also, current()))
    return tuple({each.value: each for each in others if each.value != main.value}.values())


def wording(value: Term | Ref) -> Term:
    """Return the words to show for a value."""
    return name(value, current()) if isinstance(value, Ref) else value


def shown(values: Iterable[Item]) -> tuple[Item, ...]:
    """Return those of `values` to show to the reader: of the literals only those in the best language."""
    values = tuple(values)
    literals = all_best((value for value in values if isinstance(value, Term)), current())
    return tuple(value for value in values if not isinstance(value, Term) or value in literals)


def provider(value: str) -> str:
    """Return the name of a mail provider, or the value itself for one that we have no words for."""
    return say(f"provider.{value}") if f"provider.{value}" in messages(current()) else value


def problem(status: int, title: str) -> str:
    """Return what an error of the HTTP `status` is called, or `title` for one that we have no words for."""
    key = f"status.{int(status)}"
    return say(key) if key in messages(current()) else title


def register(app: Flask) -> None:
    """Give the templates these words."""
    app.jinja_env.filters.update(
        all_best=lambda terms: all_best(terms, current()),
        best=lambda terms: best(terms, current()),
        code=code,
        date=lambda value: date(value, current()),
        label=lambda ref: name(ref, current()),
        literal=literal,
        mention=mention,
        other_names=other_names,
        number=lambda value: number(str(value), current()),
        problem=problem,
        provider=provider,
        short=links.short,
        shown=shown,
        site=links.site,
        tail=links.tail,
        wording=wording,
    )
    app.jinja_env.tests.update(
        ref=lambda value: isinstance(value, Ref),
        count=lambda value: isinstance(value, Term) and value.datatype == XSD + "integer",
        long=lambda value: isinstance(value, Term | Ref) and len(wording(value).value) > _LONG,
    )
    app.jinja_env.globals.update(
        page_of=links.page,
        incoming_of=links.incoming,
        outside=links.outside,
        format_names=links.FORMAT_NAMES,
        media_types=links.EXTENSIONS,
    )
