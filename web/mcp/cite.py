"""The tool `cite`: how to cite a statement, with the passages and the release."""

from typing import Any, Final

from graph.core.errors import BadInput
from graph.core.iris import parse_entity_iri
from web.mcp.arguments import CiteArguments
from web.mcp.entity import read_entity
from web.mcp.languages import ALL, in_language
from web.mcp.site import Site, read

_EXTENSIONS: Final = {"bibtex": "bib", "ris": "ris", "csl-json": "csl.json"}
_MEMBERS: Final = ("statement", "cite", "text", "attributedTo", "passages", "read")


def cite(site: Site, arguments: CiteArguments) -> dict[str, Any]:
    """Return the citation of a statement; raise Refusal, or BadInput for another entity."""
    document = read_entity(site, arguments.statement)
    kind, slug = parse_entity_iri(document["id"]) or ("", "")
    evidence = document["evidence"] if kind == "statement" else []
    if not evidence:
        raise BadInput(
            f"{document['id']} is no statement",
            where="statement",
            rule="statement",
            remedy="give the id of a statement: entity and ask return those behind an entity or a row",
        )
    envelope = evidence[0]
    answer: dict[str, Any] = {"release": site.release, "complete": True, "next": None}
    if arguments.format == "text":
        answer |= in_language({name: envelope[name] for name in _MEMBERS}, arguments.language)
        return answer
    path = f"/statement/{slug}.{_EXTENSIONS[arguments.format]}"
    language = {} if arguments.language == ALL else {"lang": arguments.language}
    text = read(site, path, language, "*/*").body.decode()
    return answer | {"statement": envelope["statement"], "format": arguments.format, "citation": text}
