"""The parts of a regular expression, and short texts that fit them."""

import re
from collections.abc import Callable, Iterator, Sequence
from re import _parser  # type: ignore[attr-defined]  # the only access to the tree of an expression
from typing import Any, Final

Tree = Sequence[tuple[Any, Any]]
CHARACTERS: Final = ("LITERAL", "NOT_LITERAL", "IN", "ANY")
_CATEGORIES: Final[dict[str, Callable[[str], bool]]] = {
    "SPACE": str.isspace,
    "DIGIT": str.isdecimal,
    "WORD": lambda each: each.isalnum() or each == "_",
}
_USUAL: Final = "a0 _-.\t\n\xe9\u2028!"  # one of each category, and some of none


class Expression:
    """A regular expression, and what is known of its parts."""

    def __init__(self, pattern: "re.Pattern[Any]") -> None:
        """Parse `pattern`; bytes are read as Latin-1."""
        written = pattern.pattern
        self.flags = re.RegexFlag(pattern.flags)
        self.written: str = written.decode("latin-1") if isinstance(written, bytes) else written
        self.ascii = isinstance(written, bytes) or re.ASCII in self.flags
        flags = self.flags & ~re.UNICODE if self.ascii else self.flags
        self.tree: Tree = _parser.parse(self.written, flags | (re.ASCII if self.ascii else 0))
        self._fitting: dict[int, dict[str, bool]] = {}
        if re.MULTILINE in self.flags:
            raise NotImplementedError("re.MULTILINE")

    def alphabet(self) -> list[str]:
        """Return a character of each kind that the expression tells apart."""
        leaves = [node for node in walk(self.tree) if str(node[0]) in CHARACTERS]
        known = {character for leaf in leaves for character in _named(leaf)} | set(_USUAL)
        by_kind: dict[tuple[bool, ...], str] = {}
        for each in sorted(known):
            by_kind.setdefault(tuple(self.fits(leaf, each) for leaf in leaves), each)
        return list(by_kind.values())

    def repeated(self) -> list[tuple[str, str]]:
        """Return an example of each part that may be repeated, and one of what comes before it."""
        return list(dict.fromkeys(self._repeated(self.tree, "", self.alphabet())))

    def _repeated(self, tree: Tree, before: str, alphabet: list[str]) -> Iterator[tuple[str, str]]:
        for node in tree:
            for part in parts(node):
                if "REPEAT" in str(node[0]) and node[1][1] > 1:
                    leaves = [each for each in walk(part) if str(each[0]) in CHARACTERS]
                    yield before, self.shortest(part, alphabet)
                    for each in alphabet:
                        if any(self.fits(leaf, each) for leaf in leaves):
                            yield before, each
                yield from self._repeated(part, before, alphabet)
            before += self.shortest([node], alphabet)

    def shortest(self, tree: Tree, alphabet: list[str]) -> str:
        """Return a short text that fits `tree`, with each thing that may be repeated there once."""
        text = ""
        for node in tree:
            name, value = str(node[0]), node[1]
            if name in CHARACTERS:
                text += next((each for each in alphabet if self.fits(node, each)), "")
            elif name == "BRANCH":
                text += self.shortest(value[1][0], alphabet)
            elif "REPEAT" in name:
                text += self.shortest(value[2], alphabet) * max(1, value[0])
            elif name in ("SUBPATTERN", "ATOMIC_GROUP"):
                text += self.shortest(parts(node)[0], alphabet)
        return text

    def fits(self, node: tuple[Any, Any], character: str) -> bool:
        """Tell whether `character` is one of those that a `node` stands for."""
        known = self._fitting.setdefault(id(node), {})
        if character not in known:
            known[character] = self._in_any_case(node, character)
        return known[character]

    def _in_any_case(self, node: tuple[Any, Any], character: str) -> bool:
        cases = {character}
        if re.IGNORECASE in self.flags:
            cases |= {each for each in (character.lower(), character.upper()) if len(each) == 1}
        return any(self._fits(node, each) for each in cases) != (
            str(node[0]) == "NOT_LITERAL" or (str(node[0]) == "IN" and str(node[1][0][0]) == "NEGATE")
        )

    def _fits(self, node: tuple[Any, Any], character: str) -> bool:
        name, value = str(node[0]), node[1]
        if name in ("LITERAL", "NOT_LITERAL"):
            return ord(character) == int(value)
        if name == "ANY":
            return character != "\n" or re.DOTALL in self.flags
        if name == "IN":
            return any(self._fits(each, character) for each in value)
        if name == "RANGE":
            return bool(value[0] <= ord(character) <= value[1])
        if name == "CATEGORY":
            return self._category(str(value).removeprefix("CATEGORY_"), character)
        return False

    def _category(self, name: str, character: str) -> bool:
        plain = name.removeprefix("NOT_")
        found = _CATEGORIES[plain](character) and (character.isascii() or not self.ascii)
        return bool(found) != (plain != name)

    def width(self, tree: Tree) -> int:
        """Return how many characters what fits `tree` has, at least."""
        return int(_parser.SubPattern(_parser.State(), list(tree)).getwidth()[0])

    def word(self, character: str) -> bool:
        """Tell whether `character` is one of those that \\b stands beside."""
        return self._category("WORD", character)


def walk(tree: Tree) -> Iterator[tuple[Any, Any]]:
    """Yield every node of `tree`."""
    for node in tree:
        yield node
        for part in parts(node):
            yield from walk(part)


def parts(node: tuple[Any, Any]) -> list[Tree]:
    """Return the trees that a node holds."""
    name, value = str(node[0]), node[1]
    if name == "BRANCH":
        return list(value[1])
    if "REPEAT" in name:
        return [value[2]]
    if name == "SUBPATTERN":
        return [value[3]]
    if name == "ATOMIC_GROUP":
        return [value]
    if name in ("ASSERT", "ASSERT_NOT"):
        return [value[1]]
    return []


def _named(leaf: tuple[Any, Any]) -> Iterator[str]:
    """Yield the characters that a leaf names, and those beside them."""
    name, value = str(leaf[0]), leaf[1]
    if name in ("LITERAL", "NOT_LITERAL"):
        yield chr(value)
    elif name == "RANGE":
        yield from (chr(value[0]), chr(value[1]))
    elif name == "IN":
        for each in value:
            yield from _named(each)
