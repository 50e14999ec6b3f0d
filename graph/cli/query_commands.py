"""The commands that query a release: query, queries and show."""

import sys
from pathlib import Path

import click
from rich.table import Table

from graph.claims.statements import Statement, statements_of
from graph.cli.group import out
from graph.cli.query_check import check_engine, check_queries
from graph.core.collation import MAIN_LANGUAGE
from graph.core.errors import BadInput, NotAcceptable, NotFound
from graph.core.files import read_text
from graph.core.iris import KIND_NAMES, entity_iri
from graph.core.namespaces import BASE, ID, UTS
from graph.core.settings import Settings
from graph.core.terms import Term, iri
from graph.core.translations import choose
from graph.query import guard
from graph.query import stored as catalogue
from graph.query.evaluate import evaluate
from graph.query.store import ReleaseStore
from graph.rdf import formats, results
from graph.rdf.formats import Form
from graph.rdf.query_types import QueryRequest
from graph.read.entities import Entities, Ref
from graph.release.releases import Releases

_TABLE = "table"
_SAID_OF = tuple(UTS + name for name in ("speaker", "onBehalfOf", "about", "cites", "saidIn"))


@click.command()
@click.argument("name")
@click.option(
    "--format", "form", default=_TABLE, show_default=True, help="table, csv, tsv, json, xml, ttl, nt …"
)
@click.option("-p", "parameters", multiple=True, metavar="NAME=VALUE", help="A parameter of a stored query.")
@click.pass_obj
def query(releases: Releases, name: str, form: str, parameters: tuple[str, ...]) -> None:
    """Run a stored query by NAME, a file that holds a query, or standard input (-)."""
    store, text = _open(releases), _text(name, parameters)
    settings = Settings.from_environment()
    shape = guard.check_query(text, base_iri=BASE, allowed_services=frozenset(settings.services)).form
    result = evaluate(store, QueryRequest(text, {shape: _media_type(form, shape)}), settings)
    if form == _TABLE and result.media_type.startswith("application/sparql-results+json"):
        _print_table(result.read())
    else:
        sys.stdout.buffer.write(result.read())


@click.command()
@click.option("--check", is_flag=True, help="Run them on the live release; record and print the results.")
@click.option("--services", is_flag=True, help="With --check: those too that ask other endpoints.")
@click.option(
    "--endpoint",
    metavar="URL",
    help="With --check: run them on this endpoint, which holds the data of the live release.",
)
@click.pass_obj
def queries(releases: Releases, check: bool, services: bool, endpoint: str | None) -> None:
    """List the stored queries and their parameters, or check that they are answered as expected."""
    if (services or endpoint) and not check:
        raise click.UsageError("--services and --endpoint go with --check")
    if check and endpoint:
        check_engine(releases.live(), endpoint, Settings.from_environment(), services=services)
        return
    if check:
        check_queries(releases.live(), Settings.from_environment(), services=services)
        return
    table = Table("name", "answers", "parameters", box=None)
    for stored in catalogue.load_queries().values():
        others = "".join(f" (asks {service} too)" for service in stored.services)
        title = choose(stored.title, "en")[1]
        table.add_row(stored.name, title + others, ", ".join(p.name for p in stored.parameters))
    out.print(table)


@click.command()
@click.argument("name")
@click.pass_obj
def show(releases: Releases, name: str) -> None:
    """Print one entity, by IRI or slug, with the statements that concern it and their evidence."""
    entities = Entities(_open(releases))
    found = _find(entities, name)
    node = entities.node(iri(found))
    out.print(f"[bold]{_name(entities.ref(found))}[/]  {found}", highlight=False)
    table = Table(show_header=False, box=None)
    for property_, values in node.values.items():
        for value in values:
            shown = _name(entities.ref(value.value)) if value.kind == "iri" else _literal(value)
            table.add_row(_name(entities.ref(property_)), shown)
    out.print(table)
    for statement in statements_of(entities, found, *_SAID_OF):
        _print_statement(statement)


def _open(releases: Releases) -> ReleaseStore:
    return ReleaseStore.open(releases.live().store)


def _text(name: str, parameters: tuple[str, ...]) -> str:
    """Return the query's text: a stored one's with its parameters, a file's, or standard input's."""
    values = dict(_pair(parameter) for parameter in parameters)
    stored = catalogue.load_queries().get(name)
    if stored:
        return catalogue.bind_parameters(stored, values)
    if values:
        raise BadInput(
            f"“{name}” is no stored query, so it has no parameters",
            where="-p",
            rule="stored query",
            remedy="choose one from utsaga queries, or write the values into the query",
        )
    if name == "-":
        return sys.stdin.read()
    if not Path(name).exists():
        raise NotFound(
            f"“{name}” is neither a stored query nor a file",
            where="NAME",
            rule="stored query",
            remedy="choose one from utsaga queries",
        )
    return read_text(Path(name))


def _pair(parameter: str) -> tuple[str, str]:
    name, equals, value = parameter.partition("=")
    if not equals:
        raise BadInput(f"“{parameter}” has no =", where="-p", rule="parameter", remedy="write -p name=value")
    return name, value


def _media_type(form: str, shape: Form) -> str:
    if form == _TABLE:
        return "text/turtle" if shape == "graph" else "application/sparql-results+json"
    chosen = formats.find_format(form, shape)
    if chosen is None:
        offered = ", ".join(each.name for each in formats.formats_for(shape))
        raise NotAcceptable(
            f"a {shape} answer cannot be written as {form}",
            where="--format",
            rule="format",
            remedy=f"use {offered}",
        )
    return chosen.media_type


def _print_table(body: bytes) -> None:
    found = results.parse_results(body)
    if found.boolean is not None:
        out.print("true" if found.boolean else "false")
        return
    table = Table(box=None)
    for column in found.columns:
        table.add_column(column, overflow="fold")
    for row in found.rows:
        table.add_row(*("" if value is None else _short(value) for value in row))
    out.print(table, markup=False)


def _short(value: Term) -> str:
    """Return a value as a table shows it: our own IRIs without their base, a literal without its type."""
    return value.value.removeprefix(ID).removeprefix(BASE) if value.kind == "iri" else value.value


def _find(entities: Entities, name: str) -> str:
    """Return the IRI of the one entity that `name` names; raise NotFound unless there is just one."""
    if "/" in name:
        candidates = [name if ":" in name else ID + name]
    else:
        candidates = [entity_iri(kind, name) for kind in KIND_NAMES]
    found = [each for each in candidates if entities.exists(each)]
    if len(found) != 1:
        raise NotFound(
            f"{len(found) or 'no'} entities are called “{name}”",
            where="NAME",
            rule="IRI or slug",
            remedy=f"choose among {', '.join(each.removeprefix(ID) for each in found)}"
            if found
            else "try kind/slug, such as organisation/name",
        )
    return entities.successor(found[0]) or found[0]


def _name(ref: Ref) -> str:
    """Return the name of an entity in the first language of the site, else any it has, else its IRI."""
    names = sorted(ref.labels, key=lambda label: label.language != MAIN_LANGUAGE)
    return names[0].value if names else ref.iri.removeprefix(ID)


def _literal(value: Term) -> str:
    return f"{value.value} @{value.language}" if value.language else value.value


def _print_statement(statement: Statement) -> None:
    by = statement.speaker or statement.unit
    speaker = _name(by) if by else ""
    spoken = ("", MAIN_LANGUAGE)
    titles = [
        title.value for office in statement.offices for title in office.titles if title.language in spoken
    ]
    out.print()
    for text in statement.texts:
        out.print(f"  {text.value}", markup=False, highlight=False)
    who, itself = ", ".join(part for part in (speaker, *titles) if part), "the source itself"
    source = statement.source.iri.removeprefix(ID) if statement.source else ""
    places = "; ".join(f"characters {p.start}–{p.end}, SHA-256 {p.digest[:12]}…" for p in statement.passages)
    if statement.reported_in:
        itself = "the source at second hand"
        places = f"text not read as a whole, reported in {statement.reported_in.iri.removeprefix(ID)}"
    out.print(f"  — {who or itself} · {source} · {places}", style="dim", markup=False, highlight=False)
