"""What the description for programs says of the site: its name, licence, languages, parts and examples."""

import json
from typing import Any, Final

from graph.core.extensions import extension
from graph.core.licences import licence_name
from graph.core.site import SITE
from web.html.app_state import AppState
from web.html.i18n import CONTENT_LANGUAGES, LANGUAGES
from web.html.labels import name

Description = dict[str, Any]
EXTENSION: Final = "x-extension"
"""The key of a path in the files that only sites have whose package says which parameters it has."""
_PARAMETERS: Final = extension("api_parameters", dict[str, list[Description]]())
_PREFIX_LENGTH: Final = 4  # letters of an example of a prefix


def fit_to_site(description: Description, state: AppState) -> None:
    """Make `description`, which no other request reads, that of this site and of what it serves."""
    licence = {"name": licence_name(SITE.licence), "url": SITE.licence}
    description["info"] |= {"title": SITE.name, "summary": SITE.summary, "license": licence}
    paths = description["paths"]
    for path in list(paths):
        if paths[path].pop(EXTENSION, False) and path not in _PARAMETERS:
            del paths[path]
    for path, parameters in _PARAMETERS.items():
        paths[path]["get"]["parameters"] = parameters
    parameters = description["components"]["parameters"]
    parameters["Language"]["schema"]["enum"] = list(LANGUAGES)
    examples = _examples(state)
    _fill_in(description, examples)


def _examples(state: AppState) -> dict[str, str]:
    """Return the values of the placeholders in examples; those that the data have nothing for are missing."""
    index, entities = state.entities.index, state.entities
    found = {"query": next(iter(state.stored_queries), "")}
    if SITE.parts:
        has_status = SITE.offers("kinds", "adoption")
        scheme, code = ("adoption-status", "in-use") if has_status else ("speech-act", "quotation")
        found |= {"scheme": scheme, "code": code, "term": "Statement"}
    for kind, described in index.kinds.items():
        if described.matched and (first := index.of_kind(kind).page(0, 1)):
            label = name(entities.ref(first[0]), CONTENT_LANGUAGES[0]).value
            found |= {"class": described.classes[0], "entity": first[0], "name": label}
            found |= {"prefix": label[:_PREFIX_LENGTH].strip()}
            break
    return {f"{{{key}}}": value for key, value in found.items() if value}


def _fill_in(part: Any, values: dict[str, str]) -> None:
    """Fill in the placeholders of all examples below `part`; remove an example whose value is missing."""
    if isinstance(part, list):
        for each in part:
            _fill_in(each, values)
    elif isinstance(part, dict):
        example = part.get("example")
        if isinstance(example, str):
            part["example"] = _filled(example, values)
            if not part["example"]:
                del part["example"]
        for each in part.values():
            _fill_in(each, values)


def _filled(example: str, values: dict[str, str]) -> str:
    """Return an example with its placeholder filled in, or "" without a value."""
    if example in _PLACEHOLDERS:
        return values.get(example, "")
    for placeholder in _PLACEHOLDERS:
        if f'"{placeholder}"' in example:
            if placeholder not in values:
                return ""
            example = example.replace(f'"{placeholder}"', json.dumps(values[placeholder], ensure_ascii=False))
    return example


_PLACEHOLDERS: Final = tuple(
    f"{{{each}}}" for each in ("class", "code", "entity", "name", "prefix", "query", "scheme", "term")
)
