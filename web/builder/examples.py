"""Questions that the query builder can be begun with, by the keys of their titles."""

from typing import Final
from urllib.parse import parse_qsl

from graph.core.extensions import extension
from graph.query_builder.state import Arguments

EXAMPLES: Final = extension("builder_examples", dict[str, str]())


def example_arguments(name: str) -> Arguments:
    """Return the arguments of the address of the example `name`; raise KeyError if there is none."""
    return parse_qsl(EXAMPLES[name])
