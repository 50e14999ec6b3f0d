"""The tool `entity`: what is known of one, where it stands, and the statements behind it."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final

from graph.core.iris import parse_entity_iri
from graph.query.parameters import expand_iri
from web.mcp.arguments import EntityArguments
from web.mcp.envelopes import Detail, shown_envelope
from web.mcp.languages import Language, one_text, texts_of
from web.mcp.paging import Part, answer_page
from web.mcp.site import Site, read_json

_PATH: Final = "/resource.json"
_VALUES_AT_ONCE: Final = 10  # of one property in one part


def entity(site: Site, arguments: EntityArguments) -> dict[str, Any]:
    """Return an entity; raise Refusal or BadInput."""
    place = arguments.place(site.release)
    document = read_entity(site, arguments.id)
    head: dict[str, Any] = {
        "id": document["id"],
        "types": document["types"],
        "name": one_text(document["labels"], arguments.language),
        "linkedFrom": document["incoming"],
    }
    is_statement = _is_statement(document)
    order = ("evidence", "values") if is_statement else ("standings", "values", "evidence")
    members = [each for each in order if each in document]
    if "standings" in document:
        head |= {"standingsTotal": document["standingsTotal"], "otherProducts": document["otherProducts"]}
    if "evidence" in document:
        head["evidenceTotal"] = document["evidencePage"]["total"]
    return answer_page(head, members, islice(_parts(site, arguments, document), place.position, None), place)


def read_entity(site: Site, name: str, page: int = 1) -> dict[str, Any]:
    """Return the JSON document of the entity called `name`, with a page of its evidence; raise Refusal."""
    iri, wanted = expand_iri(name.strip().lstrip("/")), {"page": str(page)} if page > 1 else {}
    if named := parse_entity_iri(iri):  # the address by its name, where a wrong one gets the nearest ones
        return read_json(site, f"/{named[0]}/{named[1]}.json", wanted)
    return read_json(site, _PATH, {"iri": iri, **wanted})


def shown_standing(standing: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Return where an organisation stands on a product, with names and the statements that say so."""
    adoption = standing["adoption"] or {}
    return {
        "organisation": one_text(standing["organisation"]["name"], language),
        "product": one_text(standing["product"]["name"], language),
        "answer": standing["answer"],
        "status": next(iter(texts_of(filter(None, [adoption.get("status")]), language)), None),
        "asOf": adoption.get("asOf"),
        "statements": standing["statements"],
    }


def _parts(site: Site, arguments: EntityArguments, document: dict[str, Any]) -> Iterator[Part]:
    """Yield what is known: where it stands first, of a statement its envelope."""
    language = arguments.language
    is_statement = _is_statement(document)
    detail: Detail = arguments.evidence or ("whole" if is_statement else "brief")
    envelopes = (
        Part("evidence", shown_envelope(each, detail, language)) for each in _evidence(site, document)
    )
    if is_statement:
        yield from envelopes
    for each in document.get("standings", ()):
        yield Part("standings", shown_standing(each, language))
    for name, values in document["values"].items():
        shown = _in_language([_value(each, language) for each in values], values, language)
        for start in range(0, len(shown), _VALUES_AT_ONCE):
            yield Part("values", {"property": name, "values": shown[start : start + _VALUES_AT_ONCE]})
    if not is_statement:
        yield from envelopes


def _is_statement(document: dict[str, Any]) -> bool:
    return (parse_entity_iri(document["id"]) or ("",))[0] == "statement"


def _evidence(site: Site, document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the envelopes of all pages."""
    yield from document.get("evidence", ())
    for number in range(2, document.get("evidencePage", {}).get("pages", 1) + 1):
        yield from read_entity(site, document["id"], number)["evidence"]


def _value(value: dict[str, Any], language: Language) -> Any:
    """Return a value: the text of a literal, or the IRI, the name and the own values of a node."""
    if "value" in value:
        return value["value"]
    name = one_text(value.get("labels"), language)
    own = {
        key: [_value(each, language) for each in values] for key, values in value.get("values", {}).items()
    }
    itself = {"id": value["id"]} if "id" in value else {}  # a blank node has none
    return itself | ({"name": name} if name else {}) | ({"values": own} if own else {})


def _in_language(shown: list[Any], values: list[dict[str, Any]], language: Language) -> list[Any]:
    """Return those of `shown` whose value is in `language` or in none; all, if it has none in it."""
    tags = [each.get("language", "") for each in values]
    if language not in tags:
        return shown
    return [each for each, tag in zip(shown, tags, strict=True) if tag in ("", language)]
