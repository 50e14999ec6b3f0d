"""How patterns are written, and what they match."""

from dataclasses import dataclass

import pytest

from graph.questions.pattern_parser import PatternParser
from graph.questions.patterns import Binding, Pattern, parameters_of
from graph.questions.tokens import Token, tokenise

PARSER = PatternParser(
    {"who": "vem | who", "whoever": "<who> [{kind}]"},
    {"kind": {"k:1": "ett | one of them", "k:2": "två"}, "status.done": {"s:1": "stoppat"}},
    frozenset({"product"}),
)


@dataclass
class Products:
    """Words in which “x” is a product."""

    tokens: tuple[Token, ...]

    def values(self, source: str, at: int) -> tuple[tuple[int, tuple[str, ...]], ...]:
        assert source == "product"
        is_product = at < len(self.tokens) and self.tokens[at].exact == "x"
        return ((at + 1, ("p:x",)),) if is_product else ()


def matches(pattern: Pattern, text: str) -> list[dict[str, str]]:
    """Return the values of each way in which the pattern matches the whole text."""
    question = Products(tokenise(text))
    return [
        {each.parameter: each.values[0] for each in found}
        for end, found in pattern.match(question, 0)
        if end == len(question.tokens)
    ]


@pytest.mark.parametrize(
    ("pattern", "text", "values"),
    [
        ("vem säger", "Vem säger?", [{}]),
        ("vem säger", "vem sager", [{}]),
        ("vem säger", "vem säger vad", []),
        ("vem [just] säger", "vem säger", [{}]),
        ("vem [just] säger", "vem just säger", [{}]),
        ("a (b | c d) e", "a c d e", [{}]),
        ("a (b | c d) e", "a b d e", []),
        ("a | b c", "b c", [{}]),
        ("<who> har {product}", "who har x", [{"product": "p:x"}]),
        ("<whoever> har {of:product}", "vem one of them har x", [{"kind": "k:1", "of": "p:x"}]),
        ("har {product} {status.done}", "har x stoppat", [{"product": "p:x", "status": "s:1"}]),
        ("har {product}", "har y", []),
        ("e-post", "e-post", [{}]),
    ],
)
def test_matches(pattern: str, text: str, values: list[dict[str, str]]) -> None:
    assert matches(PARSER.parse(pattern), text) == values


@pytest.mark.parametrize(
    "pattern",
    ["", "a |", "(a", "[a", "a)", "a]", "(a]", "<nobody>", "{nothing}", "{of:nothing}", "{a", "a >", "()"],
)
def test_faulty_patterns_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        PARSER.parse(pattern)


def test_first_words_and_parameters() -> None:
    pattern = PARSER.parse("[just] (<who> | {product}) har {kind}")
    assert pattern.first == {"just", "vem", "who", None}
    assert not pattern.can_be_empty
    assert PARSER.parse("[a] [b]").can_be_empty
    assert parameters_of(pattern) == {"product", "kind"}


def test_a_value_has_its_place() -> None:
    ((end, found),) = PARSER.parse("har {product}").match(Products(tokenise("har x")), 0)
    assert (end, found) == (2, (Binding("product", ("p:x",), 1, 2),))
