"""Writes the generated parts of the documents in docs/: commands, addresses, stored questions, metrics.

python -m bench.reference --write
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import click

from graph.query.stored import load_queries
from web.cli import main as utsaga
from web.documentation.blocks import fill, names
from web.documentation.stored_queries import cell, query_table
from web.http.metric_table import METRICS, PROCESS_METRICS, Metric
from web.monitoring.alert_rules import ALERTS
from web.publish.openapi import read_description

DOCS: Final = Path(__file__).parents[1] / "docs"
_FEW: Final = 20  # values of a label that are listed
_METHODS: Final = ("get", "post", "delete", "put")


@click.command()
@click.option("--write", is_flag=True, help="Write the generated parts into the documents.")
def main(write: bool) -> None:
    """List the documents that are not as they would be generated, or write them."""
    for path in stale():
        click.echo(path.name)
        if write:
            path.write_text(generated(path), encoding="utf-8")


def stale() -> Iterator[Path]:
    """Yield the documents whose generated parts are not what they would be now."""
    for path in sorted(DOCS.glob("*.md")):
        if generated(path) != path.read_text(encoding="utf-8"):
            yield path


def generated(path: Path) -> str:
    """Return the document at `path` with its generated parts made anew; raise KeyError for an unknown one."""
    text = path.read_text(encoding="utf-8")
    return fill(text, {name: PARTS[name]() for name in names(text)})


def commands() -> str:
    """Return a section for each command and subcommand: what it does, its arguments and options."""
    with click.Context(utsaga, info_name="utsaga") as context:
        sections = [_options(utsaga, context)]
        for name in utsaga.list_commands(context):
            command = utsaga.get_command(context, name)
            if command:
                sections += _sections(command, click.Context(command, parent=context, info_name=name))
    return "\n".join(sections)


def _sections(command: click.Command, context: click.Context, level: int = 2) -> Iterator[str]:
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    told = " ".join((command.help or "").split("\f")[0].split("\n\n")[0].split())
    parts = (f"{'#' * level} {context.command_path}", told, f"```text\n{usage}\n```")
    yield "\n\n".join((*parts, _options(command, context)))
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below:
                yield from _sections(below, click.Context(below, parent=context, info_name=name), level + 1)


def _options(command: click.Command, context: click.Context) -> str:
    rows = [record for each in command.get_params(context) if (record := each.get_help_record(context))]
    rows = [row for row in rows if "--help" not in row[0]]
    if not rows:
        return ""
    lines = [f"| `{cell(names)}` | {cell(_escaped(told))} |" for names, told in rows]
    return "\n".join(["| option | is |", "| --- | --- |", *lines, ""])


def _escaped(text: str) -> str:
    return text.replace("<", "\\<").replace("*", "\\*").replace("[", "\\[")


def addresses() -> str:
    """Return a table of the addresses for programs under each tag of the OpenAPI description."""
    description = read_description()
    sections = []
    for tag in description["tags"]:
        rows = [row for path, item in description["paths"].items() for row in _rows(path, item, tag["name"])]
        head = f"## {tag['name'].capitalize()}\n\n{tag['description']}.\n"
        sections.append("\n".join([head, "| method | address | answers |", "| --- | --- | --- |", *rows, ""]))
    return "\n".join(sections)


def _rows(path: str, item: dict[str, Any], tag: str) -> Iterator[str]:
    for method in _METHODS:
        operation = item.get(method)
        if operation and operation["tags"][0] == tag:
            yield f"| {method.upper()} | `{path}` | {cell(_escaped(operation['summary']))} |"


def metrics() -> str:
    """Return a table of the metrics of a server."""
    head = "| metric | type | labels | means |\n| --- | --- | --- | --- |\n"
    return head + "".join(_metric_row(each) for each in (*METRICS, *PROCESS_METRICS))


def _metric_row(metric: Metric) -> str:
    labels = "; ".join(
        f"`{name}`: {', '.join(values)}" if 0 < len(values) <= _FEW else f"`{name}`"
        for name, values in metric.labels.items()
    )
    return f"| `{metric.name}` | {metric.type} | {labels} | {metric.meaning} |\n"


def alerts() -> str:
    """Return a table of the alert rules."""
    rows = (f"| `{each.name}` | {each.severity} | {each.holds} | {each.remedy} |\n" for each in ALERTS)
    return "| alert | severity | after | then |\n| --- | --- | --- | --- |\n" + "".join(rows)


PARTS: Final[dict[str, Callable[[], str]]] = {
    "commands": commands,
    "addresses": addresses,
    "questions": lambda: query_table(load_queries().values()),
    "metrics": metrics,
    "alerts": alerts,
}
"""The generated parts, by the name in the comments around them."""


if __name__ == "__main__":
    main()
