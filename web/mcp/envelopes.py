"""Envelopes of statements in answers: whole, as their JSON Schema says, or brief, with what proves them."""

from collections.abc import Mapping
from typing import Any, Final, Literal

from web.mcp.languages import Language, in_language, one_text, texts_of

Detail = Literal["brief", "whole"]
_POSITION: Final = ("paragraph", "start", "end", "digest")


def shown_envelope(envelope: Mapping[str, Any], detail: Detail, language: Language) -> dict[str, Any]:
    """Return `envelope` in `language`: the whole of it, or names in place of entities and the passages."""
    if detail == "whole":
        whole: dict[str, Any] = in_language(dict(envelope), language)
        return whole
    source = envelope["source"]
    brief = {
        "statement": envelope["statement"],
        "text": in_language(envelope["text"], language),
        "speaker": _speaker(envelope["speaker"], language),
        "onBehalfOf": texts_of(envelope["onBehalfOf"], language),
        "source": source and _source(source, language),
        "passages": [{name: each[name] for name in _POSITION} for each in envelope["passages"]],
        "read": envelope["read"],
    }
    certainty = envelope["certainty"]
    return brief | ({"certainty": one_text(certainty["name"], language)} if certainty else {})


def _speaker(speaker: Mapping[str, Any] | None, language: Language) -> str | None:
    """Return the name and the title of who speaks."""
    if speaker is None:
        return None
    parts = (one_text(speaker["name"], language), one_text(speaker["role"], language))
    return ", ".join(filter(None, parts))


def _source(source: Mapping[str, Any], language: Language) -> dict[str, Any]:
    reported = source["reportedIn"]
    return {
        "iri": source["iri"],
        "title": one_text(source["title"], language),
        "issued": source["issued"],
        **({"reportedIn": one_text(reported["name"], language)} if reported else {}),
    }
