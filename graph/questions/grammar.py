"""The rules: which patterns ask which stored query, loaded from the site's folder of questions."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import yaml

from graph.core.errors import BadInput
from graph.core.files import list_folder
from graph.core.iris import parse_entity_iri
from graph.core.namespaces import ID, expand_curie
from graph.core.site import SITE
from graph.query.stored import StoredQuery
from graph.questions.pattern_parser import PatternParser
from graph.questions.patterns import Pattern, parameters_of
from graph.questions.place_names import place_names
from graph.questions.tokens import fold_words

RULES: Final = SITE.questions
_NO_RULES: Final[dict[str, Any]] = {
    **{key: {} for key in ("codes", "words", "questions", "names")},
    "code_lists": (),
    "before": "tell me | show me | i want to know",
    "after": "please",
    "opening": "who which what where why how when has have does did do is are can may should whose",
}
"""What a site without rules has: only the titles of its stored queries are questions."""
KINDS: Final[dict[str, tuple[str, ...]]] = {
    "organisation": ("organisation",),
    "adopter": ("adopter",),
    "product": ("product",),
    "law": ("law",),
    "provision": ("provision",),
    "person": ("person",),
    "office": ("office",),
    "brand": ("brand",),
    "thing": ("product", "organisation", "law", "provision"),
}
"""The sources of values that are entities or offices, and the kinds of names that each may be."""
WHEN: Final = "when"
"""The source of values that are dates."""


@dataclass(frozen=True)
class Rule:
    """A pattern that asks a stored query, with parameters that are the same whenever it does."""

    query: str
    pattern: Pattern
    fixed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Grammar:
    """The rules by the words that they can begin with; None has those that can begin with a value.

    `before` and `after` match what may stand around any question, `opening` are words that begin one,
    `words` those of all patterns; all without accents.
    """

    rules: Mapping[str | None, tuple[Rule, ...]]
    before: Pattern
    after: Pattern
    opening: frozenset[str]
    words: frozenset[str]
    everyday_names: Mapping[str, tuple[str, ...]]  # by IRI

    def beginning_with(self, word: str) -> tuple[Rule, ...]:
        """Return the rules that a question that begins with the folded `word` can be of."""
        return self.rules.get(word, ()) + self.rules.get(None, ())


@cache
def read_rule_files() -> dict[str, Any]:
    """Return the content of all files of rules, merged by the keys of their first two levels."""
    merged: dict[str, Any] = {}
    for path in list_folder(RULES, "*.yaml"):
        for key, value in yaml.safe_load(path.read_text("utf-8")).items():
            if isinstance(value, dict):
                repeated = value.keys() & merged.setdefault(key, {}).keys()
                if repeated:
                    raise _fault(path.name, f"{key} has {', '.join(sorted(repeated))} in another file too")
                merged[key] |= value
            else:
                merged[key] = value
    return merged


def load_grammar(queries: Mapping[str, StoredQuery]) -> Grammar:
    """Return the rules for `queries`; raise BadInput for one that names a query or parameter there is not.

    The title of each query asks that query, in either language.
    """
    content = _NO_RULES | read_rule_files()
    codes = {
        source: {expand_name(name): words for name, words in values.items()}
        for source, values in content["codes"].items()
    }
    sources = frozenset({*KINDS, WHEN, *place_names().sources, *content["code_lists"]})
    parser = PatternParser(content["words"], codes, sources)
    rules = [
        rule
        for name, entries in content["questions"].items()
        for entry in entries
        for rule in _rules(name, entry, queries, parser)
    ]
    rules += [
        Rule(query.name, parser.parse(" ".join(fold_words(title))))
        for query in queries.values()
        for title in query.title.values()
    ]
    before, after = parser.parse(content["before"]), parser.parse(content["after"])
    opening = frozenset(fold_words(content["opening"]))
    return Grammar(
        _by_first_word(rules),
        before,
        after,
        opening,
        opening | parser.known_words,
        {expand_name(name): tuple(words.split(" | ")) for name, words in content["names"].items()},
    )


def code_lists() -> tuple[str, ...]:
    """Return the code lists whose codes questions may name by their labels."""
    return tuple(read_rule_files().get("code_lists", ()))


def expand_name(value: str) -> str:
    """Return the IRI of the short name of an entity, or of a CURIE."""
    return ID + value if parse_entity_iri(ID + value) else expand_curie(value)


def _rules(
    name: str, entry: Mapping[str, Any], queries: Mapping[str, StoredQuery], parser: PatternParser
) -> Iterable[Rule]:
    if name not in queries:
        raise _fault(name, "there is no stored query of that name")
    fixed = tuple((parameter, expand_name(value)) for parameter, value in entry.get("with", {}).items())
    known = {parameter.name for parameter in queries[name].parameters}
    for text in entry["asks"]:
        try:
            pattern = parser.parse(text)
        except ValueError as error:
            raise _fault(f"{name}: {text}", str(error)) from error
        unknown = {*parameters_of(pattern), *dict(fixed)} - known
        if unknown:
            raise _fault(f"{name}: {text}", f"the query has no parameter {', '.join(sorted(unknown))}")
        yield Rule(name, pattern, fixed)


def _by_first_word(rules: Iterable[Rule]) -> dict[str | None, tuple[Rule, ...]]:
    by_word: dict[str | None, list[Rule]] = defaultdict(list)
    for rule in rules:
        for word in rule.pattern.first:
            by_word[word].append(rule)
    return {word: tuple(each) for word, each in by_word.items()}


def _fault(where: str, message: str) -> BadInput:
    return BadInput(
        f"a rule for questions cannot be used: {message}",
        where=where,
        rule="question rules",
        remedy=f"correct the files in {RULES}",
    )
