"""Splitting of Swedish compounds, measured on words of the graph's own statements."""

import json
from pathlib import Path
from typing import Final

import pytest

from graph.core.errors import Unavailable
from graph.core.namespaces import UTS
from graph.release.release import Release
from graph.search import swedish_dictionary
from graph.search.compounds import CompoundSplitter, read_compounds
from graph.search.swedish_dictionary import SwedishDictionary, load_dictionary
from graph.search.text_index import TextIndex
from graph.search.writer import INDEX_FOLDER

# The first and the last part of each word, or nothing, as a person splits it.
WORDS: Final = dict(
    line.split("\t")
    for line in Path(__file__).with_name("compounds.tsv").read_text(encoding="utf-8").splitlines()
)


def split(splitter: CompoundSplitter, word: str) -> str:
    """Return the first and the last part of `word` as `WORDS` has them."""
    parts = splitter.split(word)
    inner = {each for part in parts for each in splitter.split(part)}
    outer = [part for part in parts if part not in inner] or list(parts)
    return f"{outer[0]}|{outer[-1]}" if parts else ""


def test_nine_of_ten_compounds_are_split_where_a_person_splits_them() -> None:
    splitter = CompoundSplitter()
    found = {word: split(splitter, word) for word in WORDS}
    compounds = {word for word, parts in WORDS.items() if parts}
    wrong = {word: parts for word, parts in found.items() if parts and parts != WORDS[word]}
    missed = {word for word in compounds if found[word] != WORDS[word]}
    right = len(compounds - missed)
    assert len(compounds) >= 60
    assert right / (right + len(wrong)) >= 0.95, wrong
    assert right / len(compounds) >= 0.9, missed


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("molntjänster", ("moln", "tjänster")),
        ("personuppgiftslagen", ("personuppgift", "person", "uppgift", "lagen")),
        ("skolavtal", ("skol", "avtal")),
        ("grundskolorna", ("grund", "skolorna")),  # not grunds|kolorna
        ("rättskällor", ("rätt", "källor")),  # not rätt|skällor
        ("överklagade", ()),  # a verb with a prefix
        ("karlstad", ()),  # a name
        ("tjänst", ()),
        ("", ()),
        ("x" * 2_000, ()),
    ],
)
def test_the_parts_of_a_word(word: str, parts: tuple[str, ...]) -> None:
    assert CompoundSplitter().split(word) == parts


def test_a_word_finds_compounds_with_it_and_marks_them(release: Release) -> None:
    index = TextIndex.open_beside(release.store)
    assert index
    for typed, marked in (("tjänst", "molntjänst"), ("moln", "molntjänster"), ("tjanst", "molntjänst")):
        found = index.search(typed, limit=200)
        words = {
            part.lower()
            for hit in found.hits
            for match in hit.matches
            for part, is_match in match.parts
            if is_match
        }
        assert marked in words, typed
        assert all(hit.matches for hit in found.hits), typed
    assert "product/molntjanster" in {hit.iri.partition("/id/")[2] for hit in index.search("moln").hits}


def test_the_splits_lie_beside_the_index(release: Release, tmp_path: Path) -> None:
    place = release.path / INDEX_FOLDER
    splits = read_compounds(place)
    assert splits["molntjänster"] == ("moln", "tjänster")
    assert list(splits) == sorted(json.loads((place / "compounds.json").read_text(encoding="utf-8")))
    assert read_compounds(tmp_path) == {}
    assert UTS not in splits


@pytest.mark.parametrize("broken", ["_PACKAGE", "_NAME"])
def test_a_missing_dictionary_is_told(monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    monkeypatch.setattr(swedish_dictionary, broken, "no-such-thing")
    with pytest.raises(Unavailable, match="is not installed"):
        load_dictionary.__wrapped__()


def test_the_dictionary_is_read_only_for_long_words() -> None:
    def load() -> SwedishDictionary:
        raise AssertionError

    assert CompoundSplitter(load).split("moln") == ()
