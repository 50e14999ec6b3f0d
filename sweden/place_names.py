"""What people call Swedish municipalities, regions and counties in questions."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from graph.core.namespaces import UTS
from graph.questions.place_names import PlaceNames

_FORMS: Final = {
    "municipality": (
        "{}", "{} kommun", "{} stad", "kommunen {}", "staden {}",
        "{} municipality", "{} city", "municipality of {}", "city of {}",
    ),
    "region": ("{}", "region {}", "{} region", "landstinget {}", "landstinget i {}"),
    "county": ("{}", "{} län", "{} county", "county of {}"),
}  # fmt: skip
"""What people make of a place's own name, by the type of place."""


def forms(place: str, names: Sequence[str]) -> Iterator[str]:
    """Yield what people make of the own name of a `place` with these `names`, in lower case."""
    for own in _own_names(place, names):
        yield from (form.format(own) for form in _FORMS[place])


def _own_names(place: str, names: Sequence[str]) -> set[str]:
    """Return the own names of a place: of “Göteborgs kommun” göteborgs and göteborg.

    The s of “Borås kommun” is no genitive, since the name in English has it too.
    """
    match place:
        case "municipality":
            parts = (name.rpartition(" ") for name in names)
            own = {before for before, _, last in parts if before and last in ("kommun", "municipality")}
            return own | {name[:-1] for name in own if name.endswith("s") and len(own) > 1}
        case "region":
            own = {name.removeprefix("region ") for name in names if name.startswith("region ")}
            return own | _without_ending(names, "regionen")
        case "county":
            return _without_ending(names, " län")
    return set()


def _without_ending(names: Iterable[str], ending: str) -> set[str]:
    """Return those of `names` that have `ending` without it, and without the genitive's s before it."""
    found = (name.removesuffix(ending).removesuffix("s") for name in names if name.endswith(ending))
    return set(filter(None, found))


PLACES: Final = PlaceNames(
    {UTS + "Municipality": "municipality", UTS + "Region": "region", UTS + "County": "county"},
    frozenset(("county",)),
    forms,
)
