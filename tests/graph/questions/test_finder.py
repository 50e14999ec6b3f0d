"""Questions as people type them: each has the expected answer or none, never another one."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from graph.backends.in_process import InProcess
from graph.core.namespaces import ID
from graph.query.stored import bind_parameters, load_queries
from graph.questions.finder import AmbiguousName, AskedQuery, QuestionFinder
from graph.questions.grammar import expand_name
from graph.read.entities import Entities
from graph.release.release import Release

QUESTIONS: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("questions.yaml").read_text("utf-8")
)
QUERIES = load_queries()


@pytest.fixture(scope="module")
def store(release: Release) -> InProcess:
    return InProcess.open(release.store)


@pytest.fixture(scope="module")
def finder(store: InProcess) -> QuestionFinder:
    return QuestionFinder.of(Entities(store), QUERIES)


def expected(entry: dict[str, Any]) -> AskedQuery | None:
    if entry["query"] is None:
        return None
    return AskedQuery(
        entry["query"], {name: expand_name(value) for name, value in entry["parameters"].items()}
    )


def outcome(finder: QuestionFinder, entry: dict[str, Any]) -> str:
    found = finder.find(entry["question"])
    if not isinstance(found, AskedQuery):
        return "rightly none" if entry["query"] is None else "no answer"
    return "right" if found == expected(entry) else "wrong"


@pytest.mark.parametrize("entry", [pytest.param(each, id=each["question"]) for each in QUESTIONS])
def test_a_question_has_its_answer_or_none(finder: QuestionFinder, entry: dict[str, Any]) -> None:
    right = "right" if entry["query"] else "rightly none"
    assert outcome(finder, entry) == ("no answer" if entry.get("gap") else right)


def test_how_many_are_right_wrong_and_without_answer(finder: QuestionFinder) -> None:
    """The languages and origins of the questions, and the figures that are reported of them."""
    assert len({entry["question"] for entry in QUESTIONS}) == len(QUESTIONS)
    counts = Counter((entry["origin"], outcome(finder, entry)) for entry in QUESTIONS)
    assert counts == {
        ("others", "right"): 9,
        ("others", "rightly none"): 5,
        ("unseen", "right"): 31,
        ("unseen", "rightly none"): 36,
        ("unseen", "no answer"): 3,
        ("unseen-2", "right"): 21,
        ("unseen-2", "rightly none"): 22,
        ("unseen-2", "no answer"): 1,
        ("before", "right"): 29,
        ("before", "rightly none"): 11,
        ("held-out", "right"): 22,
        ("held-out", "rightly none"): 19,
        ("held-out", "no answer"): 6,
        ("judged", "right"): 50,
        ("judged", "rightly none"): 99,
        ("judged", "no answer"): 11,
        ("rules", "right"): 26,
        ("rules", "rightly none"): 6,
    }


@pytest.mark.parametrize(
    "entry",
    [pytest.param(each, id=each["question"]) for each in QUESTIONS if each["query"] and not each.get("gap")],
)
def test_an_answer_has_rows(store: InProcess, entry: dict[str, Any]) -> None:
    asked = expected(entry)
    assert asked
    rows = store.select(bind_parameters(QUERIES[asked.query], asked.parameters))
    assert bool(rows) == ("rows" not in entry)


@pytest.mark.parametrize("name", [name for name, query in QUERIES.items() if not query.services])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_title_of_a_stored_query_asks_it(finder: QuestionFinder, name: str, language: str) -> None:
    assert finder.find(QUERIES[name].title[language]) == AskedQuery(name, {})


def test_a_name_of_several_is_told_and_not_guessed(finder: QuestionFinder) -> None:
    bodies = (f"{ID}organisation/region-uppsala", f"{ID}organisation/uppsala-kommun")
    assert finder.find("Vad säger Uppsala om Office 365?") == AmbiguousName("uppsala", bodies)
    assert finder.find("Vad säger Uppsala om Slack?") is None


@pytest.mark.parametrize(
    ("text", "is_question"),
    [
        ("Malmö", False),
        ("Office 365 Göteborg", False),
        ("Är Office 365 säkert?", True),
        ("why did they stop", True),
        ("vem?", False),
        ("vem vet", False),
        ("", False),
    ],
)
def test_what_looks_like_a_question(finder: QuestionFinder, text: str, is_question: bool) -> None:
    assert finder.looks_like_question(text) == is_question


@pytest.mark.parametrize(
    "text",
    ["", "?", "vem", "vem " * 60, "vem använder Office 365 " + "x" * 300, "\u0000 \ufdfa", "((vem]] {x} <y>"],
)
def test_other_texts_have_no_answer(finder: QuestionFinder, text: str) -> None:
    assert finder.find(text) is None


@pytest.mark.parametrize("extra", ["kanske", "aldrig", "inte", "snart", "skolor", "not", "never", "2031x"])
@pytest.mark.parametrize(
    "entry", [each for each in QUESTIONS if each["query"] and not each.get("gap")][:40:4]
)
def test_a_word_that_no_rule_explains_takes_the_answer_away(
    finder: QuestionFinder, entry: dict[str, Any], extra: str
) -> None:
    words = entry["question"].rstrip("?").split()
    for place in range(len(words) + 1):
        text = " ".join((*words[:place], extra, *words[place:]))
        found = finder.find(text)
        if isinstance(found, AskedQuery):  # “använder inte” is a status of its own
            assert (extra, found.parameters.get("status")) == (
                "inte",
                expand_name("code:adoption-status/not-in-use"),
            ), text
