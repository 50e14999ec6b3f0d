"""The tool `questions`: the stored questions, or all about one."""

from collections.abc import Mapping
from typing import Any, Final

from graph.core.errors import NotFound
from web.mcp.arguments import QuestionsArguments
from web.mcp.languages import Language, in_language, one_text
from web.mcp.paging import Part, answer_page
from web.mcp.site import Site, read_json

PATH: Final = "/queries.json"
_REMEDY: Final = "choose one that the tool questions lists"
Question = Mapping[str, Any]
"""A stored question as the site describes it: its name, title, description, parameters and columns."""


def questions(site: Site, arguments: QuestionsArguments) -> dict[str, Any]:
    """Return the stored questions; raise Refusal, NotFound or BadInput."""
    place, language = arguments.place(site.release), arguments.language
    if arguments.name:
        question = find_question(site, arguments.name)
        head, parts = dict[str, Any](), [Part("questions", _whole(question, language))]
    else:
        every = read_questions(site)
        head, parts = (
            {"total": len(every)},
            [Part("questions", _brief(each, language)) for each in every.values()],
        )
    return answer_page(head, ("questions",), parts[place.position :], place)


def read_questions(site: Site) -> Mapping[str, Question]:
    """Return the stored questions of a site by name; raise Refusal."""
    return {each["name"]: each for each in read_json(site, PATH, {})["queries"]}


def find_question(site: Site, name: str) -> Question:
    """Return the stored question called `name`; raise Refusal or NotFound."""
    every = read_questions(site)
    if name not in every:
        raise NotFound(
            f"There is no stored question “{name}”", where="question", rule="question", remedy=_REMEDY
        )
    return every[name]


def _brief(question: Question, language: Language) -> dict[str, Any]:
    return {
        "name": question["name"],
        "title": one_text(question["title"], language),
        "parameters": [each["name"] for each in question["parameters"]],
    }


def _whole(question: Question, language: Language) -> dict[str, Any]:
    shown: dict[str, Any] = in_language({**question}, language)
    return shown | {"text": f"utsaga:queries/{question['name']}"}
