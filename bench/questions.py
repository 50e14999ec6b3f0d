"""Measures the processor time that reading a question takes, on the questions of the tests and a release.

`python -m bench.questions [RELEASE]`; the release in `releases/current` by default.
"""

import argparse
import time
from pathlib import Path
from statistics import quantiles

import yaml

from graph.backends.in_process import InProcess
from graph.query.stored import load_queries
from graph.questions.finder import QuestionFinder
from graph.read.entities import Entities

_QUESTIONS = Path(__file__).parents[1] / "tests" / "graph" / "questions" / "questions.yaml"
_ROUNDS = 50


def main() -> None:
    """Print how long it takes to prepare the rules and to read a question."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("release", type=Path, nargs="?", default=Path("releases/current"))
    asked = parser.parse_args()
    began = time.thread_time()
    finder = QuestionFinder.of(Entities(InProcess.open(asked.release / "store")), load_queries())
    print(f"prepared in {1000 * (time.thread_time() - began):.0f} ms")
    questions = [entry["question"] for entry in yaml.safe_load(_QUESTIONS.read_text("utf-8"))]
    times = sorted(_milliseconds(finder, question) for _ in range(_ROUNDS) for question in questions)
    cuts = quantiles(times, n=1000)
    print(f"{len(questions)} questions, {_ROUNDS} times each: ", end="")
    print(f"p50 {cuts[499]:.3f} ms, p99 {cuts[989]:.3f} ms, p99.9 {cuts[998]:.3f} ms, max {times[-1]:.1f} ms")


def _milliseconds(finder: QuestionFinder, question: str) -> float:
    began = time.thread_time()
    finder.find(question)
    return 1000 * (time.thread_time() - began)


if __name__ == "__main__":
    main()
