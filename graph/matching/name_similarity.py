"""The similarity of two names: from 0 for nothing in common to 100 for the same name, with its reasons."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from graph.matching.body_names import BodyType
from graph.matching.name_parser import ParsedName
from graph.search.analysis import fold_accents

SAME_NAME_SCORE: Final = 100.0
_FOLDED_SCORE: Final = 97.0  # the same except for å, ä and ö
_REORDERED_SCORE: Final = 97.0  # the same words in another order
_FOLDED_GENITIVE_SCORE: Final = 90.0  # and except for an s at the end: Torsås is not the genitive of Torsa
_MAX_EDITED_SCORES: Final = (94.0, 91.0)  # with one edit and with two
_EDIT_COST: Final = 60.0  # per edit, divided by the length: one letter in four costs 15
_SLIP_COST: Final = 45.0  # per letter left out, doubled or swapped, which is likelier than a wrong letter
_FIRST_LETTER_COST: Final = 4.0  # the first letter is seldom mistyped
_MISSING_TYPE_PENALTY: Final = 4.0  # for a name without the type of body
_OTHER_TYPE_PENALTY: Final = 30.0  # for a name with another type of body
_PARTIAL_WEIGHT: Final = 0.75  # of the similarity of names that only share words
_MAX_EDITS: Final = 2
_MIN_LENGTH_ONE_EDIT: Final = 4  # letters of names that are compared with one edit; 3 for swapped letters
_MIN_LENGTH_TYPED: Final = 5  # letters of a name that may lack a consonant: Sola is a name, Slna is none
_VOWELS: Final = frozenset("aeiouyåäö")
_MIN_LENGTH_TWO_EDITS: Final = 8
_MIN_LENGTH_CERTAIN: Final = 14  # letters from where on two edits are certain: Helsingfors, Helsingborg
_MAX_UNCERTAIN_SCORE: Final = 84.0


@dataclass(frozen=True)
class NameSimilarity:
    """The similarity of two names, from 0 to 100, and its components."""

    score: float
    edits: float  # edits except for a genitive s, half of one for an accent; -1 for too many
    folded: bool  # the same only without å, ä and ö
    same_body_type: bool  # both have the same type of body, or neither has any
    other_body_type: bool  # the query has a type of body that the candidate does not have
    shared_words: float  # the share of common words, from 0 to 100


def compare_names(
    query: ParsedName, candidate: ParsedName, body_types: frozenset[BodyType], *, kind_is_known: bool = False
) -> NameSimilarity:
    """Return the similarity of `query` and `candidate`, a name of an entity that has the types `body_types`.

    With `kind_is_known`, a name without a type of body costs nothing, since the type is known otherwise.
    """
    if query.body_types:
        same_type = bool(query.body_types & body_types) or (
            not body_types and query.body_types == candidate.body_types
        )
        penalty = 0.0 if same_type else _OTHER_TYPE_PENALTY
    else:
        same_type = not body_types and not candidate.body_types
        penalty = 0.0 if same_type or kind_is_known else _MISSING_TYPE_PENALTY
    edits, folded, spelling = _compare_spelling(query, candidate)
    shared = float(fuzz.token_set_ratio(" ".join(query.words), " ".join(candidate.words)))
    ratio = float(fuzz.ratio(query.folded, candidate.folded))
    score = max(spelling, shared * _PARTIAL_WEIGHT, ratio * _PARTIAL_WEIGHT)
    return NameSimilarity(
        score=max(0.0, round(score - penalty, 1)),
        edits=edits,
        folded=folded,
        same_body_type=same_type,
        other_body_type=bool(query.body_types) and not same_type,
        shared_words=round(shared, 1),
    )


def _compare_spelling(query: ParsedName, candidate: ParsedName) -> tuple[float, bool, float]:
    """Return the number of edits, whether the names differ only by accents, and the score."""
    if not (query.exact and candidate.exact) or _digits(query.folded) != _digits(candidate.folded):
        return -1, False, 0.0
    if _genitive_variants(query.exact) & _genitive_variants(candidate.exact):
        return 0, False, SAME_NAME_SCORE
    if query.folded == candidate.folded:
        return 0, True, _FOLDED_SCORE
    if _genitive_variants(query.folded) & _genitive_variants(candidate.folded):
        return 0, True, _FOLDED_GENITIVE_SCORE
    if len(query.words) > 1 and sorted(query.words) == sorted(candidate.words):
        return 0, False, _REORDERED_SCORE
    variants = [
        _compare_edits(query, one, other)
        for one in _genitive_variants(query.exact)
        for other in _genitive_variants(candidate.exact)
    ]
    edits, score = max(variants, key=lambda each: each[1])
    return edits, False, score


def _compare_edits(query: ParsedName, variant: str, candidate: str) -> tuple[float, float]:
    """Return the number of edits from `variant`, a variant of `query`, to `candidate`, and the score.

    Accents count only if `query` has any: without them, it may have been typed on a keyboard without å, ä, ö.
    """
    typed, expected = fold_accents(variant), fold_accents(candidate)
    edits, length = OSA.distance(typed, expected, score_cutoff=_MAX_EDITS), max(len(typed), len(expected))
    slip = edits == 1 and _is_slip(typed, expected)
    # a swapped acronym without a type of body is another acronym
    swapped = slip and len(typed) == len(expected) and query.body_types
    if edits > 1:
        min_length = _MIN_LENGTH_TWO_EDITS
    else:
        min_length = _MIN_LENGTH_ONE_EDIT - 1 if swapped else _MIN_LENGTH_ONE_EDIT
    if edits > _MAX_EDITS or length < min_length:
        return -1, 0.0
    accents = 0.0 if query.exact.isascii() else (OSA.distance(variant, candidate) - edits) / 2
    cost = _SLIP_COST if slip else _EDIT_COST
    first_letter_cost = _FIRST_LETTER_COST if typed[:1] != expected[:1] else 0.0
    score = SAME_NAME_SCORE - cost * (edits + accents) / length - first_letter_cost
    is_uncertain = edits + accents > 1 and length < _MIN_LENGTH_CERTAIN
    is_uncertain |= len(typed) < _MIN_LENGTH_TYPED and _lacks_consonant(typed, expected)
    max_score = _MAX_UNCERTAIN_SCORE if is_uncertain else _MAX_EDITED_SCORES[max(0, edits - 1)]
    return edits + accents, min(score, max_score)


def _is_slip(typed: str, expected: str) -> bool:
    """Return whether the one letter that differs is left out, doubled or swapped, not another letter."""
    if len(typed) > len(expected):
        return any(
            letter == following and typed[:at] + typed[at + 1 :] == expected
            for at, (letter, following) in enumerate(pairwise(typed))
        )
    return len(typed) < len(expected) or sorted(typed) == sorted(expected)


def _lacks_consonant(typed: str, expected: str) -> bool:
    """Return whether `typed` is `expected` without one letter that is no vowel."""
    return any(
        letter not in _VOWELS and expected[:at] + expected[at + 1 :] == typed
        for at, letter in enumerate(expected)
    )


def _genitive_variants(name: str) -> frozenset[str]:
    """Return `name`, and `name` without the s at its end, which may be a genitive s."""
    return frozenset((name, name[:-1])) if len(name) > 3 and name.endswith("s") else frozenset((name,))


def _digits(name: str) -> str:
    return "".join(filter(str.isdigit, name))
