"""The pages of counties and of observations of mail."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from graph.claims.claims import Observation, read_observation
from graph.core.namespaces import SOSA, UTS
from graph.core.organisations import organisation_model
from graph.read.entities import Entities
from web.entities.entity_page import build_page
from web.html.page_models import EntityPage

MAX_ORGANISATIONS: Final = 500  # of a place, in its tally


@dataclass(frozen=True)
class ObservationPage(EntityPage):
    """An observation and the strength of its evidence."""

    template = "entities/observation.html"
    observation: Observation


@dataclass(frozen=True)
class PlacePage(EntityPage):
    """A place: its organisations, and how many of them have statements, a status or an observation."""

    template = "entities/place.html"
    group_facet: str  # of the list of organisations, for those in the place
    organisations: int
    tally: tuple[tuple[str, int], ...]  # by the key of a message


def place_page(entities: Entities, kind: str, name: str) -> PlacePage:
    """Return the page of the place with the IRI `name`."""
    index = entities.index
    model = organisation_model()
    here = index.linking_to(name, model.group, kind="organisation")
    names = here.page(0, MAX_ORGANISATIONS)
    tally = tuple(
        (key, sum(bool(index.linking_to(each, property_, kind=of)) for each in names))
        for key, property_, of in (
            ("place.with_statements", UTS + "onBehalfOf", "statement"),
            ("place.with_status", UTS + "adopter", "adoption"),
            ("place.with_mail", SOSA + "hasFeatureOfInterest", "observation"),
        )
    )
    return build_page(
        entities,
        PlacePage,
        kind,
        name,
        set(),
        group_facet=model.group_facet,
        organisations=len(here),
        tally=tally,
    )


def observation_page(entities: Entities, kind: str, name: str) -> ObservationPage:
    """Return the page of the observation with the IRI `name`."""
    shown = {SOSA + "hasFeatureOfInterest", UTS + "mailProvider", UTS + "observationEvidence", UTS + "asOf"}
    observation = read_observation(entities, name)
    return build_page(entities, ObservationPage, kind, name, shown, observation=observation)


PAGES: Final[dict[str, Callable[[Entities, str, str], EntityPage]]] = {
    "observation": observation_page,
    "place": place_page,
}
"""By kind of entity: the function that returns the page of an IRI."""
