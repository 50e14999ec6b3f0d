"""Paths of properties as tables of a site write them: `^uts:adopter/uts:status | <https://example.org/p>`.

Steps are separated by “/”, alternatives by “|”, and “^” goes from object to subject, as in
https://www.w3.org/TR/sparql11-query/#propertypaths.
"""

import re
from typing import Final

from graph.core.namespaces import PREFIXES, TYPE, compact_iri, expand_curie

INVERSE: Final = "^"  # prefix of a step from object to subject
PropertyPath = tuple[str, ...]
"""The IRIs of the properties to follow, one after the other, from an entity."""
_STEP: Final = re.compile(r"\^?(?:<[^<>\s]+>|[^\s/|^<>]+)")
_IRI: Final = re.compile(r"[a-z][a-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*", re.ASCII | re.IGNORECASE)
_NAME: Final = re.compile(r"[^\x00-\x20<>\"{}|\\^`]*")
_SHORT: Final = re.compile(r"[\w-]+:[\w.-]+", re.ASCII)


def parse_paths(written: str) -> tuple[PropertyPath, ...]:
    """Return the alternatives of a path; raise ValueError for what is no path or has an unknown prefix."""
    return tuple(_parse_path(each.strip()) for each in _split(written, "|"))


def parse_term(written: str) -> str:
    """Return the IRI of “a”, of a CURIE with a known prefix, or of an IRI in angle brackets.

    Raise ValueError for anything else.
    """
    if written == "a":
        return TYPE
    if written.startswith("<") and written.endswith(">"):
        if not _IRI.fullmatch(written[1:-1]):
            raise ValueError(f"“{written}” is no IRI")
        return written[1:-1]
    prefix, colon, name = written.partition(":")
    if not colon or prefix not in PREFIXES:
        raise ValueError(f"“{written}” has no prefix that is known")
    if not _NAME.fullmatch(name):
        raise ValueError(f"“{written}” is no CURIE")
    return expand_curie(written)


def write_paths(paths: tuple[PropertyPath, ...]) -> str:
    """Return `paths` as `parse_paths` reads them."""
    return " | ".join("/".join(map(_write_step, path)) for path in paths)


def write_term(iri: str) -> str:
    """Return an IRI as `parse_term` reads it: short where that can be read back."""
    short = "a" if iri == TYPE else compact_iri(iri)
    return short if iri == TYPE or _SHORT.fullmatch(short) else f"<{iri}>"


def _write_step(step: str) -> str:
    inverse = INVERSE if step.startswith(INVERSE) else ""
    return inverse + write_term(step.removeprefix(INVERSE))


def _parse_path(written: str) -> PropertyPath:
    return tuple(_parse_step(each.strip()) for each in _split(written, "/"))


def _parse_step(written: str) -> str:
    if not _STEP.fullmatch(written):
        raise ValueError(f"“{written}” is no step of a path")
    inverse = INVERSE if written.startswith(INVERSE) else ""
    return inverse + parse_term(written.removeprefix(INVERSE))


def _split(written: str, separator: str) -> list[str]:
    """Return the parts of `written` around a separator that is in no IRI."""
    found, is_iri = [""], False
    for letter in written:
        is_iri = letter == "<" or (is_iri and letter != ">")
        if letter == separator and not is_iri:
            found.append("")
        else:
            found[-1] += letter
    return found
