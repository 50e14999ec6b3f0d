"""The request to reconcile one entity, as parsed from the Reconciliation Service API."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from graph.core.namespaces import NAMESPACE, expand_curie
from graph.matching.reconciliation_table import ReconciliationProperty

Quantifier = Literal["any", "all", "none"]
TypeMode = Literal["any", "all", "should"]


@dataclass(frozen=True)
class ConditionValue:
    """A value to compare with: its text, and the identifier of an entity or ""."""

    text: str
    id: str = ""


@dataclass(frozen=True)
class PropertyCondition:
    """The wanted values of a property; if `required`, an entity without them is no candidate."""

    property: ReconciliationProperty
    values: tuple[ConditionValue, ...]
    required: bool = False
    quantifier: Quantifier = "any"


@dataclass(frozen=True)
class ReconciliationRequest:
    """A description of one entity by names, identifiers, types and properties.

    `language` is the tag of the language that the names of candidates are wanted in, or "".
    """

    names: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    type_mode: TypeMode = "any"
    conditions: tuple[PropertyCondition, ...] = ()
    limit: int = 10
    language: str = ""


def expand_iri(name: str, kinds: Collection[str] = ()) -> str:
    """Return the IRI of `name`: an IRI, a CURIE with a known prefix, or a term of the vocabulary.

    The name of one of `kinds` stays as it is.
    """
    if ":" in name:
        return expand_curie(name)
    return name if name in kinds or not name else NAMESPACE + name
