"""The language of an answer: of texts that are there in several, the ones in the language wanted."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Annotated, Any, Final

from babel import localedata
from pydantic import Field

from graph.core.site import SITE

ALL: Final = "both"  # of the languages that a text is in
DEFAULT: Final = SITE.languages[0]
Language = Annotated[str, Field(pattern=f"^([a-z]{{2,3}}|{ALL})$")]
"""The tag of a language, which need not be one of this site: another site may be read by its address."""
_UNTAGGED: Final = "und"


def is_translations(value: Any) -> bool:
    """Return whether `value` is one text by language."""
    return isinstance(value, dict) and bool(value) and all(map(_is_text, value, value.values()))


def _is_text(tag: str, text: Any) -> bool:
    """Return whether a member is a text by its language: `id` and `iri` are no tags of texts here."""
    language = tag.partition("-")[0]
    return isinstance(text, str | list) and tag != "id" and (language == _UNTAGGED or _is_known(language))


@cache
def _is_known(language: str) -> bool:
    return len(language) in (2, 3) and localedata.exists(language)


def in_language(value: Any, language: Language) -> Any:
    """Return `value`, made of dictionaries and lists, with its texts in `language` where they are there."""
    if language == ALL:
        return value
    if is_translations(value):
        return {language: value[language]} if language in value else value
    if isinstance(value, dict):
        return {key: in_language(each, language) for key, each in value.items()}
    return [in_language(each, language) for each in value] if isinstance(value, list) else value


def one_text(texts: Mapping[str, str] | None, language: Language) -> str | None:
    """Return the text in `language`, or else in any; None if there is none."""
    if not texts:
        return None
    return texts.get(language) or next(iter(texts.values()))


def texts_of(names: Iterable[Mapping[str, Any]], language: Language) -> list[str | None]:
    """Return the name of each entity."""
    return [one_text(each["name"], language) for each in names]
