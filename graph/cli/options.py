"""What commands that ask outside services share: where the facts are, and how politely they ask."""

from pathlib import Path
from typing import Final

import click

from graph.build import pipeline
from graph.cli.group import err
from graph.curation.retry import Manners

FACTS: Final = click.option(
    "--facts",
    type=click.Path(file_okay=False, path_type=Path),
    default=pipeline.FACTS,
    help="The folder of facts; the project's own by default.",
)
PAUSE: Final = click.option(
    "--pause", type=click.FloatRange(0), default=1.0, show_default=True, help="Seconds between two requests."
)


def manners(pause: float) -> Manners:
    """Return how a service is asked: `pause` seconds apart, each longer wait told on the terminal."""
    return Manners(interval=pause, tell=_tell)


def _tell(message: str) -> None:
    err.print(message, style="dim", markup=False, highlight=False)
