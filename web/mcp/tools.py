"""The tools, all of them read-only: their names, descriptions and arguments, and what answers them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from mcp_types import Tool as Description
from mcp_types import ToolAnnotations

from graph.core.site import SITE
from web.mcp.arguments import (
    Arguments,
    AskArguments,
    CiteArguments,
    EntityArguments,
    QuestionsArguments,
    SearchArguments,
    SparqlArguments,
)
from web.mcp.ask import ask
from web.mcp.cite import cite
from web.mcp.entity import entity
from web.mcp.questions import questions
from web.mcp.search import search
from web.mcp.site import Site
from web.mcp.sparql import sparql

_READ_ONLY: Final = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)


@dataclass(frozen=True)
class Tool:
    """A tool: how it is listed, and the function that answers."""

    name: str
    title: str
    description: str
    arguments: type[Arguments]
    answer: Callable[[Site, Any], dict[str, Any]]

    @property
    def listed(self) -> Description:
        """How it is listed to clients."""
        return Description(
            name=self.name,
            title=self.title,
            description=self.description,
            input_schema=self.arguments.model_json_schema(),
            annotations=_READ_ONLY,
        )


TOOLS: Final = {
    tool.name: tool
    for tool in (
        Tool(
            "search",
            "Find entities",
            "Find what the site has by words: entities of any kind, and statements. If the words are "
            "what a stored question answers, `question` says which one, with its parameters, for `ask`.",
            SearchArguments,
            search,
        ),
        Tool(
            "entity",
            "Read an entity with its evidence",
            "Read what is known of one entity, and the statements behind it with the passages that prove "
            "them. Of an organisation, `standings` says where it stands on each product.",
            EntityArguments,
            entity,
        ),
        Tool(
            "questions",
            "List the stored questions",
            "List the stored questions with the names of their parameters; with a name, all about one.",
            QuestionsArguments,
            questions,
        ),
        Tool(
            "ask",
            "Ask a stored question",
            "Run a stored question. Each row names the statements that it rests on; `evidence` has each of "
            "them once: what is said, who says it in which source, the position and digest of its passages.",
            AskArguments,
            ask,
        ),
        Tool(
            "sparql",
            "Ask in SPARQL",
            "Run a query of your own: SELECT, ASK, CONSTRUCT or DESCRIBE, read-only, with limits of time and "
            "size. Read the resources utsaga:shapes and utsaga:queries/… first. Prefer a stored question: "
            "its answer has the evidence.",
            SparqlArguments,
            sparql,
        ),
        Tool(
            "cite",
            "Cite a statement",
            "Return how to cite a statement: with its passages, their digests and the release.",
            CiteArguments,
            cite,
        ),
    )
    if SITE.offers("tools", tool.name)
}
"""By name: those of the site."""

LISTED: Final = [tool.listed for tool in TOOLS.values()]
"""All of them, for clients."""
