"""Loading of the rules, and what is refused in them."""

from pathlib import Path

import pytest

from graph.core.errors import BadInput
from graph.query.stored import load_queries
from graph.questions import grammar

WORDS = """
before: jag undrar
after: tack
opening: vem
code_lists: []
names: {}
words: {who: vem}
codes: {}
"""


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in place of that of the rules."""
    monkeypatch.setattr(grammar, "RULES", tmp_path)
    monkeypatch.setattr(grammar, "read_rule_files", grammar.read_rule_files.__wrapped__)
    return tmp_path


@pytest.mark.parametrize(
    ("questions", "message"),
    [
        ("{nowhere: [{asks: [vem]}]}", "no stored query"),
        ("{laws-cited: [{asks: ['vem (a']}]}", "not closed"),
        ("{laws-cited: [{asks: ['<whom>']}]}", "no class of words"),
        ("{laws-cited: [{asks: ['vem {product}']}]}", "no parameter product"),
        ("{laws-cited: [{with: {status: 'code:x/y'}, asks: [vem]}]}", "no parameter status"),
    ],
)
def test_a_faulty_rule_is_told(rules: Path, questions: str, message: str) -> None:
    (rules / "words.yaml").write_text(f"{WORDS}\nquestions: {questions}\n", "utf-8")
    with pytest.raises(BadInput, match=message):
        grammar.load_grammar(load_queries())


def test_a_query_has_its_rules_in_one_file(rules: Path) -> None:
    (rules / "a.yaml").write_text("questions: {laws-cited: []}", "utf-8")
    (rules / "b.yaml").write_text("questions: {laws-cited: []}", "utf-8")
    with pytest.raises(BadInput, match="laws-cited in another file"):
        grammar.read_rule_files()


def test_every_rule_file_is_read() -> None:
    content = grammar.read_rule_files()
    assert content["questions"].keys() <= load_queries().keys()
    assert len(content["questions"]) > 20


@pytest.mark.parametrize(("key", "form"), [("words", "<{}>"), ("codes", ":{}}}")])
def test_no_class_of_words_nor_source_of_codes_is_left_unused(key: str, form: str) -> None:
    content = grammar.read_rule_files()
    patterns = [text for rules in content["questions"].values() for rule in rules for text in rule["asks"]]
    written = " ".join((*patterns, *content["words"].values())).replace("{", "{:")
    assert [name for name in content[key] if form.format(name) not in written] == []
