"""Where a link leads: identifiers of the graph to this host's own pages, the rest to the web, or nowhere."""

import re
from typing import Final
from urllib.parse import quote_plus, urlsplit

from flask import url_for

from graph.core.iris import LONGEST, parse_entity_iri
from graph.core.namespaces import BASE, CODE, GRAPH, ID, PREFIXES, QUERY, UTS
from graph.read import vocabulary
from graph.read.entities import Ref
from web.html.fragment_cache import once
from web.html.i18n import link_context

EXTENSIONS: Final = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "json": "application/json",
}
FORMAT_NAMES: Final = {
    "ttl": "Turtle",
    "jsonld": "JSON-LD",
    "nt": "N-Triples",
    "rdf": "RDF/XML",
    "json": "JSON",
}
_SITES: Final = {
    "wikidata.org": "Wikidata",
    "geonames.org": "GeoNames",
    "openstreetmap.org": "OpenStreetMap",
    "ror.org": "ROR",
    "lagen.nu": "lagen.nu",
    "riksdagen.se": "Riksdagen",
    "eur-lex.europa.eu": "EUR-Lex",
    "data.europa.eu/eli": "EU (ELI)",
    "data.europa.eu/nuts": "NUTS",
    "omg.org/spec/LCC/Countries/Regions": "ISO 3166-2 (OMG LCC)",
    "dbpedia.org": "DBpedia",
    "wikipedia.org": "Wikipedia",
}
_VOCABULARIES: Final = tuple(full for full in PREFIXES.values() if full not in {BASE, ID, CODE, QUERY, GRAPH})
_LEFT: Final = "!$'()*,/:;?@"  # characters that a query of a URL can hold as they are
_SHORT: Final = 100  # characters of an argument
_ANY: Final = "any-slug-of-it"
_UNSAFE: Final = re.compile(r"[\s<>\"'`\\^{}|\x00-\x20\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def address(endpoint: str, **values: object) -> str:
    """Return the path that flask.url_for gives for the whole name of an endpoint; what is short is kept."""
    if all(each is None or (isinstance(each, str) and len(each) <= _SHORT) for each in values.values()):
        return _address((endpoint, tuple(values.items())))
    return url_for(endpoint, **values)  # type: ignore[arg-type]  # whatever a path or a query can hold


@once(link_context)
def _address(asked: tuple[str, tuple[tuple[str, object], ...]]) -> str:
    endpoint, values = asked
    return url_for(endpoint, **dict(values))  # type: ignore[arg-type]


def page(name: str, extension: str = "", *, lasting: bool = False) -> str:
    """Return the path of the page about the IRI `name` here, or of its document with `extension`.

    A page that tells of a time leads to others of that time, unless the address is to be a `lasting` one.
    """
    document, hash_, fragment = name.partition("#")
    if parts := parse_entity_iri(document):
        if lasting:
            wanted = extension or None
            return url_for("entities.page", kind=parts[0], slug=parts[1], extension=wanted, asof=None)
        before, after = _around((parts[0], extension))
        return f"{before}{parts[1]}{after}{hash_}{fragment}"
    if code := re.fullmatch(re.escape(CODE) + "([a-z-]+)(?:/([a-z-]+))?", name):
        scheme, notation = code.groups()
        return address("entities.code", scheme=scheme, **_given(code=notation, extension=extension))
    if query := re.fullmatch(re.escape(QUERY) + "([a-z0-9-]+)", name):
        return address("queries.page", name=query[1])
    return address("entities.resource", iri=name, **_given(extension=extension))


def _given(**values: str | None) -> dict[str, str]:
    """Return those of `values` that say something."""
    return {name: value for name, value in values.items() if value}


@once(link_context)
def _around(of: tuple[str, str]) -> tuple[str, str]:
    """Return what stands before and after the slug in the path of a page of a kind, with an extension."""
    kind, extension = of
    path = url_for("entities.page", kind=kind, slug=_ANY, extension=extension or None)
    before, _, after = path.partition(_ANY)
    return before, after


def asking(text: str) -> str:
    """Return the path of the query page with the query `text` in it."""
    path, mark, kept = address("editor.page").partition("?")
    return f"{path}?query={quote_plus(text, safe=_LEFT)}{'&' if mark else ''}{kept}"


def incoming(name: str, property_: str, number: int = 1) -> str:
    """Return the path of the page of all that links to the IRI `name` by `property_`."""
    later = number if number > 1 else None
    return url_for("entities.incoming", iri=name, property=property_, page=later)


def href(ref: Ref) -> str | None:
    """Return where a mention of `ref` leads, or None if that would not be safe.

    What is ours or has a name in the graph has a page here, and a term of our vocabulary an explanation;
    anything else must be an address on the web.
    """
    return explanation(ref.iri) or (page(ref.iri) if is_here(ref) else outside(ref.iri))


def explanation(name: str) -> str | None:
    """Return where the IRI `name`, a term of our vocabulary, is explained, or None if it is none."""
    if not name.startswith(UTS) or name not in vocabulary.terms():
        return None
    return f"{address('ontology.document', document='ns')}#{name.removeprefix(UTS)}"


def is_here(ref: Ref) -> bool:
    """Tell whether `ref` has a page of its own here."""
    return ref.iri.startswith(BASE) or bool(ref.labels)


def is_term(name: str) -> bool:
    """Tell whether the IRI `name` is a class or property of a vocabulary that the project knows."""
    return not parse_entity_iri(name) and any(name.startswith(full) for full in _VOCABULARIES)


def outside(name: str) -> str | None:
    """Return the IRI `name` if it is an address on the web that is safe to follow, else None."""
    if len(name) > LONGEST:
        return None
    try:
        parts = urlsplit(name)
        leads_there = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:  # not even a browser can read it: a port of 99999
        return None
    leads_there = leads_there and not parts.username
    return name if leads_there and not _UNSAFE.search(name) else None


def site(name: str) -> str:
    """Return what the site is called that the address `name` leads to."""
    parts = urlsplit(name) if outside(name) else None
    host = (parts.hostname or "").removeprefix("www.") if parts else ""
    known = (title for start, title in _SITES.items() if parts and _is_below(host, parts.path, start))
    return next(known, host)


def _is_below(host: str, path: str, start: str) -> bool:
    """Tell whether `host` and `path` lead to the site of which every address begins with `start`."""
    domain, _, folder = start.partition("/")
    return f".{host}".endswith(f".{domain}") and f"{path}/".startswith(f"/{folder}/" if folder else "/")


def short(name: str) -> str:
    """Return the IRI `name` with a prefix of the project's where one fits, for want of a label."""
    if parts := parse_entity_iri(name):
        return parts[1]
    fitting = [(len(full), prefix) for prefix, full in PREFIXES.items() if name.startswith(full)]
    return f"{max(fitting)[1]}:{name[max(fitting)[0] :]}" if fitting else name


def tail(name: str) -> str:
    """Return the last part of the IRI `name`: what tells it apart from others of its site.

    That is all that follows in a European Legislation Identifier: http://data.europa.eu/eli/reg/2016/679/oj
    """
    _, is_law, act = name.partition("/eli/")
    return act if is_law else re.split(r"[/#]|\?uri=CELEX:", name.rstrip("/#"))[-1]
