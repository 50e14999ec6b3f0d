"""A regular expression engine that counts its steps: what Python's own does, measured without a clock.

It backtracks in the same order as `re`, on the tree that Python's parser gives, so that an expression takes
more than linear time in one if it does in the other. Only what the project's expressions use is known.
"""

import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

from tests.expressions import CHARACTERS, Expression, Tree

_DEPTH: Final = 100_000  # calls, each of which continues the match with what comes next


class TooManySteps(Exception):
    """More steps than allowed, most often because they are exponentially many."""


def steps(expression: Expression, method: str, text: str) -> int:
    """Return in how many steps the `method` of a pattern reads `text`; raise TooManySteps over a million."""
    run = Run(expression, text)
    for _ in run.spans(method):
        pass
    return run.steps


def spans(expression: Expression, method: str, text: str) -> list[tuple[int, int]]:
    """Return from where to where an expression is found in `text`."""
    return list(Run(expression, text).spans(method))


class Run:
    """One text that is read, by functions that are given what comes after them."""

    def __init__(self, expression: Expression, text: str) -> None:
        self.expression, self.text = expression, text
        self.steps = 0

    def spans(self, method: str) -> Iterator[tuple[int, int]]:
        tree, length = self.expression.tree, len(self.text)
        depth = sys.getrecursionlimit()
        sys.setrecursionlimit(_DEPTH)
        try:
            if method in ("match", "fullmatch"):
                end = self.end(tree, 0, whole=method == "fullmatch")
                if end is not None:
                    yield 0, end
                return
            start = 0
            while start <= length:
                end = self.end(tree, start)
                if end is not None:
                    yield start, end
                    if method == "search":
                        return
                start = max(start + (end is None or end == start), end or 0)
        finally:
            sys.setrecursionlimit(depth)

    def end(self, tree: Tree, start: int, *, whole: bool = False) -> int | None:
        """Return where `tree` ends if it is found at `start`."""
        found: list[int] = []

        def arrive(place: int) -> bool:
            if whole and place < len(self.text):
                return False
            found.append(place)
            return True

        return found[0] if self.at(tree, 0, start, then=arrive) else None

    def at(self, tree: Tree, index: int, place: int, *, then: Callable[[int], bool]) -> bool:
        """Tell whether what is in `tree` from `index` on, and `then` what comes after it, is at `place`."""
        while index < len(tree):
            self.step()
            name, value = str(tree[index][0]), tree[index][1]
            if name in CHARACTERS:
                if not self.one(tree[index], place):
                    return False
                place += 1
            elif name in ("AT", "ASSERT", "ASSERT_NOT"):
                if not self.holds(name, value, place):
                    return False
            elif name in ("ATOMIC_GROUP", "POSSESSIVE_REPEAT"):
                end = self.at_once(name, value, place)
                if end is None:
                    return False
                place = end
            else:
                return self.ways(name, value, place, partial(self.at, tree, index + 1, then=then))
            index += 1
        return then(place)

    def ways(self, name: str, value: Any, place: int, then: Callable[[int], bool]) -> bool:
        """Tell whether a node that may be read in several ways, and `then` what comes after it, is there."""
        if name == "BRANCH":
            return any(self.at(each, 0, place, then=then) for each in value[1])
        if name == "SUBPATTERN":
            if value[1] or value[2]:
                raise NotImplementedError("flags of a group")
            return self.at(value[3], 0, place, then=then)
        if name == "MAX_REPEAT":
            least, most, body = value
            if len(body) == 1 and str(body[0][0]) in CHARACTERS:
                return self.characters(body[0], (least, most), place, then)
            return self.repeated(body, (least, most), 0, place, then)
        raise NotImplementedError(name)

    def characters(
        self, node: tuple[Any, Any], bounds: tuple[int, int], place: int, then: Callable[[int], bool]
    ) -> bool:
        count = 0
        here = self.text[place : place + min(bounds[1], len(self.text))]
        while count < len(here) and self.expression.fits(node, here[count]):
            count += 1
        self.step(count)
        while count >= bounds[0]:
            self.step()
            if then(place + count):
                return True
            count -= 1
        return False

    def repeated(
        self, body: Tree, bounds: tuple[int, int], count: int, place: int, then: Callable[[int], bool]
    ) -> bool:
        def again(end: int) -> bool:
            return (end > place or count < bounds[0]) and self.repeated(body, bounds, count + 1, end, then)

        self.step()
        if count < bounds[1] and self.at(body, 0, place, then=again):
            return True
        return count >= bounds[0] and then(place)

    def at_once(self, name: str, value: Any, place: int) -> int | None:
        """Return where a node ends that is read in the first way that fits, whatever comes after it."""
        if name == "ATOMIC_GROUP":
            return self.end(value, place)
        least, most, body = value
        count = 0
        while count < most and (end := self.end(body, place)) is not None:
            count += 1
            if end == place:
                count = max(count, least)
                break
            place = end
        return place if count >= least else None

    def holds(self, name: str, value: Any, place: int) -> bool:
        if name == "AT":
            return self.is_at(str(value), place)
        direction, body = value
        start = place if direction > 0 else place - self.expression.width(body)
        found = start >= 0 and self.end(body, start) is not None
        return found == (name == "ASSERT")

    def is_at(self, name: str, place: int) -> bool:
        text = self.text
        if name in ("AT_BEGINNING", "AT_BEGINNING_STRING"):
            return place == 0
        if name == "AT_END_STRING":
            return place == len(text)
        if name == "AT_END":
            return text[place:] in ("", "\n")
        before = place > 0 and self.expression.word(text[place - 1])
        after = place < len(text) and self.expression.word(text[place])
        return (before != after) == (name == "AT_BOUNDARY")

    def one(self, node: tuple[Any, Any], place: int) -> bool:
        self.step()
        return place < len(self.text) and self.expression.fits(node, self.text[place])

    def step(self, count: int = 1) -> None:
        self.steps += count
        if self.steps > 1_000_000:
            raise TooManySteps
