"""How alike two names are, in numbers that say why: from 0 for nothing in common to 100 for the same name."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from graph.matching.name_parser import Form, Name
from graph.search.analysis import fold

SAME: Final = 100.0
_FOLDED: Final = 97.0  # the same but for å, ä and ö
_TURNED: Final = 97.0  # the same words in another order
_FOLDED_GENITIVE: Final = 90.0  # and but for an s at the end: Torsås is not the genitive of Torsa
_MISTYPED: Final = (94.0, 91.0)  # at most, with one slip or two
_PER_EDIT: Final = 60.0  # for each letter that differs, divided by the length: one in four letters costs 15
_PER_SLIP: Final = 45.0  # for one left out, doubled or swapped: likelier by far than any one wrong letter
_FIRST_LETTER: Final = 4.0  # seldom is it the first letter that is mistyped
_UNSAID: Final = 4.0  # the name does not say what kind of body is meant
_OTHER_FORM: Final = 30.0  # it says another kind of body
_PARTLY: Final = 0.75  # of the likeness of names that share words only
_MOST_EDITS: Final = 2
_SHORT, _LONG = 4, 8  # letters from where on one slip, or two, are told from another name; 3 for two swapped
_VERY_LONG: Final = 14  # letters from where on two slips are no doubt: Helsingfors is not Helsingborg
_DOUBTFUL: Final = 84.0  # at most, where there is a doubt


@dataclass(frozen=True)
class Likeness:
    """The likeness of two names, from 0 to 100, and what it is made of."""

    score: float
    edits: float  # letters that differ but for a genitive s, half of one if by an accent; -1 for too many
    folded: bool  # the same only without å, ä and ö
    form: bool  # both say the same kind of body, or neither says any
    shared: float  # how many of their words they share, from 0 to 100


def compare(asked: Name, known: Name, forms: frozenset[Form], *, told: bool = False) -> Likeness:
    """Return how like `asked` is to `known`, a name of something that is a body of the kinds `forms`.

    `told` says that the kind need not be in the name, since it is known from elsewhere.
    """
    form = bool(asked.forms & forms) or (not forms and asked.forms == known.forms)
    silent = not asked.forms
    penalty = 0.0 if form or (silent and told) else _UNSAID if silent else _OTHER_FORM
    edits, folded, spelled = _spelling(asked, known)
    shared = float(fuzz.token_set_ratio(" ".join(asked.words), " ".join(known.words)))
    score = max(spelled, shared * _PARTLY, float(fuzz.ratio(asked.folded, known.folded)) * _PARTLY)
    return Likeness(max(0.0, round(score - penalty, 1)), edits, folded, form, round(shared, 1))


def _spelling(asked: Name, known: Name) -> tuple[float, bool, float]:
    """Return the letters that differ, whether only accents do, and the score of that."""
    if not (asked.exact and known.exact) or _digits(asked.folded) != _digits(known.folded):
        return -1, False, 0.0
    if _ways(asked.exact) & _ways(known.exact):
        return 0, False, SAME
    if asked.folded == known.folded:
        return 0, True, _FOLDED
    if _ways(asked.folded) & _ways(known.folded):
        return 0, True, _FOLDED_GENITIVE
    if len(asked.words) > 1 and sorted(asked.words) == sorted(known.words):
        return 0, False, _TURNED
    found = [_slips(asked, one, other) for one in _ways(asked.exact) for other in _ways(known.exact)]
    edits, score = max(found, key=lambda each: each[1])
    return edits, False, score


def _slips(asked: Name, one: str, other: str) -> tuple[float, float]:
    """Return how many letters of `one`, a way of writing the name asked for, differ, and the score of that.

    Who writes å, ä or ö means them; who writes none may have none to write with.
    """
    mine, theirs = fold(one), fold(other)
    edits, length = OSA.distance(mine, theirs, score_cutoff=_MOST_EDITS), max(len(mine), len(theirs))
    slip = edits == 1 and _is_slip(mine, theirs)
    turned = slip and len(mine) == len(theirs) and asked.forms  # an acronym turned round is another acronym
    least = _LONG if edits > 1 else _SHORT - 1 if turned else _SHORT
    if edits > _MOST_EDITS or length < least:
        return -1, 0.0
    accents = 0.0 if asked.exact.isascii() else (OSA.distance(one, other) - edits) / 2
    cost = _PER_SLIP if slip else _PER_EDIT
    score = SAME - cost * (edits + accents) / length - _FIRST_LETTER * (mine[:1] != theirs[:1])
    doubtful = edits + accents > 1 and length < _VERY_LONG
    return edits + accents, min(score, _DOUBTFUL if doubtful else _MISTYPED[max(0, edits - 1)])


def _is_slip(mine: str, theirs: str) -> bool:
    """Tell whether the one letter that differs is left out, doubled or swapped, and not another letter."""
    if len(mine) > len(theirs):
        return any(
            one == after and mine[:at] + mine[at + 1 :] == theirs
            for at, (one, after) in enumerate(pairwise(mine))
        )
    return len(mine) < len(theirs) or sorted(mine) == sorted(theirs)


def _ways(word: str) -> frozenset[str]:
    """Return a name with and without the s that may be a genitive's."""
    return frozenset((word, word[:-1])) if len(word) > 3 and word.endswith("s") else frozenset((word,))


def _digits(word: str) -> str:
    return "".join(filter(str.isdigit, word))
