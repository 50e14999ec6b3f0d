"""Mints and takes apart the IRIs of entities; slugs are made here and nowhere else."""

import re
import unicodedata
from typing import Final

from graph.core.errors import BadInput
from graph.core.namespaces import ID

KIND_NAMES = (
    "organisation",
    "person",
    "product",
    "law",
    "statement",
    "adoption",
    "assessment",
    "observation",
    "source",
    "passage",
    "place",
)
LONGEST: Final = 2_000  # characters of an IRI that is looked up; nothing in use has a longer one
_SHOWN: Final = 80  # characters of a name in a message
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def slugify(name: str) -> str:
    """Return `name` in lower case with å ä → a, ö → o and hyphens for everything but letters and digits."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))


def within_limit(value: str, where: str) -> str:
    """Return the IRI `value`; raise BadInput, naming the parameter `where`, if it is over `LONGEST`."""
    if len(value) > LONGEST:
        raise BadInput(
            f"An IRI of {len(value):,} characters is not looked up",
            where=where,
            rule=f"at most {LONGEST:,} characters",
            remedy="check the IRI",
        )
    return value


def entity_iri(kind: str, name: str) -> str:
    """Return the IRI of the entity of `kind` with the slug `name`; raise BadInput for either that is none."""
    if kind not in KIND_NAMES:
        raise BadInput(
            f"“{kind[:_SHOWN]}” is no kind of entity",
            rule="kind",
            remedy=f"use one of {', '.join(KIND_NAMES)}",
        )
    if not _SLUG.fullmatch(name):
        raise BadInput(f"“{name[:_SHOWN]}” is no slug", rule="slug", remedy="use a–z, 0–9 and single hyphens")
    return within_limit(f"{ID}{kind}/{name}", kind)


def parse_entity_iri(value: str) -> tuple[str, str] | None:
    """Return the kind and slug of an entity's IRI, or None for any other IRI."""
    kind, _, name = value.removeprefix(ID).partition("/")
    known = value.startswith(ID) and kind in KIND_NAMES and _SLUG.fullmatch(name)
    return (kind, name) if known else None


def local_name(value: str) -> str:
    """Return the last part of any IRI: what stands for it in a URL of a list."""
    return re.split(r"[/#]", value.rstrip("/#"))[-1]
