"""The language of an answer: of texts that are there in several, the ones in the language wanted."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

Language = Literal["sv", "en", "both"]
_TAGS: Final = {"sv", "en", "und"}


def is_translations(value: Any) -> bool:
    """Return whether `value` is one text by language."""
    return isinstance(value, dict) and bool(value) and value.keys() <= _TAGS


def in_language(value: Any, language: Language) -> Any:
    """Return `value`, made of dictionaries and lists, with its texts in `language` where they are there."""
    if language == "both":
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
