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
_MEANINGS: Final = ("proof_statement", "proof_derived", "passages")


@dataclass(frozen=True)
class AboutPage(Page):
    """The page about the site, with numbers from the data that are served."""

    template = "views/about.html"
    sources: SourceCounts
    counts: dict[str, int]  # entities by kind
    operator: str  # who runs the site, or nothing if that is not set
    meanings: tuple[str, ...]  # the sections on what the parts of the site prove
    legal_basis: str  # one of the settings' LEGAL_BASES, or nothing


@blueprint.get("/about")
def page() -> str:
    """Return the page."""
    state = app_state()
    settings: Settings = state.settings
    counts = {kind: len(state.entities.index.of_kind(kind)) for kind in COUNTED}
    meanings = tuple(each for each in _MEANINGS if SITE.offers("sections", each))
    return AboutPage(
        count_sources(state.entities), counts, settings.operator, meanings, settings.legal_basis
    ).render()


@blueprint.get("/om")
def swedish_address() -> Response:
    """Redirect from the Swedish address of the page."""
    return redirect(url_for(".page"), 308)
