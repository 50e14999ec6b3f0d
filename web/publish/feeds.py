"""The page that lists the feeds: of stored queries, and of statements where the site has those."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

from flask import Blueprint

from graph.query.stored import StoredQuery
from graph.read.entities import Ref
from web.html.app_state import app_state
from web.html.page_models import Page
from web.publish.dataset import current_publication
from web.publish.statement_feeds import LINKING_PROPERTIES, MAX_ENTRIES

blueprint = Blueprint("feeds", __name__)

_COUNT: Final = "statements"  # the column of how many there are of an entity


@dataclass(frozen=True)
class FeedsPage(Page):
    """The page that lists the feeds, and how to follow one."""

    template = "publish/feeds.html"
    max_entries: ClassVar[int] = MAX_ENTRIES
    queries: tuple[StoredQuery, ...]  # that can be followed
    examples: tuple[tuple[str, Ref], ...]  # the organisation and the product of most statements, by kind


@blueprint.get("/feeds")
def page() -> str:
    """Return the page about the feeds; raise NotFound if this server has no release."""
    current_publication()
    queries = app_state().stored_queries.values()
    followed = tuple(each for each in queries if not each.services)
    return FeedsPage(followed, tuple(_examples())).render()


def _examples() -> Iterator[tuple[str, Ref]]:
    """Yield by kind the entity of most statements, as far as its list counts them."""
    entities = app_state().entities
    for kind in LINKING_PROPERTIES:
        found = entities.index.kinds.get(kind)
        if found and _COUNT in found.count_columns:
            for name in entities.index.of_kind(kind).page(0, 1, f"-{_COUNT}"):
                yield kind, entities.ref(name)
