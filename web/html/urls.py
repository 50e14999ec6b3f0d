"""URLs of pages, and targets of links: pages of this site, other sites, or None if a URL is not safe."""

import re
from typing import Final
from urllib.parse import quote_plus, urlsplit

from flask import url_for

from graph.core.extensions import extension
from graph.core.iris import MAX_IRI_LENGTH, parse_entity_iri
from graph.core.namespaces import BASE, CODE, GRAPH, ID, PREFIXES, QUERY, UTS, compact_iri
from graph.read.entities import Ref
from graph.vocabulary import vocabulary
from web.html.fragment_cache import cached_by
from web.html.i18n import link_context

_SITE_NAMES: Final = {
    "wikidata.org": "Wikidata",
    "geonames.org": "GeoNames",
    "openstreetmap.org": "OpenStreetMap",
    "ror.org": "ROR",
    **extension("link_names", {}),
    "eur-lex.europa.eu": "EUR-Lex",
    "data.europa.eu/eli": "EU (ELI)",
    "data.europa.eu/nuts": "NUTS",
    "omg.org/spec/LCC/Countries/Regions": "ISO 3166-2 (OMG LCC)",
    "dbpedia.org": "DBpedia",
    "wikipedia.org": "Wikipedia",
}
_LISTED_BY: Final = {
    "adoption-status": ("adoption", "status"),
    "assessment-outcome": ("assessment", "outcome"),
}
"""By list of codes: the kind of the claims with such a code, and the facet of the code."""
_VOCABULARIES: Final = tuple(full for full in PREFIXES.values() if full not in {BASE, ID, CODE, QUERY, GRAPH})
_SAFE_IN_QUERY: Final = "!$'()*,/:;?@"  # characters that need no escape in the query of a URL
_MAX_CACHED_LENGTH: Final = 100  # characters of an argument
_SLUG: Final = "[a-z0-9]+(?:-[a-z0-9]+)*"
_SAMPLE_SLUG: Final = "any-slug-of-it"
_UNSAFE: Final = re.compile(r"[\s<>\"'`\\^{}|\x00-\x20\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def cached_url_for(endpoint: str, **values: object) -> str:
    """Return the URL of an endpoint as flask.url_for does, from a cache if the arguments are short."""
    if all(
        each is None or (isinstance(each, str) and len(each) <= _MAX_CACHED_LENGTH)
        for each in values.values()
    ):
        return _cached_url_for((endpoint, tuple(values.items())))
    return url_for(endpoint, **values)  # type: ignore[arg-type]  # any value of a path or a query


@cached_by(link_context)
def _cached_url_for(call: tuple[str, tuple[tuple[str, object], ...]]) -> str:
    endpoint, values = call
    return url_for(endpoint, **dict(values))  # type: ignore[arg-type]


def entity_url(name: str, extension: str = "", *, lasting: bool = False) -> str:
    """Return the path of the page about the IRI `name`, or of its document with `extension`.

    On a page as of a time, links lead to other pages as of that time, unless the path is to be `lasting`.
    """
    document, hash_, fragment = name.partition("#")
    if parts := parse_entity_iri(document):
        if lasting:
            return url_for(
                "entities.page", kind=parts[0], slug=parts[1], extension=extension or None, asof=None
            )
        before, after = _around_slug((parts[0], extension))
        return f"{before}{parts[1]}{after}{hash_}{fragment}"
    if code := re.fullmatch(re.escape(CODE) + "([a-z-]+)(?:/([a-z-]+))?", name):
        scheme, notation = code.groups()
        return cached_url_for(
            "entities.code", scheme=scheme, **_without_empty(code=notation, extension=extension)
        )
    if graph := re.fullmatch(re.escape(GRAPH) + f"(?:({_SLUG})/)?({_SLUG})", name):
        kind, slug = graph.groups()
        return cached_url_for("graphs.page", **_without_empty(kind=kind, name=slug, extension=extension))
    if query := re.fullmatch(re.escape(QUERY) + "([a-z0-9-]+)", name):
        return cached_url_for("queries.page", name=query[1])
    return cached_url_for("entities.resource", iri=name, **_without_empty(extension=extension))


def _without_empty(**values: str | None) -> dict[str, str]:
    """Return those of `values` that are not empty."""
    return {name: value for name, value in values.items() if value}


@cached_by(link_context)
def _around_slug(page: tuple[str, str]) -> tuple[str, str]:
    """Return the path of a page, given its kind and extension, before and after the slug."""
    kind, extension = page
    path = url_for("entities.page", kind=kind, slug=_SAMPLE_SLUG, extension=extension or None)
    before, _, after = path.partition(_SAMPLE_SLUG)
    return before, after


def download_url(name: str) -> str:
    """Return the path of a file of the release."""
    return url_for("dataset.download", name=name, lang=None, content=None)


def editor_url(text: str) -> str:
    """Return the path of the query editor with the query `text` in it."""
    path, mark, arguments = cached_url_for("editor.page").partition("?")
    return f"{path}?query={quote_plus(text, safe=_SAFE_IN_QUERY)}{'&' if mark else ''}{arguments}"


def backlinks_url(name: str, property_: str, number: int = 1) -> str:
    """Return the path of the page, by `number`, that lists what links to the IRI `name` by `property_`."""
    return url_for("entities.incoming", iri=name, property=property_, page=number if number > 1 else None)


def claims_url(code: Ref, product: Ref | None = None) -> str:
    """Return the path of the list of the claims with a status or an outcome, of `product` if it is ours.

    Return the path of the code's own page if `code` is neither.
    """
    scheme, _, notation = code.iri.removeprefix(CODE).partition("/")
    if scheme not in _LISTED_BY or not code.iri.startswith(CODE):
        return entity_url(code.iri)
    kind, facet = _LISTED_BY[scheme]
    parts = parse_entity_iri(product.iri) if product else None
    chosen = {facet: notation} | ({"product": parts[1]} if parts and parts[0] == "product" else {})
    return cached_url_for("lists.page", of=kind, **chosen)


def link_target(ref: Ref) -> str | None:
    """Return the URL that the name of an entity links to, or None if there is none that is safe.

    That is its definition for a term of our vocabulary, its page here if it has one, else its IRI if that is
    a URL.
    """
    return vocabulary_url(ref.iri) or (entity_url(ref.iri) if has_page(ref) else external_url(ref.iri))


def vocabulary_url(name: str) -> str | None:
    """Return the path of the definition of a term of our vocabulary, or None if the IRI `name` is none."""
    if not name.startswith(UTS) or name not in vocabulary.own_terms():
        return None
    return f"{cached_url_for('ontology.document', document='ns')}#{name.removeprefix(UTS)}"


def has_page(ref: Ref) -> bool:
    """Return whether an entity has a page here: its IRI is ours, or the graph has a name for it."""
    return ref.iri.startswith(BASE) or bool(ref.labels)


def is_vocabulary_term(name: str) -> bool:
    """Return whether the IRI `name` is a class or property of one of the vocabularies with a prefix."""
    return not parse_entity_iri(name) and any(name.startswith(full) for full in _VOCABULARIES)


def external_url(name: str) -> str | None:
    """Return the IRI `name` if it is an HTTP URL that is safe to follow, else None."""
    if len(name) > MAX_IRI_LENGTH:
        return None
    try:
        parts = urlsplit(name)
        is_safe = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:  # not even a browser can read it: a port of 99999
        return None
    is_safe = is_safe and not parts.username
    return name if is_safe and not _UNSAFE.search(name) else None


def site_name(name: str) -> str:
    """Return the name of the site that the URL `name` leads to: a title, or else its host."""
    parts = urlsplit(name) if external_url(name) else None
    host = (parts.hostname or "").removeprefix("www.") if parts else ""
    names = (title for start, title in _SITE_NAMES.items() if parts and _is_below(host, parts.path, start))
    return next(names, host)


def _is_below(host: str, path: str, start: str) -> bool:
    """Return whether `host` and `path` are of the site whose URLs begin with `start`."""
    domain, _, folder = start.partition("/")
    return f".{host}".endswith(f".{domain}") and f"{path}/".startswith(f"/{folder}/" if folder else "/")


def node_kind(name: str) -> str:
    """Return the kind of the entity with the IRI `name`, as the legend of a graph names it."""
    if name.startswith(CODE):
        return "code"
    parts = parse_entity_iri(name)
    if parts is None and "#" in name and parse_entity_iri(name.partition("#")[0]):
        return "detail"
    return parts[0] if parts else "resource"


def short_iri(name: str) -> str:
    """Return a short form of the IRI `name`: the slug of an entity, or else a CURIE where a prefix fits."""
    if parts := parse_entity_iri(name):
        return parts[1]
    return compact_iri(name)


def local_name(name: str) -> str:
    """Return the last part of the IRI `name`, which is the slug of an entity of ours.

    Of a European Legislation Identifier, that is all after `/eli/`: http://data.europa.eu/eli/reg/2016/679/oj
    """
    _, is_law, act = name.partition("/eli/")
    return act if is_law else re.split(r"[/#]|\?uri=CELEX:", name.rstrip("/#"))[-1]
