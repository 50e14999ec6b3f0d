"""No regular expression may take more than linear time over what a stranger has written.

Every one in the source is found, so that a new one cannot be forgotten, and is run on texts made from its own
parts, 128 and 512 characters long, by an engine that counts its steps: four times the text may take eight
times the steps, where going back over it again and again takes sixteen times as many.
"""

import ast
import importlib
import pkgutil
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, product
from pathlib import Path
from types import ModuleType
from typing import Any, Final, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import graph
import web
from tests.backtracking import TooManySteps, spans, steps
from tests.expressions import Expression

SHORT, LONG = 128, 512  # characters; more than any bounded repetition
FACTOR: Final = 8
MOST: Final = 400  # texts that an expression is tried on
ANCHORED: Final = {"match", "fullmatch"}
SEARCHING: Final = {"search", "findall", "finditer", "sub", "subn", "split"}
METHODS: Final = ANCHORED | SEARCHING
GIVEN_TO: Final = {"add_implicit_resolver": {"match"}}  # what a function does with a pattern it is given
NO_STRANGER: Final = {
    "graph.replication.graph_store_url",  # the address of an engine, which its operator gives
    "graph.search.swedish_dictionary",  # a dictionary's own rules, run on its own words
    "web.documentation.blocks",  # the documentation of the program
    "web.http.crawler_agents",  # the patterns of a list, run on 300 characters at most, each text once
}


class Found(NamedTuple):
    """A regular expression, where it stands, and what it is used for."""

    where: str
    pattern: "re.Pattern[Any]"
    method: str


def modules() -> Iterator[ModuleType]:
    for package in (graph, web):
        yield package
        for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield importlib.import_module(each.name)


def found_in(module: ModuleType, uses: Mapping[tuple[str, str], set[str]]) -> Iterator[Found]:
    """Yield the expressions in the source of `module`, for each way in which they are used.

    One of which no use is seen, as when it is given to a function, may search.
    """
    tree = ast.parse(source(module))
    names: dict[ast.AST, str] = {
        call: name.id
        for statement in tree.body
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value
        for name in ast.walk(statement)
        if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
        for call in ast.walk(statement.value)
    }
    names |= {
        argument: node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in GIVEN_TO
        for argument in node.args
    }
    uses = {**uses, **{owned(module.__name__, name): methods for name, methods in GIVEN_TO.items()}}
    for node in ast.walk(tree):
        method = called(node)
        if method is None or not isinstance(node, ast.Call):
            continue
        where = f"{module.__name__}:{node.lineno}"
        written = ast.unparse(node.args[0])
        flags = [ast.unparse(each.value) for each in node.keywords if each.arg == "flags"]
        last = 1 if method == "compile" else 2 if method in METHODS - {"sub", "subn", "split"} else None
        flags += [ast.unparse(each) for each in node.args[last:]] if last else []
        pattern = eval(f"re.compile({', '.join([written, *flags])})", vars(module) | {"re": re})  # noqa: S307
        name = names.get(node, "")
        used = {method} if method != "compile" else uses.get(owned(module.__name__, name), set())
        yield from (Found(where, pattern, each) for each in sorted(used) or ("fullmatch", "findall"))


def called(node: ast.AST) -> str | None:
    """Return which function of the module `re` that takes a pattern a node calls."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return None
    of, method = node.func.value, node.func.attr
    is_one = isinstance(of, ast.Name) and of.id == "re" and method in METHODS | {"compile"}
    return method if is_one else None


def source(module: ModuleType) -> str:
    return Path(str(module.__file__)).read_text(encoding="utf-8")


def methods_used(known: Iterable[ModuleType]) -> Mapping[tuple[str, str], set[str]]:
    """Return by name which methods of patterns are used: of `NAME` in `NAME.sub` and `(NAME if …).match`."""
    uses: dict[tuple[str, str], set[str]] = defaultdict(set)
    for module in known:
        for node in ast.walk(ast.parse(source(module))):
            if isinstance(node, ast.Attribute) and node.attr in METHODS:
                for name in ast.walk(node.value):
                    if isinstance(name, ast.Name):
                        uses[owned(module.__name__, name.id)].add(node.attr)
    return uses


def owned(module: str, name: str) -> tuple[str, str]:
    """Return a key for a `name` in a `module`: those that are not private are the same in all modules."""
    return (module if name.startswith("_") else "", name)


def every() -> list[Found]:
    known = [each for each in modules() if each.__name__ not in NO_STRANGER]
    uses = methods_used(known)
    return list(dict.fromkeys(found for module in known for found in found_in(module, uses)))


def slow(expression: Expression, method: str, before: str, pump: str, after: str) -> bool:
    """Tell whether `expression` reads long texts of this form in more than linear time."""
    method = method if method in ANCHORED | {"search"} else "findall"
    short, long = (before + (pump * length)[:length] + after for length in (SHORT, LONG))
    try:
        count = steps(expression, method, long)
        return count > FACTOR * LONG and count > FACTOR * steps(expression, method, short)
    except TooManySteps:
        return True


EVERY: Final = every()


@pytest.mark.parametrize("found", EVERY, ids=[f"{each.where}-{each.method}" for each in EVERY])
def test_every_expression_is_linear(found: Found) -> None:
    assert not slow_on(Expression(found.pattern), found.method), found


def test_none_is_made_in_another_way() -> None:
    imported = [node for module in modules() for node in ast.walk(ast.parse(source(module)))]
    assert not [node for node in imported if isinstance(node, ast.ImportFrom) and node.module == "re"]
    assert len({each.where for each in EVERY}) > 50


def slow_on(expression: Expression, method: str) -> tuple[str, str, str] | None:
    """Return from what a text is made that `expression` reads slowly, of those that are tried."""
    repeated = expression.repeated()
    befores = list(dict.fromkeys(["", *(before for before, _ in repeated)]))
    pumps = list(dict.fromkeys(pump for _, pump in repeated if pump))
    ends = list(dict.fromkeys(before[-1:] for before in befores))
    pairs = [one + other for one, other in product([*pumps, *ends], pumps)]
    afters = ["\0", *expression.alphabet()]
    tried = [*product(befores, pumps, afters), *product([""], pairs, ["\0"])]
    if len(tried) > MOST:
        tried = random.Random(0).sample(tried, MOST)  # noqa: S311 (no secret)
    return next((each for each in tried if slow(expression, method, *each)), None)


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.sampled_from(EVERY), st.data())
def test_no_text_is_found_that_takes_longer(found: Found, data: st.DataObject) -> None:
    expression = Expression(found.pattern)
    parts = [*expression.alphabet(), *chain.from_iterable(expression.repeated())]
    texts = st.lists(st.sampled_from(parts), max_size=3).map("".join)
    before, pump, after = data.draw(texts), data.draw(texts), data.draw(texts)
    assert not slow(expression, found.method, before, pump, after)


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.sampled_from(EVERY), st.data())
def test_steps_are_counted_of_the_same_match(found: Found, data: st.DataObject) -> None:
    """The engine that counts finds what Python's finds."""
    expression = Expression(found.pattern)
    parts = [*expression.alphabet(), *chain.from_iterable(expression.repeated())]
    text = "".join(data.draw(st.lists(st.sampled_from(parts), max_size=12)))
    written = text.encode("latin-1") if isinstance(found.pattern.pattern, bytes) else text
    whole = found.pattern.fullmatch(written)
    assert spans(expression, "fullmatch", text) == ([whole.span()] if whole else [])
    assert spans(expression, "findall", text) == [each.span() for each in found.pattern.finditer(written)]


@pytest.mark.parametrize(
    ("written", "method"),
    [
        (r"(?:a+)+b", "match"),
        (r"(?:a|a)*b", "match"),
        (r"a*a*b", "match"),
        (r"(?:\w*,?)*;", "match"),
        (r"\s+$", "sub"),
        (r"[^/#]*$", "sub"),
        (r".*b", "search"),
        (r"(?:.*\bCELEX:)?\d{5}", "findall"),
        (r'(?:"(?:[^"\\]|\\.)*+"|[^",])++', "findall"),
        (r"<[^>]*>", "search"),
    ],
)
def test_slow_ones_are_known(written: str, method: str) -> None:
    assert slow_on(Expression(re.compile(written)), method)


@pytest.mark.parametrize(
    ("written", "method"),
    [
        (r"(?:a++)*+b", "match"),
        (r"a*b*c", "match"),
        (r"<[^<>]*>", "search"),
        (r"[^/#]*+", "sub"),
        (r"(?>a+|b)*;", "match"),
        (r"(?<![a-z])[a-z]+=", "search"),
    ],
)
def test_fast_ones_are_known(written: str, method: str) -> None:
    assert not slow_on(Expression(re.compile(written)), method)
