"""The messages of the interface: those of the product, and over them those in the folder `pages` of the site.

Both are in `translations/{language}/LC_MESSAGES/messages.po` and are read without compilation. A message that
a language lacks is in English. `{site}` stands for the name of the site.
"""

from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po

from graph.core.errors import BadInput
from graph.core.site import Site

FALLBACK: Final = "en"
DESCRIPTION: Final = "home.what"  # the key of what the site is, which its file says
_PRODUCT: Final = Path(__file__).parents[1]
_SITE_NAME: Final = "{site}"


def languages(site: Site) -> tuple[str, ...]:
    """Return the languages of `site` that have messages, or the fallback if there are none."""
    folders = (_PRODUCT, site.pages)
    found = [tag for tag in site.languages if any(_file(folder, tag).exists() for folder in folders)]
    return tuple(found) or (FALLBACK,)


def read(language: str, locale: str, site: Site) -> Catalog:
    """Return the messages in `language`; raise BadInput for a file of the site that is malformed."""
    catalogue = Catalog(locale=locale)
    for folder, tag in ((_PRODUCT, FALLBACK), (_PRODUCT, language), (site.pages, language)):
        if (file := _file(folder, tag)).exists():
            _add(catalogue, _parse(file, locale), is_fallback=tag != language)
    for message in catalogue:
        message.string = _named(message.string, site.name)
    if site.description:
        catalogue.delete(DESCRIPTION)
        catalogue.add(DESCRIPTION, site.describe(language))
    return catalogue


def _file(folder: Path, language: str) -> Path:
    return folder / "translations" / language / "LC_MESSAGES" / "messages.po"


def _parse(file: Path, locale: str) -> Catalog:
    try:
        with file.open("rb") as content:
            return read_po(content, locale=locale, abort_invalid=True)
    except (PoFileError, ValueError) as error:
        raise BadInput(
            f"the messages cannot be read: {error}", where=str(file), rule="messages.po", remedy="mend them"
        ) from error


def _add(catalogue: Catalog, messages: Catalog, *, is_fallback: bool) -> None:
    """Add `messages` to the catalogue; those of another language keep one plural form for all numbers."""
    for message in messages:
        if not message.id:
            continue
        string: Any = message.string
        if is_fallback and message.pluralizable:
            string = (*string[:-1], *[string[-1]] * (catalogue.num_plurals - len(string) + 1))
        catalogue.delete(message.id[0] if message.pluralizable else message.id)
        catalogue.add(message.id, string[: catalogue.num_plurals] if message.pluralizable else string)


def _named(string: Any, name: str) -> Any:
    if isinstance(string, tuple | list):
        return tuple(each.replace(_SITE_NAME, name) for each in string)
    return string.replace(_SITE_NAME, name) if string else string
