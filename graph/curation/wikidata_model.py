"""Which identifiers and classes of a site's entities Wikidata has too."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from graph.core.extensions import extension


@dataclass(frozen=True)
class WikidataModel:
    """What is compared: `codes` are local names of our properties by the IRI of Wikidata's, with `titles`.

    `classes` are Wikidata's classes by ours.
    """

    codes: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    classes: Mapping[str, str] = field(default_factory=dict)


@cache
def wikidata_model() -> WikidataModel:
    """Return the model of the site."""
    return extension("wikidata", WikidataModel())
