"""The tool `search`: entities by words, and the stored question that the words ask."""

from collections.abc import Iterator
from typing import Any, Final

from web.mcp.arguments import SearchArguments
from web.mcp.envelopes import shown_envelope
from web.mcp.languages import Language, in_language, one_text
from web.mcp.paging import Part, answer_page
from web.mcp.site import Site, read_json

_PATH: Final = "/search.json"
_PER_PAGE: Final = 20  # hits on a page of the site's search
_NAMES: Final = ("label", "former", "also")  # fields that match by a name


def search(site: Site, arguments: SearchArguments) -> dict[str, Any]:
    """Return the entities that match; raise Refusal or BadInput."""
    place = arguments.place(site.release)
    number = place.position // _PER_PAGE + 1
    found = _page(site, arguments, number)
    reachable = min(found["total"], found["pages"] * _PER_PAGE)
    head: dict[str, Any] = {"total": found["total"], "kinds": found["kinds"]}
    if found["suggestion"]:
        head["suggestion"] = found["suggestion"]
    if found["answer"]:
        head["question"] = _question(found["answer"], arguments.language)
    if found["total"] > reachable:
        head["note"] = f"Only the first {reachable} can be read: search for something narrower"
    parts = _parts(site, arguments, found, place.position)
    return answer_page(head, ("hits",), parts, place, whole=found["total"] <= reachable)


def _page(site: Site, arguments: SearchArguments, number: int) -> dict[str, Any]:
    kind = {"kind": arguments.kind} if arguments.kind else {}
    return read_json(site, _PATH, {"q": arguments.query, "page": str(number), **kind})


def _question(answer: dict[str, Any], language: Language) -> dict[str, Any]:
    """Return the stored question that the words ask, for the tool `ask`."""
    return {
        "ask": answer["query"],
        "parameters": answer["parameters"],
        "title": one_text(answer["title"], language),
        "rows": answer["rows"],
    }


def _parts(site: Site, arguments: SearchArguments, found: dict[str, Any], position: int) -> Iterator[Part]:
    """Yield the hits from `position` on; `found` is the page that it is on."""
    if position // _PER_PAGE + 1 > found["pages"]:
        return
    hits = found["hits"][position % _PER_PAGE :]
    for number in range(position // _PER_PAGE + 1, found["pages"] + 1):
        for hit in hits:
            yield Part("hits", _hit(hit, arguments))
        if number < found["pages"]:
            hits = _page(site, arguments, number + 1)["hits"]


def _hit(hit: dict[str, Any], arguments: SearchArguments) -> dict[str, Any]:
    language = arguments.language
    shown: dict[str, Any] = {"id": hit["id"], "kind": hit["kind"]}
    if envelope := hit.get("evidence"):
        if arguments.evidence:
            return shown | {"evidence": shown_envelope(envelope, "brief", language)}
        return shown | {"text": in_language(envelope["text"], language)}
    shown["name"] = one_text(hit["labels"], language)
    if status := hit.get("status"):
        shown["status"] = one_text(status["labels"], language)
    match = next((each for each in hit["matches"] if each["field"] not in _NAMES), None)
    return shown | ({"match": match["value"]} if match else {})
