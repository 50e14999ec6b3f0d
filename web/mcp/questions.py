"""The tool `questions`: the stored questions, or all about one."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from graph.core.errors import NotFound
from graph.query import stored
from graph.query.parameters import Parameter
from graph.query.stored import StoredQuery
from web.mcp.arguments import QuestionsArguments
from web.mcp.languages import Language, one_text
from web.mcp.paging import Part, answer_page
from web.mcp.site import Site

_REMEDY: Final = "choose one that the tool questions lists"


def questions(site: Site, arguments: QuestionsArguments) -> dict[str, Any]:
    """Return the stored questions; raise NotFound or BadInput."""
    place, language, every = arguments.place(site.release), arguments.language, every_question()
    if arguments.name:
        query = find_question(arguments.name)
        parts = [Part("questions", _whole(query, language))]
    else:
        parts = [Part("questions", _brief(each, language)) for each in every.values()]
    head = {"total": len(every)} if not arguments.name else {}
    return answer_page(head, ("questions",), parts[place.position :], place)


@cache
def every_question() -> Mapping[str, StoredQuery]:
    """Return the stored questions by name; they are part of the program."""
    return stored.load_queries()


def find_question(name: str) -> StoredQuery:
    """Return the stored question called `name`; raise NotFound."""
    every = every_question()
    if name not in every:
        raise NotFound(
            f"There is no stored question “{name}”", where="question", rule="question", remedy=_REMEDY
        )
    return every[name]


def _brief(query: StoredQuery, language: Language) -> dict[str, Any]:
    return {
        "name": query.name,
        "title": one_text(query.title, language),
        "parameters": [each.name for each in query.parameters],
    }


def _whole(query: StoredQuery, language: Language) -> dict[str, Any]:
    return {
        "name": query.name,
        "title": one_text(query.title, language),
        "description": one_text(query.description, language),
        "keywords": list(query.keywords),
        "parameters": [_parameter(each, language) for each in query.parameters],
        "asksOtherEndpoints": list(query.services),
        "text": f"utsaga:queries/{query.name}",
    }


def _parameter(parameter: Parameter, language: Language) -> dict[str, Any]:
    optional = {"kind": parameter.kind, "widens": parameter.of, "default": parameter.default}
    return {
        "name": parameter.name,
        "label": one_text(parameter.label, language),
        "type": parameter.type,
        "required": parameter.required,
        "howToWrite": parameter.remedy,
    } | {name: value for name, value in optional.items() if value}
