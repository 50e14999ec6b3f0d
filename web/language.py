"""The language of the interface: `?lang=` if given, else what the browser prefers, else Swedish.

No cookie is set: a language that was chosen travels in the links of the page. Messages are in
`translations/{sv,en}.toml`; the language of the content is chosen value by value in `web.present`.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

from flask import Flask, g, request

LANGUAGES: Final = ("sv", "en")
_FOLDER = Path(__file__).parent / "translations"


def current() -> str:
    """Return the language of the page that is being made."""
    if "language" not in g:
        preferred = request.accept_languages.best_match(LANGUAGES, LANGUAGES[0])
        g.language = chosen() or preferred
    return str(g.language)


def chosen() -> str:
    """Return the language that the reader has asked for in the URL, or nothing."""
    wanted = request.args.get("lang", "")
    return wanted if wanted in LANGUAGES else ""


@cache
def messages(language: str) -> dict[str, Any]:
    """Return the messages of `language` by key: strings, or pairs of `one` and `other`."""
    tables = tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return {f"{table}.{key}": message for table, keys in tables.items() for key, message in keys.items()}


def say(key: str, **values: object) -> str:
    """Return the message `key` in the current language, with `values` filled in; `n` chooses the number."""
    message = messages(current())[key]
    if isinstance(message, dict):
        message = message["one" if values.get("n") == 1 else "other"]
    return str(message).format(**values)


def register(app: Flask) -> None:
    """Let links keep the chosen language, and templates speak."""
    app.url_defaults(_keep)
    app.jinja_env.globals.update(say=say, language=current, chosen_language=chosen)


def _keep(endpoint: str, values: dict[str, Any]) -> None:
    is_page = endpoint != "static" and not values.get("extension")
    if is_page and chosen():
        values.setdefault("lang", chosen())
