"""The site that this process builds and serves: its name, base IRI, namespace, languages and folders."""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from babel import localedata

from graph.core.errors import BadInput
from graph.core.parts import PARTS, missing_need, parts_with

VARIABLE: Final = "UTSAGA_SITE"
FILE: Final = "utsaga.toml"
_ENTRY_POINTS: Final = "utsaga.site"
FOLDERS: Final = ("facts", "ontology", "queries", "questions", "pages")
REQUIRED: Final = ("name", "base", "namespace", "prefix", "languages", "licence")
OPTIONAL: Final = ("description", "summary", "publisher", "contact", "logo", "labels", "parts")
COLOURS: Final = (
    *("page-background", "surface", "text", "muted-text", "border", "accent", "accent-background"),
    *("mark-background", "green", "blue", "purple", "amber", "grey", "red"),
)
TABLES: Final = {
    "site": (*REQUIRED, *OPTIONAL),
    "home": ("query",),
    "prefixes": (),
    "colours": (*COLOURS, "dark"),
    "folders": FOLDERS,
    "extensions": (),
    "settings": (),
}
"""The tables of the file and their keys; any key where there are none."""
_TEXTS_BY_LANGUAGE: Final = ("description",)
_LISTS: Final = ("languages", "labels", "parts")
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?")
_IRI: Final = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
_PREFIX: Final = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True)
class Site:
    """A site: a folder with `utsaga.toml`, facts, an ontology, queries and pages.

    The `labels` are CURIEs of properties that name things besides the usual ones. `colours` are those of the
    stylesheet by name, those of `dark` for readers who prefer dark pages.
    """

    folder: Path
    name: str
    base: str
    namespace: str
    prefix: str
    languages: tuple[str, ...]
    licence: str
    description: Mapping[str, str]  # by language
    summary: str  # in one line, for programs and agents
    publisher: str
    contact: str
    logo: Path | None
    labels: tuple[str, ...]
    parts: tuple[str, ...]
    home: Mapping[str, str]
    prefixes: Mapping[str, str]
    colours: Mapping[str, Any]
    facts: Path
    ontology: Path
    queries: Path
    questions: Path
    pages: Path
    extensions: Mapping[str, str]
    settings: Mapping[str, Any]

    def has(self, part: str) -> bool:
        """Return whether the site has switched on one of `PARTS`."""
        return part in self.parts

    def offers(self, what: str, name: str) -> bool:
        """Return whether `name`, one of `what`, a field of `Part`, is of no part or of one that is on."""
        owners = parts_with(what, name)
        return not owners or any(map(self.has, owners))

    def of_parts(self, what: str) -> tuple[str, ...]:
        """Return the names that the parts of the site have among their `what`, each once."""
        return tuple(
            dict.fromkeys(name for part in PARTS if self.has(part) for name in getattr(PARTS[part], what))
        )

    def describe(self, language: str) -> str:
        """Return what the site is, in `language` or the first that it is described in; "" if it is not."""
        return self.description.get(language) or next(iter(self.description.values()), "")


def site_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of the site: that of the environment, or of the package that is installed as a site.

    Raise BadInput if there is none.
    """
    if given := environment.get(VARIABLE):
        return Path(given)
    for each in entry_points(group=_ENTRY_POINTS):
        spec = find_spec(each.value)
        if spec and spec.origin:
            return Path(spec.origin).parent
    raise BadInput("There is no site", where=VARIABLE, rule=VARIABLE, remedy="name the folder of a site")


def read_site(folder: Path) -> Site:
    """Return the site in `folder`; raise BadInput if its file is missing or malformed."""
    file = folder / FILE
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BadInput(
            "There is no site in this folder",
            where=str(file),
            rule=FILE,
            remedy="make one with `utsaga init`, or name another folder with --site",
        ) from error
    except ValueError as error:
        raise _refusal(file, f"the file is not TOML: {error}", "mend the line") from error
    _check_tables(file, tables)
    site = tables.get("site", {})
    for name in REQUIRED:
        if not site.get(name):
            raise _refusal(file, f"“{name}” of [site] is missing", f"write {name} = …")
    if (logo := site.get("logo")) and not (folder / logo).is_file():
        raise _refusal(
            file, f"the logo {logo} is not there", "put the picture beside this file, or take the key out"
        )
    folders = tables.get("folders", {})
    languages = tuple(site["languages"])
    description = site.get("description", {})
    return Site(
        folder=folder,
        **{name: site[name] for name in REQUIRED if name != "languages"},
        languages=languages,
        description={languages[0]: description} if isinstance(description, str) else description,
        summary=site.get("summary", site["name"]),
        publisher=site.get("publisher", site["name"]),
        contact=site.get("contact", ""),
        logo=folder / site["logo"] if "logo" in site else None,
        labels=tuple(site.get("labels", ())),
        parts=tuple(site.get("parts", ())),
        **{name: tables.get(name, {}) for name in ("home", "prefixes", "colours", "extensions", "settings")},
        **{name: (folder / folders.get(name, name)).resolve() for name in FOLDERS},
    )


def _check_tables(file: Path, tables: Mapping[str, Any]) -> None:
    """Raise BadInput for a key that is unknown or has a value of the wrong type or form."""
    _check_keys(file, tables, tuple(TABLES))
    for name, table in tables.items():
        if not isinstance(table, dict):
            raise _refusal(file, f"“{name}” is no table", f"write [{name}]")
        _check_keys(file, table, TABLES[name])
    for name, value in tables.get("site", {}).items():
        _check_value(file, name, value)
    if missing := missing_need(tables.get("site", {}).get("parts", ())):
        part, need = missing
        raise _refusal(
            file, f"the part “{part}” needs the part “{need}”", f"add {need} to parts, or leave {part} out"
        )
    colours = tables.get("colours", {})
    dark = colours.get("dark", {})
    _check_keys(file, dark, COLOURS)
    for name, value in [*colours.items(), *dark.items()]:
        if name != "dark" and not (isinstance(value, str) and _COLOUR.fullmatch(value)):
            raise _refusal(file, f"“{value}” is no colour for {name}", "write one such as #0a5a66")
    for name, value in tables.get("prefixes", {}).items():
        if not (_PREFIX.fullmatch(name) and isinstance(value, str) and ":" in value):
            raise _refusal(file, f"“{name}” is no prefix with an IRI", 'write prefix = "https://…#"')


def _check_value(file: Path, name: str, value: Any) -> None:
    if name in _LISTS:
        fits = isinstance(value, list) and all(isinstance(each, str) for each in value)
    elif name in _TEXTS_BY_LANGUAGE and isinstance(value, dict):
        fits = all(isinstance(each, str) for each in value.values())
    else:
        fits = isinstance(value, str)
    if not fits:
        expected = "a list of texts" if name in _LISTS else "a text"
        raise _refusal(file, f"“{name}” of [site] is of the wrong type", f"write {expected}")
    if (check := _CHECKS.get(name)) and value:
        is_allowed, message, remedy = check
        for each in value if name in _LISTS else (value,):
            if not is_allowed(each):
                raise _refusal(file, f"“{each}” {message}", remedy)


def _is_namespace(value: str) -> bool:
    return bool(_IRI.fullmatch(value)) and value.endswith(("/", "#"))


def _is_language(tag: str) -> bool:
    """Return whether `tag` is a language that CLDR has formats for."""
    return bool(_LANGUAGE.fullmatch(tag)) and localedata.exists(tag)


def _is_name(value: str) -> bool:
    """Return whether `value` can stand in messages, whose placeholders are in braces."""
    return value.isprintable() and {*value}.isdisjoint("{}")


_CHECKS: Final[dict[str, tuple[Callable[[str], Any], str, str]]] = {
    "name": (_is_name, "has a brace or a control character", "leave it out"),
    "base": (_is_namespace, "cannot begin IRIs", 'write base = "https://…/"'),
    "namespace": (_is_namespace, "cannot begin IRIs", 'write namespace = "https://…#"'),
    "prefix": (_PREFIX.fullmatch, "is no prefix", "write a–z, 0–9 and hyphens, such as ex"),
    "languages": (_is_language, "is no language that is known", "write tags such as en"),
    "licence": (_IRI.fullmatch, "is no IRI", "write the address of the licence, https://…"),
    "parts": (PARTS.__contains__, "is no part", f"use {', '.join(PARTS)}"),
}
"""By key of [site]: which values are allowed, and how another one is refused."""


def _check_keys(file: Path, table: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for name in table if known else ():
        if name not in known:
            raise _refusal(file, f"“{name}” is no key", f"use {', '.join(known)}")


def _refusal(file: Path, what: str, remedy: str) -> BadInput:
    return BadInput(what, where=str(file), rule=FILE, remedy=remedy)


SITE: Final = read_site(site_folder())
"""The site of this process. Worker processes have the same, by the environment or by what is installed."""
