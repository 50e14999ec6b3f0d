"""Draws the packages and their imports as the Mermaid diagram of docs/architecture.md.

python -m bench.rooms --write

https://mermaid.js.org/syntax/flowchart.html. An arrow that follows from others is left out.
"""

import re
from collections import defaultdict
from pathlib import Path
from typing import Final

import click
import grimp

PAGE: Final = Path(__file__).parents[1] / "docs/architecture.md"
_ROOTS: Final = ("graph", "web")
_BLOCK: Final = re.compile(r"```mermaid\n.*?```\n", re.DOTALL)


@click.command()
@click.option("--write", is_flag=True, help="Write the diagram into docs/architecture.md.")
def main(write: bool) -> None:
    """Print the diagram, or write it into docs/architecture.md."""
    if write:
        PAGE.write_text(_BLOCK.sub(lambda _: diagram(), PAGE.read_text(), count=1))
    else:
        click.echo(diagram(), nl=False)


def diagram() -> str:
    """Return the diagram as a fenced block of Markdown."""
    arrows = reduced(package_imports())
    lines = ["```mermaid", "flowchart TB"]
    for root in _ROOTS[::-1]:
        lines.append(f'  subgraph {root}_packages["{root}"]')
        lines += [f'    {_node(name)}["{name}"]' for name in sorted(arrows) if name.startswith(f"{root}.")]
        lines.append("  end")
    lines += [
        f"  {_node(above)} --> {_node(below)}" for above in sorted(arrows) for below in sorted(arrows[above])
    ]
    return "\n".join([*lines, "```", ""])


def package_imports() -> dict[str, set[str]]:
    """Return the packages that each package of graph and web imports directly, by name."""
    modules = grimp.build_graph(*_ROOTS, exclude_type_checking_imports=True, cache_dir=None)
    imports: dict[str, set[str]] = defaultdict(set)
    for module in modules.modules - {*_ROOTS}:
        package = _package(module)
        imported = {_package(each) for each in modules.find_modules_directly_imported_by(module)}
        imports[package] |= imported - {package, *_ROOTS}
    return dict(imports)


def reduced(imports: dict[str, set[str]]) -> dict[str, set[str]]:
    """Return `imports`, which have no cycle, without those that follow from the others."""

    def below(name: str) -> set[str]:
        return imports[name].union(*(below(each) for each in imports[name]))

    return {
        name: direct - set[str]().union(*(below(each) for each in direct)) for name, direct in imports.items()
    }


def _node(package: str) -> str:
    return package.replace(".", "_")


def _package(module: str) -> str:
    return ".".join(module.split(".")[:2])


if __name__ == "__main__":
    main()
