"""The command link: proposes matches for our entities elsewhere, and records the judgements of a person."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from graph.cli import options
from graph.cli.group import out
from graph.cli.link_review import ask, show
from graph.core import files
from graph.core.errors import BadInput
from graph.core.settings import Settings
from graph.curation import sparql_client
from graph.curation.proposals import Finder
from graph.curation.reconciliation_client import ReconciliationClient
from graph.curation.review_session import Review, ReviewBounds
from graph.curation.review_state import Progress
from graph.curation.sparql_client import SparqlClient
from graph.curation.sssom_writer import MappingTable
from graph.curation.unlinked import UnlinkedEntity, default_kinds, linkable_kinds, unlinked_entities
from graph.curation.wikidata import Wikidata
from graph.query.store import ReleaseStore
from graph.read.entities import Entities
from graph.release.releases import Releases

_NAME: Final = re.compile("[a-z0-9]+(-[a-z0-9]+)*")


@click.command()
@click.argument("kind", required=False)
@click.option("--endpoint", default=sparql_client.WIKIDATA, show_default=True, help="Wikidata's or a copy's.")
@click.option("--reconcile", metavar="URL", help="Ask this reconciliation service (0.2) instead.")
@click.option("--list", "only_list", is_flag=True, help="Print the proposals only: judge and write nothing.")
@click.option("--by", metavar="NAME", help="Who judges, as the table is to say.")
@click.option("--min", "least", default=40.0, show_default=True, help="The least score that is shown.")
@click.option("--limit", type=click.IntRange(1), help="How many entities to show at most.")
@click.option("--unsure", is_flag=True, help="Show again what somebody was unsure of.")
@click.option("--table", default="wikidata", show_default=True, help="The table of links, by its name.")
@options.FACTS
@options.PAUSE
@click.pass_obj
def link(
    releases: Releases,
    kind: str | None,
    endpoint: str,
    reconcile: str | None,
    only_list: bool,
    by: str | None,
    least: float,
    limit: int | None,
    unsure: bool,
    table: str,
    facts: Path,
    pause: float,
) -> None:
    """Propose what the entities of the live release are in Wikidata, and record what you say.

    KIND is the name of a list, such as place; by default it is any that has names, but no person or source.
    Each judgement is a row of the table at once; what was asked is kept beside it, and the next time it goes
    on from there.
    """
    place = _table(facts, table)
    entities = Entities(ReleaseStore.open(releases.live().store))
    finder = _finder(endpoint, reconcile, pause)
    progress = Progress(place.with_name(f"{table}.review.json"), finder.name)
    review = Review(finder, MappingTable(place, finder.space), progress, ReviewBounds(least, limit, unsure))
    wanted = list(unlinked_entities(entities, _kinds(entities, kind), finder.space))
    if only_list:
        _print(review, wanted)
        return
    files.ensure_writable(place.parent)
    who = by or click.prompt("Your name, as the table is to say")
    try:
        review.judge(wanted, who, ask)
    finally:
        out.print(f"{review.judged} judged, kept in {place}.", highlight=False, markup=False, soft_wrap=True)


def _print(review: Review, wanted: Sequence[UnlinkedEntity]) -> None:
    for ours, proposals in review.proposed(wanted, keep=False):
        for proposal in proposals:
            show(ours, proposal)


def _kinds(entities: Entities, kind: str | None) -> tuple[str, ...]:
    """Return the kinds to look for; raise BadInput for one that is not linked."""
    known = linkable_kinds(entities.index.kinds)
    if kind is None:
        return default_kinds(entities.index.kinds)
    if kind in known:
        return (kind,)
    raise BadInput(
        f"“{kind}” is no kind that is linked",
        where="KIND",
        rule="kind",
        remedy=f"use one of {', '.join(known)}" if known else "build a release that has kinds with names",
    )


def _table(facts: Path, name: str) -> Path:
    if _NAME.fullmatch(name):
        return facts / "links" / f"{name}.sssom.tsv"
    raise BadInput(
        f"“{name}” cannot be the name of a table",
        where="--table",
        rule="file name",
        remedy="write small letters, digits and hyphens, such as wikidata",
    )


def _finder(endpoint: str, reconcile: str | None, pause: float) -> Finder:
    polite = options.retry_policy(pause)
    contact = Settings.from_environment().contact
    if reconcile:
        return ReconciliationClient(reconcile, polite, contact=contact)
    return Wikidata(SparqlClient(endpoint, polite, contact=contact))
