"""Filters, tests and functions of templates: values as HTML or text, in the reader's language."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from flask import Flask
from markupsafe import Markup, escape

from graph.claims.statements import Passage
from graph.core.formatting import date, number
from graph.core.licences import licence_name
from graph.core.namespaces import CODE, FOAF, GRAPH, SCHEMA, XSD
from graph.core.terms import Coordinates, Term
from graph.read.entities import Ref
from graph.read.panel_queries import panel_query
from graph.read.provenance import source_of_graph
from web.html import urls
from web.html.facets import choice_urls, kept_arguments, url_with
from web.html.fault_causes import cause
from web.html.fragment_cache import FragmentCache, cached_by
from web.html.i18n import content_language, interface_language, messages, page_context, translate
from web.html.labels import all_best, best, best_values, label, plain_text, translation
from web.html.page_models import EntityPage, Fact
from web.html.representations import RDF, RDF_AND_JSON, TITLES

MAX_TEXT_LENGTH: Final = 2000  # of a literal that is shown
_DATES: Final = {XSD + "date", XSD + "dateTime", XSD + "gYear", XSD + "gYearMonth"}
_NUMBERS: Final = {XSD + "integer", XSD + "decimal", XSD + "double"}
_BOOLEANS: Final = {"true": "value.true", "1": "value.true", "false": "value.false", "0": "value.false"}
_IMAGE_PROPERTIES: Final = {
    FOAF + "depiction",
    FOAF + "img",
    SCHEMA + "image",
    SCHEMA + "logo",
    FOAF + "logo",
}
_IMAGE_FILE: Final = re.compile(r"\Ahttps?://[^?#]+\.(?:jpe?g|png|gif|svg|webp|avif)\Z", re.IGNORECASE)
_XSD_DATE: Final = re.compile(r"\d{4}(?:-\d\d){0,2}(?:T[\d:.]+)?(?:Z|[+-]\d\d:\d\d)?\Z", re.ASCII)
_LONG_TEXT: Final = 40  # a column with longer texts is wide


def literal(term: Term) -> Markup:
    """Return a literal as HTML: isolated from the text around it, and in its own language."""
    language = interface_language()
    shown = term.value
    if term.datatype in _DATES and _XSD_DATE.match(shown):
        return Markup('<time datetime="{}">{}</time>').format(shown, date(shown, language))
    if term.datatype == XSD + "boolean" and shown in _BOOLEANS:
        return escape(translate(_BOOLEANS[shown]))
    if term.datatype in _NUMBERS:
        shown = number(shown, language)
    if len(shown) > MAX_TEXT_LENGTH:
        shown = shown[:MAX_TEXT_LENGTH] + " …"
    if term.language and term.language != language:
        return Markup(f'<bdi lang="{escape(term.language)}">{escape(shown)}</bdi>')  # noqa: S704 (escaped)
    return Markup(f"<bdi>{escape(shown)}</bdi>")  # noqa: S704 (escaped)


def translated(texts: Mapping[str, str]) -> Markup:
    """Return what a stored query says of itself as HTML, marked where it is not in the page's language."""
    language, words = translation(texts)
    if language == interface_language():
        return escape(words)
    return Markup('<bdi lang="{}">{}</bdi>').format(language, words)


def best_text(terms: Iterable[Term]) -> Markup:
    """Return the literal among `terms` to show to the reader as HTML, or nothing if there are none."""
    term = best(terms, content_language())
    return literal(term) if term else Markup("")


@cached_by(page_context)
def display_text(value: Term | Ref) -> Markup:
    """Return a value as HTML without a link: a literal, or the name of an entity."""
    return literal(label(value))


@cached_by(page_context)
def entity_link(ref: Ref) -> Markup:
    """Return the name of an entity as HTML, as a link where it leads somewhere."""
    shown, target = literal(label(ref)), urls.link_target(ref)
    if target is None:
        return shown
    relation = "" if urls.has_page(ref) else ' rel="external"'
    return Markup(f'<a href="{escape(target)}"{relation}>{shown}</a>')  # noqa: S704 (escaped)


def entity_links(refs: Iterable[Ref | None], separator: str = ", ") -> Markup:
    """Return links to those of `refs` that are not None, as HTML."""
    return escape(separator).join(entity_link(ref) for ref in refs if ref)


def notation(ref: Ref | None) -> str:
    """Return the notation of a code of ours, such as in-use, which is also its CSS class; else nothing."""
    return urls.local_name(ref.iri) if ref and ref.iri.startswith(CODE) else ""


def other_names(page: EntityPage) -> tuple[Term, ...]:
    """Return the names of an entity except the one shown: labels in other languages, and other names."""
    main = label(page.ref)
    others = (*page.ref.labels, *all_best(page.other_names, content_language()))
    return tuple({each.value: each for each in others if each.value != main.value}.values())


def other_labels(ref: Ref) -> tuple[Term, ...]:
    """Return the labels of an entity except the one shown."""
    return tuple(each for each in ref.labels if each != label(ref))


def graph_label(graph: Ref) -> Markup:
    """Return the label of a named graph as HTML: a source, a register, inferred triples …"""
    kind, _, slug = graph.iri.removeprefix(GRAPH).partition("/")
    if not graph.iri.startswith(GRAPH) or f"graph.{kind}" not in messages(interface_language()):
        return literal(label(graph))
    words = escape(translate(f"graph.{kind}"))
    if source := source_of_graph(graph):
        shown = Markup('<a href="{}">{}</a> <a href="{}">{}</a>')
        return shown.format(urls.entity_url(graph.iri), words, urls.entity_url(source), slug)
    named = Markup("{} <code>{}</code>").format(words, slug) if slug else words
    return Markup('<a href="{}">{}</a>').format(urls.entity_url(graph.iri), named)


def common_graphs(facts: Iterable[Fact]) -> tuple[Ref, ...]:
    """Return the graphs of `facts` if they are several and all have the same, else nothing."""
    graphs = [fact.common_graphs() for fact in facts]
    return graphs[0] if len(graphs) > 1 and len(set(graphs)) == 1 else ()


def is_image(value: object, property_: Ref) -> bool:
    """Return whether `value` of `property_` is the address of an image."""
    is_named = property_.iri in _IMAGE_PROPERTIES
    return isinstance(value, Ref) and (is_named or bool(_IMAGE_FILE.search(value.iri)))


def coordinates(point: Coordinates) -> str:
    """Return coordinates in degrees, formatted in the language of the interface."""
    signs = (
        translate("position.north"),
        translate("position.south"),
        translate("position.east"),
        translate("position.west"),
    )
    north, east = (
        number(f"{abs(value):.4f}", interface_language()) for value in (point.latitude, point.longitude)
    )
    return f"{north}° {signs[point.latitude < 0]}, {east}° {signs[2 + (point.longitude < 0)]}"


def openstreetmap_url(point: Coordinates) -> str:
    """Return the URL of `point` on OpenStreetMap."""
    latitude, longitude = f"{point.latitude:.5f}", f"{point.longitude:.5f}"
    return f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=9/{latitude}/{longitude}"


def passage_range(passage: Passage) -> str:
    """Return where in its source a passage is: its paragraph, its first and last character."""
    paragraph = translate("passage.paragraph", n=passage.paragraph) if passage.paragraph else ""
    has_characters = passage.start is not None and passage.end is not None
    characters = translate("passage.range", start=passage.start, end=passage.end) if has_characters else ""
    return ", ".join(filter(None, (paragraph, characters)))


def kilobytes(size: int) -> str:
    """Return the size of a file, given in bytes."""
    return f"{number(str(max(round(size / 1000), 1)), interface_language())}\N{NO-BREAK SPACE}kB"


def provider_name(value: str) -> str:
    """Return the name of a mail provider, or the value itself for one that has no message."""
    return _message(f"provider.{value}", value)


def column_name(variable: str) -> str:
    """Return the title of a column of a stored query, or the name of its variable if it has no message."""
    return _message(f"column.{variable}", variable)


def status_title(status: int, title: str) -> str:
    """Return the title of an error of the HTTP `status`, or `title` if it has no message."""
    return _message(f"status.{int(status)}", title)


def status_advice(status: int) -> str:
    """Return the advice for an error of the HTTP `status`, or nothing if it has no message."""
    return _message(f"advice.{int(status)}", "")


def _message(key: str, default: str) -> str:
    return translate(key) if key in messages(interface_language()) else default


def register(app: Flask) -> None:
    """Add these filters, tests and functions to the templates of `app`; block tags leave no blank lines."""
    environment = app.jinja_env
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters.update(
        all_best=lambda terms: all_best(terms, content_language()),
        best=lambda terms: best(terms, content_language()),
        best_text=best_text,
        best_values=best_values,
        cause=cause,
        column_name=column_name,
        common_graphs=common_graphs,
        coordinates=coordinates,
        display_text=display_text,
        entity_link=entity_link,
        entity_links=entity_links,
        graph_label=graph_label,
        kilobytes=kilobytes,
        licence_name=licence_name,
        literal=literal,
        local_name=urls.local_name,
        node_kind=lambda ref: urls.node_kind(ref.iri),
        notation=notation,
        number=lambda value: number(str(value), interface_language()),
        openstreetmap_url=openstreetmap_url,
        other_labels=other_labels,
        other_names=other_names,
        passage_range=passage_range,
        plain_text=plain_text,
        provider_name=provider_name,
        short_iri=urls.short_iri,
        site_name=urls.site_name,
        status_advice=status_advice,
        status_title=status_title,
        translated=translated,
        translation=lambda texts: translation(texts)[1],
    )
    environment.tests.update(
        image_of=is_image,
        integer_literal=lambda value: isinstance(value, Term) and value.datatype == XSD + "integer",
        long_text=lambda value: isinstance(value, Term | Ref) and len(label(value).value) > _LONG_TEXT,
        ref=lambda value: isinstance(value, Ref),
    )
    environment.globals.update(
        backlinks_url=urls.backlinks_url,
        cached=FragmentCache(),
        choice_urls=choice_urls,
        claims_url=urls.claims_url,
        editor_url=urls.editor_url,
        entity_url=urls.entity_url,
        external_url=urls.external_url,
        document_formats=RDF_AND_JSON,
        rdf_formats=RDF,
        format_names=TITLES,
        kept_arguments=kept_arguments,
        panel_query=panel_query,
        url_for=urls.cached_url_for,
        url_with=url_with,
    )
