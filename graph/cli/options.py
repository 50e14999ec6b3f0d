"""Options of the commands that ask services outside: the folder of facts, and the pause between requests."""

from pathlib import Path
from typing import Final

import click

from graph.build import pipeline
from graph.cli.group import err
from graph.curation.retry import RetryPolicy

FACTS: Final = click.option(
    "--facts",
    type=click.Path(file_okay=False, path_type=Path),
    default=pipeline.FACTS,
    help="The folder of facts; the project's own by default.",
)
PAUSE: Final = click.option(
    "--pause", type=click.FloatRange(0), default=1.0, show_default=True, help="Seconds between two requests."
)


def retry_policy(pause: float, attempts: int = RetryPolicy.attempts) -> RetryPolicy:
    """Return the policy to ask a service `pause` seconds apart, and to print each longer wait."""
    return RetryPolicy(interval=pause, attempts=attempts, report=print_wait)


def print_wait(message: str) -> None:
    """Print on standard error that a request waits."""
    err.print(message, style="dim", markup=False, highlight=False, soft_wrap=True)
