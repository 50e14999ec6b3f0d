"""The commands that make and keep releases: build, validate, verify and releases."""

import sys
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Final

import click
from rich.table import Table

from graph.build import pipeline as building
from graph.cli.group import err, out
from graph.cli.progress_display import ProgressDisplay
from graph.cli.pull_command import pull
from graph.cli.verify_releases import verify_releases
from graph.core.errors import BadInput, Unavailable
from graph.core.files import read_text
from graph.core.namespaces import BASE
from graph.ingest import passages, speakers
from graph.ingest.facts import Facts
from graph.ingest.removals import read_removals
from graph.release import change_sets
from graph.release.release import Manifest
from graph.release.release_check import require_whole, unreadable
from graph.release.releases import Releases, difference

_MAX_LISTED: Final = 200  # graphs, classes and kinds


@click.command()
@click.option("--check", "only_check", is_flag=True, help="Validate only; build nothing.")
@click.option(
    "--facts",
    type=click.Path(file_okay=False, path_type=Path),
    default=building.FACTS,
    help="The folder of facts; the project's own by default.",
)
@click.option("--trust-rdf", "is_trusted", is_flag=True, help="Do not check the plain RDF in the folder rdf.")
@click.pass_obj
def build(releases: Releases, only_check: bool, facts: Path, is_trusted: bool) -> None:
    """Turn the facts into a validated release and make it the live one.

    An interrupted build of much plain RDF goes on where it stopped.
    """
    with ProgressDisplay(err) as step:
        if only_check:
            content = building.compose(building.read(facts), step, read_removals(facts))
            if building.is_own(facts):
                step("query")
                building.check_queries(content)
            out.print(f"The facts are in order: {len(content.quads)} quads would be built.")
            return
        release = building.build(releases, facts, step, is_trusted=is_trusted)
    out.print(_summary(release.manifest))


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--text", type=click.Path(dir_okay=False, path_type=Path), help="A copy of the source's text.")
def validate(files: tuple[Path, ...], text: Path | None) -> None:
    """Check files of facts, together with the facts there are, before they are added."""
    read = [building.read_file(path) for path in files]
    graphs = {one.graph for one in read}
    known = [one for one in building.read() if one.graph not in graphs] + read
    building.compose(known, removals=read_removals(building.FACTS))
    if text:
        words = read_text(text)
        faults = [f for one in read for f in passages.faults(words, passages.stated(one.quads), one.lines)]
        if faults:
            raise BadInput.of(faults)
        for one in read:
            _print_warnings(words, one, known)
    out.print(f"{', '.join(path.name for path in files)}: in order.")


@click.command()
@click.argument("source")
@click.argument("textfile", type=click.Path(dir_okay=False, path_type=Path))
def verify(source: str, textfile: Path) -> None:
    """Prove each passage of SOURCE (a slug, or a YAML file) against a copy of its text."""
    path = (
        Path(source) if source.endswith(".yaml") else building.FACTS / "sources" / f"{Path(source).name}.yaml"
    )
    facts = building.read_file(path)
    text = read_text(textfile)
    stated = passages.stated(facts.quads)
    if not stated:
        raise BadInput(
            "the source has no passages: nobody has read its text for them",
            where=str(path),
            rule="passages",
            remedy="write passages from the text, and take reportedIn out if the source has it",
        )
    faults = passages.faults(text, stated, facts.lines)
    out.print(f"{len(stated) - len(faults)} of {len(stated)} passages proven in {textfile.name}.")
    if not passages.same_text(text, facts.quads):
        out.print("The text as a whole is not the one that was read: its digest differs.")
    if faults:
        raise BadInput.of(faults)
    _print_warnings(text, facts, building.read())


def _print_warnings(text: str, source: Facts, known: list[Facts]) -> None:
    for warning in speakers.warnings(text, source, known):
        err.print(f"warning: {warning}", markup=False, soft_wrap=True)


@click.group(invoke_without_command=True)
@click.pass_context
def releases(ctx: click.Context) -> None:
    """List the releases, look at one, change which is live, delete old ones, or compare two."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_releases)


releases.add_command(pull)


@releases.command("list")
@click.pass_obj
def list_releases(releases: Releases) -> None:
    """List the releases, oldest first; ● is live."""
    live = None
    with suppress(Unavailable):  # its manifest is damaged
        live = releases.current()
    table = Table("", "release", "built", "triples", box=None)
    for release in releases.all():
        mark = "●" if live and live.manifest.id == release.manifest.id else ""
        table.add_row(mark, release.manifest.id, release.manifest.created, str(release.manifest.triples))
    out.print(table)
    for path in unreadable(releases):
        err.print(f"{path.name} is damaged: see utsaga releases verify", markup=False, soft_wrap=True)


@releases.command()
@click.argument("name", required=False)
@click.pass_obj
def show(releases: Releases, name: str | None) -> None:
    """Show what a release (the live one if none is named) holds."""
    out.print(_summary(releases.get(name).manifest if name else releases.live().manifest))


@releases.command()
@click.argument("name")
@click.pass_obj
def activate(releases: Releases, name: str) -> None:
    """Make a release the live one, a newer or an older, unless it is damaged."""
    release = releases.get(name)
    require_whole(release)
    releases.activate(release)
    out.print(f"{release.manifest.id} is live.")


@releases.command()
@click.option("--keep", default=3, show_default=True, help="How many of the newest to keep.")
@click.pass_obj
def prune(releases: Releases, keep: int) -> None:
    """Delete all releases but the newest and the live one."""
    gone = releases.prune(keep)
    out.print(f"{len(gone)} deleted, {len(releases.all())} kept.")


@releases.command()
@click.argument("old")
@click.argument("new")
@click.option("--format", "form", default="text", show_default=True, help="text, ttl, nt, rdf, jsonld …")
@click.pass_obj
def diff(releases: Releases, old: str, new: str, form: str) -> None:
    """Print the statements that NEW has and OLD has not (+), and the other way round (-), or both as RDF."""
    if form != "text":
        sys.stdout.buffer.write(change_sets.write(releases.get(old), releases.get(new), form))
        return
    for line in difference(releases.get(old), releases.get(new)):
        click.echo(line)


releases.add_command(verify_releases)


def _summary(manifest: Manifest) -> Table:
    table = Table(title=f"Release {manifest.id}: {manifest.triples} triples", title_justify="left", box=None)
    table.add_column("what")
    table.add_column("which")
    table.add_column("how many", justify="right")
    for what, counts in (
        ("triples in graph", manifest.graphs),
        ("entities of class", manifest.classes),
        ("statements of kind", manifest.statement_kinds),
    ):
        for which, count in islice(counts.items(), _MAX_LISTED):
            table.add_row(what, which.removeprefix(BASE), str(count))
        if len(counts) > _MAX_LISTED:
            rest = sum(islice(counts.values(), _MAX_LISTED, None))
            table.add_row(what, f"… and {len(counts) - _MAX_LISTED:,} more", str(rest))
    return table
