"""The program is of no subject: words of ours are in the package of the site and its data alone."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
WORDS: Final = re.compile(
    r"""sweden | svenska?\ (?:kommun|region|myndighet) | swedish\ (?:act|agenc|authorit|law|municipal|public)
    | municipal | kommun | landsting | riksdag | count(?:y|ies)\b | \blän\b | \borgnr
    | göteborg | gothenburg | malmö | stockholm | uppsala | \blund\b
    | office.?365 | microsoft | \bgoogle\b | cloud | \bmoln | \bmx\b | mail_?provider | tenant\b
    | skolverket | ny.teknik | \bSCB\b | \bIMY\b | diggsweden
    | gdpr | dataskyddslag\b | celex | \bsfs | \bosl\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""Words of our own subject: places and bodies, products and their makers, publishers, laws and registers."""
KINDS_OF_FILES: Final = (
    ".py",
    ".html",
    ".svg",
    ".js",
    ".mjs",
    ".css",
    ".yaml",
    ".toml",
    ".po",
    ".ttl",
)
SKIPPED: Final = ("web/node_modules/", "web/static/built/", "graph/facts/", "web/package-lock.json")
OF_THE_PARTS: Final = "a term of the vocabulary that the parts have"
ALLOWED: Final = {
    ("graph/claims/claims.py", "mailprovider"): OF_THE_PARTS,
    ("graph/questions/tokens.py", "imy"): "an example of a genitive in Swedish",
    ("graph/questions/vocabulary.py", "sfs"): OF_THE_PARTS,
    ("graph/read/legal_force.py", "sfs"): OF_THE_PARTS,
    ("graph/read/legal_force.py", "celex"): OF_THE_PARTS,
    ("graph/search/compounds.py", "moln"): "an example of a compound in Swedish",
    ("web/entities/subject_pages.py", "celex"): OF_THE_PARTS,
    ("web/html/urls.py", "celex"): "an argument of EUR-Lex, whose addresses are shortened",
    ("web/publish/schema_org.py", "sfs"): OF_THE_PARTS,
    ("web/publish/schema_org.py", "celex"): OF_THE_PARTS,
    ("web/publish/schema_org.py", "mailprovider"): OF_THE_PARTS,
    ("web/sparql/code_snippets.py", "google"): "Google Sheets, in which anybody's data can be used",
    ("web/translations/en/LC_MESSAGES/messages.po", "google"): "Google Sheets",
    ("web/translations/sv/LC_MESSAGES/messages.po", "google"): "Google Sheets",
    ("web/translations/en/LC_MESSAGES/messages.po", "mx"): "the section on what an observation proves",
    ("web/translations/sv/LC_MESSAGES/messages.po", "mx"): "the section on what an observation proves",
    ("web/static/utsaga.css", "county"): "the style of the map that the site draws",
    ("web/static/utsaga.css", "microsoft"): "the style of the map that the site draws",
    ("web/static/utsaga.css", "google"): "the style of the map that the site draws",
}
"""The words that may stand outside the site: the file and the word in small letters, and why."""


def found_in(text: str) -> set[str]:
    return {match[0].lower() for match in WORDS.finditer(text)}


def files() -> Iterator[Path]:
    for package in ("graph", "web"):
        for path in sorted((ROOT / package).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.suffix in KINDS_OF_FILES and not name.startswith(SKIPPED) and path.is_file():
                yield path


def test_no_word_of_our_subject_is_in_the_program() -> None:
    found = {
        (path.relative_to(ROOT).as_posix(), word)
        for path in files()
        for word in found_in(path.read_text(encoding="utf-8"))
    }
    assert found - ALLOWED.keys() == set(), "write it in the package of the site, or for any site"
    assert ALLOWED.keys() - found == set(), "no longer there: take it off the list"


def test_all_kinds_of_files_are_read() -> None:
    names = {path.relative_to(ROOT).as_posix() for path in files()}
    for name in ("web/publish/openapi.yaml", "web/static/search.js", "web/assets/completion.js"):
        assert name in names
    assert {path.suffix for path in files()} == {*KINDS_OF_FILES}


@pytest.mark.parametrize(
    "text",
    [
        "What Sweden's public sector says",
        'example: "Göteborgs Stad"',
        "type: Municipality",
        "{q: GDPR}",
        "OFFICE_365",
        "county, status and year",
        "/resolve?orgnr=212000-1355",
        "the Swedish act 2018:218",
        "ett molnprogram",
        "kind of Microsoft tenant",
    ],
)
def test_a_word_of_our_subject_would_be_found(text: str) -> None:
    assert found_in(text)


@pytest.mark.parametrize("text", ['role="region"', "in Swedish", "accounts", "commune"])
def test_other_words_are_not_taken_for_them(text: str) -> None:
    assert not found_in(text)
