"""The schema.org description of the subject of a page, as JSON-LD for search engines and assistants.

https://www.w3.org/TR/json-ld11/#embedding-json-ld-in-html-documents. The script element holds data, which no
browser runs, so that the policy against inline scripts holds.
"""

from flask import Flask, request, url_for

from graph.core.namespaces import BASE, DATASET, LICENCE, OWL, QUERY, RDFS, SKOS, UTS
from graph.core.site import SITE
from graph.core.terms import iri
from graph.read.entities import Ref
from web.html import urls
from web.html.app_state import app_state
from web.html.i18n import LANGUAGES, messages
from web.html.kind_words import kinds_name
from web.html.page_models import EntityPage, HomePage, ListPage, Page, Slice
from web.html.site_context import base_url
from web.publish.dataset import DatasetPage
from web.publish.schema_org import MAX_VALUES, Thing, codes, kind_properties, texts, type_of
from web.sparql.pages import QueriesPage

_SAME_AS = (OWL + "sameAs", SKOS + "exactMatch")
_OTHER_NAMES = (SKOS + "altLabel", UTS + "formerName")
_DESCRIPTIONS = (SKOS + "definition", SKOS + "note", RDFS + "comment")


def json_ld(page: Page) -> Thing | None:
    """Return the description of the subject of `page`, or None for a page without one."""
    if isinstance(page, EntityPage):
        return _complete(_entity(page))
    if isinstance(page, ListPage):
        return _complete(_list(page))
    if isinstance(page, QueriesPage):
        return _complete(_queries(page))
    if isinstance(page, DatasetPage):
        return _complete(_dataset(page))
    return _complete(_site()) if isinstance(page, HomePage) else None


def _complete(thing: Thing) -> Thing:
    """Return `thing` with its JSON-LD context and without empty values."""
    return {"@context": "https://schema.org"} | {key: value for key, value in thing.items() if value}


def _entity(page: EntityPage) -> Thing:
    entities = app_state().entities
    node = entities.node(iri(page.ref.iri))
    return {
        "@type": type_of(page.kind, node),
        "@id": page.ref.iri,
        "url": base_url() + urls.entity_url(page.ref.iri).partition("?")[0],
        "name": texts(page.ref.labels),
        "alternateName": texts(node.literals(*_OTHER_NAMES)),
        "description": texts(node.literals(*_DESCRIPTIONS)),
        "sameAs": [each for each in node.iris(*_SAME_AS)[:MAX_VALUES] if urls.external_url(each)],
        "identifier": codes(node),
        "subjectOf": {"@id": DATASET},
    } | kind_properties(entities, page.kind, node)


def _list(page: ListPage) -> Thing:
    kind, entities = page.listing.kind, app_state().entities
    statements, entries = page.statements, page.entries
    refs = tuple(Ref(each.iri, each.texts) for each in statements) or tuple(
        each.ref for each in entries.items
    )
    items = [
        {"@type": type_of(kind, entities.node(iri(ref.iri))), "@id": ref.iri, "name": texts(ref.labels)}
        | {"url": base_url() + urls.entity_url(ref.iri, lasting=True)}
        for ref in refs
    ]
    shown = Slice(refs, entries.total, entries.number, entries.pages)
    title = [{"@value": kinds_name(kind, tag), "@language": tag} for tag in LANGUAGES]
    return _item_list(title, items, entries.total, first=shown.start)


def _queries(page: QueriesPage) -> Thing:
    items = [
        {
            "@type": "CreativeWork",
            "@id": QUERY + query.name,
            "url": base_url() + url_for("queries.page", name=query.name, lang=None, content=None),
            "name": [{"@value": words, "@language": tag} for tag, words in query.title.items()],
            "description": [{"@value": words, "@language": tag} for tag, words in query.description.items()],
            "keywords": list(query.keywords),
        }
        for query in page.queries
    ]
    title = [{"@value": messages(tag)["site.queries"][0], "@language": tag} for tag in LANGUAGES]
    return _item_list(title, items, len(items))


def _item_list(title: list[Thing], items: list[Thing], total: int, first: int = 1) -> Thing:
    """Return a list of things with that `title`, of which `items` are those from the place `first` on."""
    return {
        "@type": "ItemList",
        "url": base_url() + request.full_path.rstrip("?"),
        "name": title,
        "license": LICENCE,
        "isPartOf": {"@id": DATASET},
        "numberOfItems": total,
        "itemListElement": [
            {"@type": "ListItem", "position": position, "item": item}
            for position, item in enumerate(items, first)
        ],
    }


def _dataset(page: DatasetPage) -> Thing:
    start = base_url()
    return {
        "@type": "Dataset",
        "@id": DATASET,
        "url": start + url_for("dataset.page", lang=None, content=None),
        "name": texts(page.titles),
        "description": texts(page.descriptions),
        "license": LICENCE,
        "isAccessibleForFree": True,
        "inLanguage": list(SITE.languages),
        "creator": {"@type": "Organization", "name": SITE.name, "url": f"{start}/"},
        "distribution": [
            {
                "@type": "DataDownload",
                "name": dump.name,
                "contentUrl": start + url_for("dataset.download", name=dump.name, lang=None, content=None),
                "encodingFormat": dump.format.media_type,
                "contentSize": f"{dump.size} B",
                "sha256": dump.digest,
            }
            for dump in page.dumps
            if dump.whole
        ],
    }


def _site() -> Thing:
    search = base_url() + url_for("search.page", lang=None, content=None) + "?q={words}"
    return {
        "@type": "WebSite",
        "@id": BASE,
        "url": f"{base_url()}/",
        "name": SITE.name,
        "inLanguage": list(SITE.languages),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": search},
            "query-input": "required name=words",
        },
    }


def register(app: Flask) -> None:
    """Add `json_ld` to the template functions of `app`."""
    app.jinja_env.globals.update(json_ld=json_ld)
