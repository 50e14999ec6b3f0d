"""The resources: the ontology, its shapes, the schema of envelopes, and the stored queries as examples."""

from collections.abc import Iterator
from typing import Final

from mcp_types import (
    ListResourcesResult,
    ReadResourceResult,
    Resource,
    ResourceTemplate,
    TextResourceContents,
)

from graph.core.errors import BadInput, NotFound
from graph.core.site import SITE
from web.mcp.languages import one_text
from web.mcp.questions import Question, read_questions
from web.mcp.site import Site, read

_SCHEME: Final = "utsaga:"
_QUERIES: Final = f"{_SCHEME}queries/"
_QUERY_TYPE: Final = "application/sparql-query"
_PER_PAGE: Final = 20
_DOCUMENTS: Final = {
    f"{_SCHEME}{name}": (
        path,
        Resource(
            uri=f"{_SCHEME}{name}", name=name, title=title, description=description, mime_type=media_type
        ),
    )
    for name, path, media_type, title, description in (
        (
            "ontology",
            "/ns.ttl",
            "text/turtle",
            "The vocabulary",
            "The classes and properties in the data, with what they mean",
        ),
        (
            "shapes",
            "/shapes.ttl",
            "text/turtle",
            "The shapes",
            "Which properties an entity of each class has, and how many, in SHACL",
        ),
        (
            "evidence-schema",
            "/ns/evidence.schema.json",
            "application/schema+json",
            "The schema of evidence",
            "What the envelope of a statement has, in JSON Schema",
        ),
    )
    if SITE.offers("resources", name)
}
"""By URI: the path of the document, and how it is listed."""
TEMPLATE: Final = ResourceTemplate(
    uri_template=f"{_QUERIES}{{name}}",
    name="query",
    title="A stored query",
    description="The text of a stored question in SPARQL, by its name",
    mime_type=_QUERY_TYPE,
)


def list_resources(site: Site, cursor: str | None) -> ListResourcesResult:
    """Return a page of the resources; raise BadInput for a cursor that is none, or Refusal."""
    if cursor is not None and not (cursor.isascii() and cursor.isdecimal() and len(cursor) < 10):
        raise BadInput(
            f"“{cursor[:40]}” is no cursor", where="cursor", rule="cursor", remedy="leave it out to begin"
        )
    start, every = int(cursor or 0), [*_every(site)]
    end = start + _PER_PAGE
    return ListResourcesResult(
        resources=every[start:end],
        next_cursor=str(end) if end < len(every) else None,
    )


def read_resource(site: Site, uri: str) -> ReadResourceResult:
    """Return the text of a resource; raise NotFound for none, or Refusal."""
    if uri in _DOCUMENTS:
        path, resource = _DOCUMENTS[uri]
        media_type = resource.mime_type or ""
    else:
        name = uri.removeprefix(_QUERIES)
        if not uri.startswith(_QUERIES) or name not in read_questions(site):
            raise NotFound(
                f"There is no resource {uri[:200]}",
                where="uri",
                rule="uri",
                remedy="choose one that resources/list returns",
            )
        path, media_type = f"/queries/{name}.rq", _QUERY_TYPE
    text = read(site, path, {}, media_type).body.decode()
    return ReadResourceResult(contents=[TextResourceContents(uri=uri, mime_type=media_type, text=text)])


def _every(site: Site) -> Iterator[Resource]:
    yield from (resource for _, resource in _DOCUMENTS.values())
    yield from map(_query, read_questions(site).values())


def _query(question: Question) -> Resource:
    return Resource(
        uri=_QUERIES + question["name"],
        name=question["name"],
        title=one_text(question["title"], "en"),
        description=one_text(question["description"], "en"),
        mime_type=_QUERY_TYPE,
    )
