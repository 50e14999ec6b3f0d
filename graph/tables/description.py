"""The tables and their columns, for lists as CSV and for all bulk files.

The site describes them in `tables.yaml`, or else each kind of entity has a table of the columns of its list.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

import yaml

from graph.core.entity_types import EntityKind
from graph.core.kind_table import SITE_TABLE, KindTable
from graph.core.namespaces import RDFS, expand_curie
from graph.core.property_paths import INVERSE, PropertyPath, parse_paths
from graph.core.site import SITE
from graph.core.translations import language_name

LANGUAGES: Final = SITE.languages
FILE: Final = "tables.yaml"  # in the folder of the site
ID: Final = "id"
LABEL: Final = "label"
Datatype = Literal["string", "anyURI", "integer", "decimal", "boolean", "date", "partialDate"]
"""What a field holds: a type of XML Schema, or a day, a month or a year."""
Translations = Mapping[str, str]

_DATATYPES: Final[dict[str, Datatype]] = {
    "string": "string",
    "text": "string",
    "url": "anyURI",
    "integer": "integer",
    "decimal": "decimal",
    "boolean": "boolean",
    "day": "date",
    "date": "partialDate",
}
_NO_LABEL: Final = "none"
_THINGS: Final = frozenset({"thing", "class"})  # of several tables, or of none
_ID_TITLE: Final = {tag: {"sv": "Identifierare"}.get(tag, "Identifier") for tag in LANGUAGES}
_NAME_TITLE: Final = {tag: {"sv": "Namn"}.get(tag, "Name") for tag in LANGUAGES}
_IN_LANGUAGE: Final = {"sv": "på {}", "en": "in {}"}
"""How titles in these languages name a language; those in others have it in parentheses."""


@dataclass(frozen=True)
class Column:
    """A column of a table: the values at the ends of the first of `paths` that has any, or a count.

    A column of things (`references` is their table, or “thing”, or “class”) has no datatype of its own, and
    the names of the things beside them if they are `named`.
    """

    name: str
    title: Translations
    paths: tuple[PropertyPath, ...] = ()
    counted_property: str = ""
    datatype: Datatype | None = None
    references: str = ""
    named: bool = False
    in_languages: bool = False
    many: bool = False
    latest: bool = False
    only: bool = False
    facet: bool = False

    @property
    def property_(self) -> str:
        """The IRI of the property whose values these are of the row's entity; empty behind a longer path."""
        direct = len(self.paths) == 1 and len(self.paths[0]) == 1 and not self.paths[0][0].startswith(INVERSE)
        return self.paths[0][0] if direct else ""

    @property
    def fields(self) -> tuple["Field", ...]:
        """The fields of the column: one, one for each language, or a thing and its names."""
        if self.in_languages:
            return tuple(self._field(f"_{tag}", "string", self.property_, tag) for tag in LANGUAGES)
        if not self.references:
            return (self._field("", self.datatype or "integer", self.property_),)
        thing = self._field("", "anyURI", self.property_)
        return thing, *(
            self._field(f"_{LABEL}_{tag}", "string", RDFS + "label", tag, names=self.name)
            for tag in LANGUAGES
            if self.named
        )

    def _field(
        self, suffix: str, datatype: Datatype, property_: str, language: str = "", names: str = ""
    ) -> "Field":
        references = "" if names or self.references in _THINGS else self.references
        name = self.name + suffix
        title = _title_in(self.title, language)
        return Field(name, title, datatype, property_, language, self.many, references, names)


@dataclass(frozen=True)
class Field:
    """One value of a row, or a list of them: its datatype, language and property.

    `references` is the table of the things that it identifies. A field that `names` another one has the names
    of the things there.
    """

    name: str
    title: Translations
    datatype: Datatype
    property_: str = ""
    language: str = ""
    many: bool = False
    references: str = ""
    names: str = ""


@dataclass(frozen=True)
class Table:
    """A table: the entities of the kind of its name, or the instances of `class_`; a row for each."""

    name: str
    title: Translations
    columns: tuple[Column, ...]
    class_: str = ""
    label: str = LABEL

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields in their order: the identifier, its names, and those of the columns."""
        identifier = Field(ID, _ID_TITLE, "anyURI")
        names = [
            Field(f"{LABEL}_{tag}", _title_in(_NAME_TITLE, tag), "string", RDFS + "label", tag)
            for tag in LANGUAGES
            if self.label == LABEL
        ]
        return identifier, *names, *(field for column in self.columns for field in column.fields)

    @property
    def label_field(self) -> str:
        """The name of the field that names a row in the first language; empty if there is none."""
        return "" if self.label == _NO_LABEL else f"{self.label}_{LANGUAGES[0]}"


@cache
def tables(kinds: KindTable = SITE_TABLE) -> Mapping[str, Table]:
    """Return all tables by name, in their order: those of the site, or else one for each of `kinds`."""
    file = SITE.folder / FILE
    if not file.exists():
        return {name: _table_of_kind(name, kind) for name, kind in kinds.items()}
    described = yaml.safe_load(file.read_text(encoding="utf-8"))
    nameless = {name for name, given in described.items() if given.get("label") == _NO_LABEL}
    return {name: _table(name, given, nameless) for name, given in described.items()}


def _table_of_kind(name: str, kind: EntityKind) -> Table:
    """Return the table with the columns of the list of a kind, which may have any number of values."""
    columns = tuple(
        Column(
            each.name,
            dict.fromkeys(LANGUAGES, each.name),
            each.paths,
            each.counted_property,
            datatype=None if each.counted_property else "string",
            many=not each.counted_property,
            facet=each.facet,
        )
        for each in kind.visible_columns
        if each.name not in (ID, LABEL)
    )
    return Table(name, dict.fromkeys(LANGUAGES, name), columns)


def _table(name: str, given: Mapping[str, Any], nameless: Set[str]) -> Table:
    columns = tuple(_column(each, written, nameless) for each, written in given["columns"].items())
    class_ = expand_curie(given["class"]) if "class" in given else ""
    return Table(name, given["title"], columns, class_, given.get("label", LABEL))


def _column(name: str, given: Mapping[str, Any], nameless: Set[str]) -> Column:
    kind = given.get("type", "integer")
    references = "" if kind in _DATATYPES else kind
    return Column(
        name=name,
        title=given["title"],
        paths=parse_paths(given["path"]) if "path" in given else (),
        counted_property=expand_curie(given.get("count", "")),
        datatype=_DATATYPES.get(kind),
        references=references,
        named=bool(references) and references not in nameless,
        in_languages=kind == "text",
        many=given.get("many", False),
        latest=given.get("latest", False),
        only=given.get("only", False),
        facet=given.get("facet", False),
    )


def _title_in(title: Translations, language: str) -> Translations:
    """Return the title of a field in `language`, or of one without a language, in each language."""
    if not language:
        return title
    return {
        tag: f"{words} {_IN_LANGUAGE.get(tag, '({})').format(language_name(language, tag))}"
        for tag, words in title.items()
    }
