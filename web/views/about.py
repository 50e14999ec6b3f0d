"""The page about the site: what it is, its method, its limits, personal data, and how to get in touch."""

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from graph.core.settings import Settings
from graph.core.site import SITE
from graph.statistics.source_counts import SourceCounts, count_sources
from web.html.app_state import app_state
from web.html.page_models import Page

blueprint = Blueprint("about", __name__)

COUNTED: Final = ("statement", "person", "observation", "passage")
_MEANINGS: Final = ("statement", "derived", "reading", "observation")


@dataclass(frozen=True)
class AboutPage(Page):
    """The page about the site, with numbers from the data that are served."""

    template = "views/about.html" if SITE.offers("pages", "statement") else "views/about_site.html"
    sources: SourceCounts
    counts: dict[str, int]  # entities by kind
    operator: str  # who runs the site, or nothing if that is not set
    meanings: tuple[str, ...]  # what is explained of what the data prove
    has_passages: bool  # whether passages prove what is said
    legal_basis: str  # one of the settings' LEGAL_BASES, or nothing


@blueprint.get("/about")
def page() -> str:
    """Return the page."""
    state = app_state()
    settings: Settings = state.settings
    counts = {kind: len(state.entities.index.of_kind(kind)) for kind in COUNTED}
    return AboutPage(
        count_sources(state.entities),
        counts,
        settings.operator,
        tuple(each for each in _MEANINGS if SITE.offers("meanings", each) and counts.get(each) != 0),
        SITE.offers("kinds", "passage"),
        settings.legal_basis,
    ).render()


@blueprint.get("/om")
def swedish_address() -> Response:
    """Redirect from the Swedish address of the page."""
    return redirect(url_for(".page"), 308)
