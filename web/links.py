"""Where a link leads: identifiers of the graph to this host's own pages, the rest to the web, or nowhere."""

import re
from typing import Final
from urllib.parse import urlsplit

from flask import url_for

from graph.describe import Ref
from graph.iris import split
from graph.namespaces import BASE, CODE, PREFIXES, QUERY

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
    "data.europa.eu": "EU (ELI)",
    "dbpedia.org": "DBpedia",
    "wikipedia.org": "Wikipedia",
}
_UNSAFE: Final = re.compile(r"[\s<>\"'`\\^{}|\x00-\x20\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def page(name: str, extension: str = "") -> str:
    """Return the path of the page about the IRI `name` here, or of its document with `extension`."""
    document, hash_, fragment = name.partition("#")
    wanted = extension or None
    if parts := split(document):
        path = url_for("entities.page", kind=parts[0], slug=parts[1], extension=wanted)
        return path + hash_ + fragment
    if code := re.fullmatch(re.escape(CODE) + "([a-z-]+)(?:/([a-z-]+))?", name):
        scheme, notation = code.groups()
        return url_for("entities.code", scheme=scheme, code=notation, extension=wanted)
    if query := re.fullmatch(re.escape(QUERY) + "([a-z0-9-]+)", name):
        return url_for("queries.page", name=query[1])
    return url_for("entities.resource", iri=name, extension=wanted)


def incoming(name: str, property_: str, number: int = 1) -> str:
    """Return the path of the page of all that links to the IRI `name` by `property_`."""
    later = number if number > 1 else None
    return url_for("entities.incoming", iri=name, property=property_, page=later)


def href(ref: Ref) -> str | None:
    """Return where a mention of `ref` leads, or None if that would not be safe.

    What is ours or has a name in the graph has a page here; anything else must be an address on the web.
    """
    return page(ref.iri) if is_here(ref) else outside(ref.iri)


def is_here(ref: Ref) -> bool:
    """Tell whether `ref` has a page of its own here."""
    return ref.iri.startswith(BASE) or bool(ref.labels)


def outside(name: str) -> str | None:
    """Return the IRI `name` if it is an address on the web that is safe to follow, else None."""
    try:
        parts = urlsplit(name)
    except ValueError:
        return None
    leads_there = parts.scheme in {"http", "https"} and parts.hostname and not parts.username
    return name if leads_there and not _UNSAFE.search(name) else None


def site(name: str) -> str:
    """Return what the site is called that the address `name` leads to."""
    host = (urlsplit(name).hostname or "") if outside(name) else ""
    known = (title for domain, title in _SITES.items() if host == domain or host.endswith(f".{domain}"))
    return next(known, host.removeprefix("www."))


def short(name: str) -> str:
    """Return the IRI `name` with a prefix of the project's where one fits, for want of a label."""
    if parts := split(name):
        return parts[1]
    fitting = [(len(full), prefix) for prefix, full in PREFIXES.items() if name.startswith(full)]
    return f"{max(fitting)[1]}:{name[max(fitting)[0] :]}" if fitting else name


def tail(name: str) -> str:
    """Return the last part of the IRI `name`: what tells it apart from others of its site."""
    return re.split(r"[/#]", name.rstrip("/#"))[-1]
