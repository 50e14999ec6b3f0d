"""The names of entities and codes that a question may contain, by kind, for lookup by words."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from graph.questions.place_names import place_names
from graph.questions.tokens import Token, tokenise

_MAX_WORDS: Final = 16  # of a name


class NamedEntity(NamedTuple):
    """An entity, code or office with its names; `place` is a type of place of the site, or "".

    `kind` is the source of values in patterns that it belongs to, `value` what a question means by the name.
    """

    kind: str
    value: str
    names: tuple[str, ...]
    place: str = ""


class NameTable:
    """Lookup of entities by the longest name at a word of a question, a genitive or not."""

    def __init__(self, entities: Iterable[NamedEntity]) -> None:
        """Prepare the names of `entities`."""
        self._exact: dict[tuple[str, ...], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._folded: dict[tuple[str, ...], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._longest: dict[str, int] = {}
        for entity in entities:
            for form in _forms(entity):
                self._add(entity, tokenise(form)[:_MAX_WORDS])

    def _add(self, entity: NamedEntity, tokens: Sequence[Token]) -> None:
        """Add a name; “windows11” too where it ends in a number."""
        spellings = [tokens]
        if len(tokens) > 1 and tokens[-1].exact.isdecimal() and entity.kind == "product":
            spellings.append([Token(*("".join(parts) for parts in zip(*tokens, strict=True)))])
        for spelling in filter(None, spellings):
            self._exact[tuple(each.exact for each in spelling)][entity.kind].add(entity.value)
            self._folded[tuple(each.folded for each in spelling)][entity.kind].add(entity.value)
            self._longest[entity.kind] = max(self._longest.get(entity.kind, 0), len(spelling))

    def words(self) -> frozenset[str]:
        """Return the words of all names, without accents."""
        return frozenset(word for name in self._folded for word in name)

    def find(
        self, kinds: Sequence[str], tokens: Sequence[Token], at: int
    ) -> tuple[int, tuple[str, ...]] | None:
        """Return the entities of `kinds` with the longest name at the word `at`, and the position after it.

        What is written with å, ä and ö, and what is no genitive, comes first.
        """
        longest = min(max(self._longest.get(kind, 0) for kind in kinds), len(tokens) - at)
        for count in range(longest, 0, -1):
            span = tokens[at : at + count]
            for table, words in (
                (self._exact, tuple(each.exact for each in span)),
                (self._folded, tuple(each.folded for each in span)),
            ):
                for key in (words, _without_genitive(words)):
                    of_kinds = table.get(key)
                    if of_kinds and (iris := set().union(*(of_kinds.get(kind, ()) for kind in kinds))):
                        return at + count, tuple(sorted(iris))
        return None


def _without_genitive(words: tuple[str, ...]) -> tuple[str, ...]:
    last = words[-1]
    return (*words[:-1], last[:-1]) if last.endswith("s") and len(last) > 2 else ()


def _forms(entity: NamedEntity) -> Iterator[str]:
    """Yield the names of `entity`, and for a place those that people make of the place's own name."""
    yield from entity.names
    names = [" ".join(token.exact for token in tokenise(name)) for name in entity.names]
    yield from place_names().forms(entity.place, names)
