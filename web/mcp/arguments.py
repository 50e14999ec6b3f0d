"""The arguments of the tools, as models that give their JSON Schema and check what a client sends."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from web.mcp.envelopes import Detail
from web.mcp.languages import ALL, DEFAULT, Language
from web.mcp.paging import LEAST_SIZE, MOST_SIZE, SIZE, Place, place_of

Id = Annotated[
    str,
    Field(
        min_length=1,
        max_length=2_000,
        description="An IRI, or its short form, such as organisation/name",
    ),
]


class Arguments(BaseModel):
    """What every tool takes. No other arguments are accepted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    language: Language = Field(
        DEFAULT, description=f"The language of names and texts, where they have it; {ALL} gives all of them"
    )


class ReleaseArguments(Arguments):
    """What a tool takes that can read an older release."""

    release: str = Field(
        "", max_length=40, description="The id of an older release to read; empty for the newest"
    )


class PagedArguments(Arguments):
    """What every tool takes whose answer may be longer than one message."""

    cursor: str = Field(
        "", max_length=100, description="`next` of the answer before; empty for the beginning"
    )
    size: int = Field(SIZE, ge=LEAST_SIZE, le=MOST_SIZE, description="How many bytes an answer may have")

    def place(self, release: str | None) -> Place:
        """Return where the answer begins; raise BadInput for a cursor that is none."""
        return place_of(self.cursor, self.size, release)


class SearchArguments(PagedArguments):
    """The arguments of `search`."""

    query: str = Field(min_length=1, max_length=500, description="Words, a name, or a question in words")
    kind: str = Field(
        "",
        max_length=40,
        description="Only this kind, of those that `kinds` of an answer has",
    )
    evidence: bool = Field(False, description="Whether hits that are statements have their passages")


class EntityArguments(PagedArguments, ReleaseArguments):
    """The arguments of `entity`."""

    id: Id
    evidence: Detail | None = Field(
        None, description="How much of each envelope; by default whole for a statement, brief for the others"
    )


class QuestionsArguments(PagedArguments, ReleaseArguments):
    """The arguments of `questions`."""

    name: str = Field(
        "", max_length=100, description="One question, to read all about it; empty lists them all"
    )


class AskArguments(PagedArguments, ReleaseArguments):
    """The arguments of `ask`."""

    question: str = Field(min_length=1, max_length=100, description="The name of a stored question")
    parameters: dict[str, str] = Field(
        default_factory=dict,
        description=(
            "Values by name: an IRI, its short form, or the name of an entity; a date as "
            "2017, 2017-05 or 2017-05-31; 1 for one of the type lineage"
        ),
    )
    evidence: Literal["brief", "whole", "none"] | None = Field(
        None,
        description="How much evidence; by default brief, or none where the rows cannot have it",
    )


class SparqlArguments(PagedArguments, ReleaseArguments):
    """The arguments of `sparql`."""

    query: str = Field(
        min_length=1, max_length=1 << 24, description="SPARQL 1.1: SELECT, ASK, CONSTRUCT or DESCRIBE"
    )


class CiteArguments(ReleaseArguments):
    """The arguments of `cite`."""

    statement: Id
    format: Literal["text", "bibtex", "ris", "csl-json"] = Field(
        "text", description="The form of the citation"
    )
