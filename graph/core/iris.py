"""The IRIs of entities: kinds, slugs, building and parsing."""

import re
import unicodedata
from typing import Final
from urllib.parse import unquote

from graph.core.errors import BadInput
from graph.core.namespaces import ID
from graph.core.site_kinds import SITE_KINDS

KIND_NAMES: Final = tuple(SITE_KINDS)
"""The kinds of the site's table; none if the kinds are derived from its ontology, so that any may be."""
MAX_IRI_LENGTH: Final = 2_000  # characters; no IRI in use is longer
_MAX_QUOTED: Final = 80  # characters of a name in a message
SLUG: Final = "[a-z0-9]+(?:-[a-z0-9]+)*"
_NOT_WORD: Final = re.compile(r"[-_.]+")
_BETWEEN_WORDS: Final = re.compile(r"(?<=[a-zß-öø-ÿа-яё])(?=[A-ZÀ-ÖØ-ÞА-ЯЁ])|(?<=[A-Z])(?=[A-Z][a-z])")
_SHORTEST_NAME: Final = 2
_SLUG: Final = re.compile(SLUG)


def slugify(name: str) -> str:
    """Return the slug of `name`: lower case, å ä → a, ö → o, hyphens between runs of letters and digits."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))


def term_words(value: str) -> str:
    """Return the words that the local name of a term is made of, “in scheme” of …#inScheme, or "" if of none.

    A name with digits, such as P31, is a number and no words.
    """
    local = unicodedata.normalize("NFC", unquote(last_segment(value)))
    words = [word for each in _NOT_WORD.split(local) for word in _BETWEEN_WORDS.split(each) if word]
    if not words or len(local) < _SHORTEST_NAME or not all(map(str.isalpha, words)):
        return ""
    return " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in words)


def check_iri_length(value: str, where: str) -> str:
    """Return the IRI `value`; raise BadInput, naming the parameter `where`, if it is over `LONGEST`."""
    if len(value) > MAX_IRI_LENGTH:
        raise BadInput(
            f"An IRI of {len(value):,} characters is too long",
            where=where,
            rule=f"at most {MAX_IRI_LENGTH:,} characters",
            remedy="check the IRI",
        )
    return value


def entity_iri(kind: str, name: str) -> str:
    """Return the IRI of the entity of `kind` with the slug `name`; raise BadInput if either is invalid."""
    if not _is_kind(kind):
        raise BadInput(
            f"“{kind[:_MAX_QUOTED]}” is not a kind of entity",
            rule="kind",
            remedy=f"use one of {', '.join(KIND_NAMES)}" if KIND_NAMES else "use a–z, 0–9 and single hyphens",
        )
    if not _SLUG.fullmatch(name):
        raise BadInput(
            f"“{name[:_MAX_QUOTED]}” is not a slug", rule="slug", remedy="use a–z, 0–9 and single hyphens"
        )
    return check_iri_length(f"{ID}{kind}/{name}", kind)


def parse_entity_iri(value: str) -> tuple[str, str] | None:
    """Return the kind and slug of an entity's IRI, or None for any other IRI."""
    kind, _, name = value.removeprefix(ID).partition("/")
    valid = value.startswith(ID) and _is_kind(kind) and _SLUG.fullmatch(name)
    return (kind, name) if valid else None


def may_be_linked(value: str) -> bool:
    """Return whether links may say what the IRI `value` is elsewhere.

    That is an entity's IRI, or where the site has no table of kinds, any web address that others minted.
    """
    if value.startswith(ID) or KIND_NAMES:
        return parse_entity_iri(value) is not None
    return value.startswith(("http://", "https://"))


def _is_kind(name: str) -> bool:
    """Return whether `name` may be that of a kind: one of the site's table, or any if it has none."""
    return name in KIND_NAMES if KIND_NAMES else bool(_SLUG.fullmatch(name))


def last_segment(value: str) -> str:
    """Return the part of an IRI after its last slash or hash, which identifies it in a list's URL."""
    return re.split(r"[/#]", value.rstrip("/#"))[-1]
