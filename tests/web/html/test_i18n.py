"""Messages and languages of the interface and of content."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient

import sweden
import web
from web.html.i18n import LANGUAGES, messages, translate

FOLDER = Path(web.__file__).parent


def placeholders(forms: tuple[str, ...]) -> set[str]:
    return {name for text in forms for name in re.findall(r"\{(\w+)\}", text)}


def test_languages_have_the_same_messages() -> None:
    first, *others = (messages(language) for language in LANGUAGES)
    for other in others:
        assert first.keys() == other.keys()
        for key, forms in first.items():
            assert len(forms) == len(other[key]), key
            assert placeholders(forms) == placeholders(other[key]), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogues_are_valid(language: str) -> None:
    known: set[str] = set()
    for folder in (FOLDER, Path(sweden.__file__).parent / "pages"):
        path = folder / "translations" / language / "LC_MESSAGES" / "messages.po"
        with path.open("rb") as file:
            catalogue = read_po(file, abort_invalid=True)
        assert catalogue.num_plurals == 2
        keys = re.findall(r'^msgid "(.+)"$', path.read_text(), re.MULTILINE)
        assert len(keys) == len(set(keys))
        known.update(keys)
        for message in catalogue:
            assert not message.fuzzy or not message.id, message.id
    assert len(known) == len(messages(language))
    assert all(all(forms) for forms in messages(language).values())


def test_messages_have_plural_forms_and_formatted_numbers(pages_app: Flask) -> None:
    with pages_app.test_request_context("/?lang=sv"):
        assert translate("count.statements", n=1) == "1 utsaga"
        assert translate("count.statements", n=0) == "0 utsagor"
        assert translate("count.statements", n=12345) == "12\N{NO-BREAK SPACE}345 utsagor"
        with pytest.raises(KeyError):
            translate("count.nothing")
    with pages_app.test_request_context("/?lang=en"):
        assert translate("count.statements", n=1) == "1 statement"
        assert translate("count.statements", n=12345) == "12,345 statements"


def _files(folder: Path) -> Iterator[Path]:
    yield from folder.rglob("templates/**/*.html")
    yield from folder.rglob("*.py")


def test_every_message_used_exists_and_every_message_is_used() -> None:
    known = set(messages("sv"))
    text = "\n".join(path.read_text() for path in [*_files(FOLDER), *_files(Path(sweden.__file__).parent)])
    said = set(re.findall(r"""\b(?:translate|_)\(\s*["']([\w.-]+)["']\s*[,)]""", text))
    assert said - known == set()
    quoted = set(re.findall(r"""["']([\w-]+\.[\w-]+)["']""", text))
    families = set(
        re.findall(r"""["']([\w-]+)\.(?:["']|\{)""", text)
    )  # whose last part is made up as it is said
    assert {key for key in known - quoted if key.split(".")[0] not in families} == set()


@pytest.mark.parametrize("path", ["/", "/organisation", "/queries", "/law/osl", "/nothing"])
def test_every_page_varies_by_accept_language(pages: FlaskClient, path: str) -> None:
    assert "Accept-Language" in pages.get(path).headers["Vary"]


def test_the_language_of_content_is_chosen_apart(pages: FlaskClient) -> None:
    text = pages.get("/statement/bladet-2017-oby-ok?lang=en&content=sv").text
    assert '<html lang="en">' in text
    assert '<bdi lang="sv">Öbys jurister</bdi>' in text
    assert re.search(r"Statement: <a [^>]*><bdi>opinion</bdi></a>", text), "codes are words of the interface"
    assert "Evidence" in text
    assert "content=sv" in text[text.index('href="/source/bladet-2017') :][:80], "and links keep it"


@pytest.mark.parametrize("asked", ["", "xx", "sv'--"])
def test_content_is_in_the_language_of_the_interface_by_default(pages: FlaskClient, asked: str) -> None:
    text = pages.get("/organisation/aby-kommun", query_string={"lang": "en", "content": asked}).text
    assert "<h1><bdi>Åby Municipality</bdi></h1>" in text


def test_a_page_links_to_itself_in_every_language(pages: FlaskClient) -> None:
    text = pages.get("/resource?iri=https://w3id.org/utsaga/ns%23Municipality&lang=en").text
    links = dict(re.findall(r'hreflang="([\w-]+)" href="http://localhost(/[^"]*)"', text))
    plain = "/resource?iri=https%3A%2F%2Fw3id.org%2Futsaga%2Fns%23Municipality"
    assert links == {"sv": f"{plain}&amp;lang=sv", "en": f"{plain}&amp;lang=en", "x-default": plain}
