"""Measures how the code is laid out: lines and modules of each folder, and how the modules import each other.

An import inside a function counts, one for type checkers alone does not.
"""

import subprocess
import sys
from collections import defaultdict
from functools import cache
from itertools import chain
from pathlib import Path
from statistics import median_low
from typing import Final

import click
import grimp

PRODUCT: Final = ("graph", "web")
POOL: Final = ("graph.pool.", "graph.workers.")  # modules, or packages with what is in them
_LARGE: Final = 300  # lines


@click.command()
@click.option("--product", type=click.Path(path_type=Path), default=Path(), help="Another repository.")
def main(product: Path) -> None:
    """Print the size of each folder, the longest chain of imports, and how many load the worker pool."""
    for room in (*PRODUCT, "tests"):
        _folders(product, room)
    sys.path.insert(0, str(product.resolve()))
    graph = grimp.build_graph(*PRODUCT, exclude_type_checking_imports=True, cache_dir=None)
    longest = longest_chain(graph)
    click.echo(f"\nLongest chain of imports, {len(longest)} modules (one import cycle counts as one):")
    click.echo(" → ".join(longest))
    pool = {name for name in graph.modules if f"{name}.".startswith(POOL)}
    loaders = pool.union(*(graph.find_downstream_modules(name) for name in pool))
    click.echo(f"\n{len(loaders)} of {len(graph.modules)} modules are the worker pool or load it.")


def _folders(product: Path, room: str) -> None:
    """Print a table of the folders of `room` that hold modules, and their sum."""
    command = ["git", "-C", str(product), "ls-files", "-z", f"{room}/*.py"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 (our own)
    folders: dict[str, list[int]] = defaultdict(list)
    for name in filter(None, listed.split("\0")):
        lines = len((product / name).read_text().splitlines())
        folders[str(Path(name).parent)].append(lines)
    click.echo(f"\n| {room} | modules | lines | median | longest | over {_LARGE} |")
    click.echo("| --- | ---: | ---: | ---: | ---: | ---: |")
    for folder, sizes in (*sorted(folders.items()), ("all", [*chain.from_iterable(folders.values())])):
        large = sum(size > _LARGE for size in sizes)
        click.echo(
            f"| {folder} | {len(sizes)} | {sum(sizes)} | {median_low(sizes)} | {max(sizes)} | {large} |"
        )


def longest_chain(graph: grimp.ImportGraph) -> list[str]:
    """Return the longest path of imports, in which each cycle is one step, named by its first module."""
    cycle = {
        name: min({name} | graph.find_upstream_modules(name) & graph.find_downstream_modules(name))
        for name in graph.modules
    }
    imports: dict[str, set[str]] = defaultdict(set)
    for name in graph.modules:
        imports[cycle[name]] |= {cycle[each] for each in graph.find_modules_directly_imported_by(name)}

    @cache
    def below(name: str) -> list[str]:
        chains = [below(each) for each in sorted(imports[name] - {name})]
        return [name, *max(chains, key=len, default=[])]

    return max((below(name) for name in sorted(set(cycle.values()))), key=len)


if __name__ == "__main__":
    main()
