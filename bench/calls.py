"""Counts the product's functions that one request passes: a point lookup, and a page, neither made before.

Nothing here depends on which server `utsaga serve` runs: see bench/calls_hook/sitecustomize.py.
"""

import os
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlencode

import click

from bench.client import free_port

ID: Final = "https://w3id.org/utsaga/id"
NAMES: Final = ("goteborgs", "vasteras", "helsingborgs", "eskilstuna", "malmo", "uppsala")
PAGES: Final = tuple(f"/organisation/{name}-kommun" for name in NAMES)
_QUIET: Final = 100  # calls in a second: fewer while a server rests


class Call(NamedTuple):
    """A line of the log; `depth` is the number of the product's functions on the stack of Flask's view."""

    process: str
    when: str
    module: str
    function: str
    depth: str


class Server(NamedTuple):
    """A running server: a connection to it that is kept alive, and the log of its calls."""

    connection: HTTPConnection
    log: Path

    def calls(self, path: str, accept: str) -> list[Call]:
        """Return the calls from sending a request to the end of the reply, without those of query workers."""
        self.wait_until_quiet()
        offset, begin = self.log.stat().st_size, time.monotonic_ns()
        self.connection.request("GET", path, headers={"Accept": accept, "Accept-Language": "sv"})
        with self.connection.getresponse() as response:
            response.read()
        end = time.monotonic_ns()
        if response.status != 200:
            raise click.ClickException(f"{response.status} for {path}")
        found = [call for call in self._since(offset) if begin <= int(call.when) <= end]
        serving = {call.process for call in found if call.module.startswith("web.")}
        return [call for call in found if call.process in serving]

    def wait_until_quiet(self) -> None:
        """Return when the server has prepared itself, and has done what follows its last reply."""
        while True:
            offset = self.log.stat().st_size
            time.sleep(1)
            if len(self._since(offset)) < _QUIET:
                return

    def _since(self, offset: int) -> list[Call]:
        """Return the whole lines of the log after its first `offset` bytes."""
        with self.log.open() as log:
            log.seek(offset)
            fields = [line.removesuffix("\n").split("\t") for line in log if line.endswith("\n")]
        return [Call(*each) for each in fields if len(each) == len(Call._fields)]


@contextmanager
def started(product: Path) -> Iterator[Server]:
    """Run `utsaga serve` on the live release of the repository `product` until the block ends."""
    with tempfile.TemporaryDirectory(prefix="bench-calls-") as place:
        log, port = Path(place) / "calls.log", free_port()
        hook = {"PYTHONPATH": str(Path(__file__).with_name("calls_hook")), "CALLS_LOG": str(log)}
        env = {**os.environ, **hook, "CALLS_PRODUCT": str(product)}
        command = [str(product / ".venv/bin/utsaga"), "serve", "--port", str(port)]
        with (
            (Path(place) / "messages").open("w") as out,
            subprocess.Popen(command, cwd=product, env=env, stdout=out, stderr=out) as process,  # noqa: S603 (our own)
        ):
            try:
                connection = HTTPConnection("127.0.0.1", port, timeout=60)
                while not connection.sock:
                    if process.poll() is not None:
                        raise click.ClickException(Path(out.name).read_text())
                    time.sleep(0.1)
                    with suppress(ConnectionError):
                        connection.connect()
                yield Server(connection, log)
            finally:
                process.terminate()


@click.command()
@click.option("--product", type=click.Path(path_type=Path), default=Path(), help="Another repository.")
@click.option("--modules", is_flag=True, help="List the calls of the last lookup and page by module.")
@click.argument("pages", nargs=-1)
def main(product: Path, modules: bool, pages: tuple[str, ...]) -> None:
    """Count the calls for a lookup and for a page of each entity of PAGES; the first of each is a warm-up."""
    pages = pages or PAGES
    queries = [{"query": f"SELECT ?p ?o {{ <{ID}{page}> ?p ?o }}"} for page in pages]
    with started(product.resolve()) as server:
        found = {
            "lookup": [server.calls(f"/sparql?{urlencode(query)}", "text/csv") for query in queries],
            "page": [server.calls(page, "text/html") for page in pages],
        }
    click.echo("| request | of | calls | functions | modules | functions before the view | on its stack |")
    click.echo("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
    for name, requests in found.items():
        for page, calls in list(zip(pages, requests, strict=True))[1:]:
            click.echo(f"| {name} | {page} | {' | '.join(map(str, _counts(calls)))} |")
    for name, requests in found.items() if modules else ():
        click.echo(f"\n{name}:")
        for module, count in Counter(call.module for call in requests[-1]).most_common():
            click.echo(f"{count:5} {module}")


def _counts(calls: list[Call]) -> Iterator[int | str]:
    """Yield what the columns of the table say about one request."""
    functions = [(call.module, call.function) for call in calls]
    yield from (len(calls), len(set(functions)), len({call.module for call in calls}))
    for number, call in enumerate(calls):
        if call.depth:
            yield from (len(set(functions[:number])), call.depth)
            return
    yield from ("", "")


if __name__ == "__main__":
    main()
