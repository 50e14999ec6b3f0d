"""Reads the list of people whose entries were removed on request: an address and a date each, no name."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from graph.core.errors import BadInput, Fault
from graph.core.files import read_text
from graph.core.namespaces import ID

FILE: Final = "removed.yaml"
_PERSON: Final = re.compile(r"person/[a-z0-9]+(?:-[a-z0-9]+)*")
_DAY: Final = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")
_REMEDY: Final = "write “- id: person/…” and below it “removed: 2026-12-31”, and nothing else"


@dataclass(frozen=True)
class Removal:
    """A person whose entry is removed: the IRI, and the day of the removal."""

    iri: str
    day: str


def read_removals(folder: Path) -> tuple[Removal, ...]:
    """Return the removals listed in the folder of facts `folder`; none if it has no list.

    Raise BadInput with every entry that is not an id of a person and a day.
    """
    path = folder / FILE
    if not path.is_file():
        return ()
    try:
        root = yaml.compose(read_text(path), Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        raise BadInput(str(error), where=f"{path}:1", rule="YAML", remedy=_REMEDY) from error
    entries = root.value if isinstance(root, yaml.SequenceNode) else [root] if root else []
    found = [(_place(path, entry), _read(entry)) for entry in entries]
    faults = [
        Fault(where, "this is no removal of a person", "removal", _REMEDY)
        for where, removal in found
        if removal is None
    ]
    if faults:
        raise BadInput.of(faults)
    return tuple(removal for _, removal in found if removal)


def _read(entry: yaml.Node) -> Removal | None:
    if not isinstance(entry, yaml.MappingNode):
        return None
    fields = {key.value: value.value for key, value in entry.value}
    name, day = str(fields.get("id")), str(fields.get("removed"))
    is_valid = fields.keys() == {"id", "removed"} and _PERSON.fullmatch(name) and _DAY.fullmatch(day)
    return Removal(ID + name, day) if is_valid else None


def _place(path: Path, node: yaml.Node) -> str:
    return f"{path}:{node.start_mark.line + 1}"
