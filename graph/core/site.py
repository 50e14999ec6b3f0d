"""The site that this process builds and serves: its name, base IRI, namespace, languages and folders."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from graph.core.errors import BadInput

VARIABLE: Final = "UTSAGA_SITE"
FILE: Final = "utsaga.toml"
_ENTRY_POINTS: Final = "utsaga.site"
_FOLDERS: Final = ("facts", "ontology", "queries", "questions", "pages")
_TABLES: Final = ("site", "folders", "extensions", "settings")


@dataclass(frozen=True)
class Site:
    """A site: a folder with `utsaga.toml`, facts, an ontology, queries and pages."""

    folder: Path
    name: str
    description: str
    base: str
    namespace: str
    prefix: str
    languages: tuple[str, ...]
    licence: str
    facts: Path
    ontology: Path
    queries: Path
    questions: Path
    pages: Path
    extensions: Mapping[str, str]
    settings: Mapping[str, Any]


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
    _check_keys(file, tables, _TABLES)
    site, folders = tables.get("site", {}), tables.get("folders", {})
    _check_keys(file, folders, _FOLDERS)
    places = {name: (folder / folders.get(name, name)).resolve() for name in _FOLDERS}
    names = [
        each.name for each in fields(Site) if each.name not in {*_FOLDERS, "folder", "extensions", "settings"}
    ]
    _check_keys(file, site, names)
    for name in names:
        expected = list if name == "languages" else str
        if not isinstance(site.get(name), expected) or not site[name]:
            raise _refusal(file, f"“{name}” of [site] is missing or of the wrong type", f"write {name} = …")
    values = {**site, "languages": tuple(site["languages"])}
    return Site(
        folder=folder,
        extensions=tables.get("extensions", {}),
        settings=tables.get("settings", {}),
        **values,
        **places,
    )


def _check_keys(file: Path, table: Mapping[str, Any], known: list[str] | tuple[str, ...]) -> None:
    for name in table:
        if name not in known:
            raise _refusal(file, f"“{name}” is no key", f"use {', '.join(known)}")


def _refusal(file: Path, what: str, remedy: str) -> BadInput:
    return BadInput(what, where=str(file), rule=FILE, remedy=remedy)


SITE: Final = read_site(site_folder())
"""The site of this process. Worker processes have the same, by the environment or by what is installed."""
