"""The review of links in the terminal: prints a proposal with its evidence and reads a judgement."""

from typing import Final

import click
from rich.table import Column, Table
from rich.text import Text

from graph.cli.group import out
from graph.core.namespaces import ID
from graph.curation.proposals import Proposal
from graph.curation.review_session import ReviewAnswer
from graph.curation.unlinked import UnlinkedEntity

_MARKS: Final = {True: Text("✓", "green"), False: Text("✗", "red"), None: Text("")}
_WORDS: Final = {each: each for each in ("close", "exact", "reject", "unsure", "skip", "quit")} | {
    "accept": "close"  # an exact match is only ever written for who says so
}
_PROMPT: Final = "[c]lose match · [e]xact match · [r]eject · [u]nsure · [s]kip · [q]uit"


def show(ours: UnlinkedEntity, proposal: Proposal, which: str = "") -> None:
    """Print `proposal` beside our entity."""
    ref = ours.iri.removeprefix(ID)
    there = Text.assemble((proposal.label, "bold"), f"  {proposal.item}  score {proposal.score:g}")
    out.print()
    out.print(Text.assemble((ours.label, "bold"), f"  {ref}  {which}".rstrip()), soft_wrap=True)
    out.print(Text("→ ") + there, soft_wrap=True)
    table = Table("", Column("here", overflow="fold"), Column("there", overflow="fold"), "", box=None)
    for each in proposal.evidence:
        table.add_row(Text(each.what), Text(each.here), Text(each.there), _MARKS[each.agrees])
    out.print(table)


def ask(ours: UnlinkedEntity, proposal: Proposal, which: str) -> ReviewAnswer:
    """Print `proposal` and return the person's judgement; raise click.Abort at the end of the input."""
    show(ours, proposal, which)
    said: ReviewAnswer = click.prompt(_PROMPT, prompt_suffix=" › ", value_proc=_parse_answer)
    return said


def _parse_answer(typed: str) -> ReviewAnswer:
    """Parse a keyword or its first letter, with an optional confidence: “exact 0.9”."""
    word, _, number = typed.strip().lower().partition(" ")
    words = [means for each, means in _WORDS.items() if word and each.startswith(word)]
    if not words:
        raise click.UsageError("write one of the letters in brackets")
    if not number.strip():
        return ReviewAnswer(words[0])
    try:
        confidence = float(number.replace(",", "."))
    except ValueError:
        confidence = -1.0
    if not 0 <= confidence <= 1:
        raise click.UsageError("a confidence is a number from 0 to 1")
    return ReviewAnswer(words[0], confidence)
