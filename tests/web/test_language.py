"""The words of the interface."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

import web
from web.language import LANGUAGES, messages

FOLDER = Path(web.__file__).parent


def placeholders(message: Any) -> set[str]:
    texts = message.values() if isinstance(message, dict) else [message]
    return {name for text in texts for name in re.findall(r"\{(\w+)\}", text)}


def test_languages_have_the_same_messages() -> None:
    first, *others = (messages(language) for language in LANGUAGES)
    for other in others:
        assert first.keys() == other.keys()
        for key, message in first.items():
            assert type(message) is type(other[key]), key
            assert placeholders(message) == placeholders(other[key]), key


def test_numbers_have_both_forms() -> None:
    for language in LANGUAGES:
        forms = [message for message in messages(language).values() if isinstance(message, dict)]
        assert all(message.keys() == {"one", "other"} for message in forms)


def test_every_message_that_is_said_exists_and_every_message_is_said() -> None:
    known = set(messages("sv"))
    sources = [*FOLDER.glob("templates/*.html"), *FOLDER.glob("*.py")]
    text = "\n".join(path.read_text() for path in sources)
    said = set(re.findall(r"""say\(\s*["']([\w.-]+)["']\s*[,)]""", text))
    assert said - known == set()
    families = {
        "kinds",
        "lead",
        "column",
        "provider",
        "month",
        "status",
    }  # whose last part is made up as it is said
    assert {key for key in known - said if key.split(".")[0] not in families} == set()


@pytest.mark.parametrize("path", ["/", "/organisation", "/queries", "/sparql", "/law/osl", "/nothing"])
def test_every_page_says_that_it_depends_on_the_reader_s_language(pages: FlaskClient, path: str) -> None:
    assert "Accept-Language" in pages.get(path).headers["Vary"]
