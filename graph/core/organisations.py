"""What a site's organisations are like: registers that are counted, codes on the map, larger areas."""

from dataclasses import dataclass
from functools import cache

from graph.core.extensions import extension


@dataclass(frozen=True)
class OrganisationModel:
    """IRIs of classes and properties of organisations; all empty on a site that says nothing of them.

    `registers` are the classes whose members are all known, so that those without a status can be counted.
    `codes` are the properties of the codes of areas on the map, `group` leads from an organisation to a
    larger area, and `group_facet` is the facet for that. `keys` come first on the page of an organisation.
    Organisations of the classes `without_adoptions` are not expected to use products.
    """

    registers: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    group: str = ""
    group_facet: str = ""
    keys: tuple[str, ...] = ()
    without_adoptions: frozenset[str] = frozenset()


@cache
def organisation_model() -> OrganisationModel:
    """Return the model of the site."""
    return extension("organisations", OrganisationModel())
