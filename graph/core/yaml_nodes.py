"""YAML files as nodes that know their lines, so that each fault names its place."""

from collections.abc import Collection
from pathlib import Path
from typing import Final

import yaml

from graph.core.errors import BadInput

_MAX_DIGITS: Final = 9  # of a count
_MAX_QUOTED: Final = 30  # characters of a value in a message


class YamlNodes:
    """The YAML in a file from its first line on, as nodes (`root`), and checks of what they should be.

    `rule` is what faults name as broken.
    """

    def __init__(self, path: Path, text: str, rule: str) -> None:
        """Parse `text` of the file at `path`; raise BadInput with file and line if it is not YAML."""
        self.path = path
        self.rule = rule
        try:
            self.root = yaml.compose(text, yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise self._fault(line, f"the {rule} is not YAML: {error.problem}", "correct the YAML") from error
        except yaml.YAMLError as error:
            raise self._fault(1, f"the {rule} is not YAML: {error}", "correct the YAML") from error

    def mapping(
        self, node: yaml.Node, required: Collection[str] = (), optional: Collection[str] = ()
    ) -> dict[str, yaml.Node]:
        """Return the values of a mapping by key; any key is allowed if none is named."""
        if not isinstance(node, yaml.MappingNode):
            raise self.fault(node, "a mapping was expected here", "write “key: value”")
        values: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = self.string(key, (*required, *optional))
            if name in values:
                raise self.fault(key, f"“{name}” is written twice", "keep one of them")
            values[name] = value
        for name in required:
            if name not in values:
                raise self.fault(node, f"“{name}” is missing", f"add “{name}: …”")
        return values

    def strings(self, node: yaml.Node) -> tuple[str, ...]:
        """Return the strings of a sequence."""
        if not isinstance(node, yaml.SequenceNode):
            raise self.fault(node, "a list was expected here", "write “[one, another]”")
        return tuple(self.string(item) for item in node.value)

    def string(self, node: yaml.Node, allowed: Collection[str] = ()) -> str:
        """Return a string that is not blank, and one of `allowed` unless that is empty."""
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            raise self.fault(node, "a text was expected here", "write some words")
        value: str = node.value.strip()
        if allowed and value not in allowed:
            raise self.fault(node, f"“{value}” is not known here", f"use one of {', '.join(allowed)}")
        return value

    def flag(self, node: yaml.Node) -> bool:
        """Return whether the value is true."""
        return self.string(node, ("true", "false")) == "true"

    def count(self, node: yaml.Node) -> int:
        """Return a whole number that is not negative."""
        text = self.string(node)
        if not (text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS):
            raise self.fault(node, f"“{text[:_MAX_QUOTED]}” is no count", "write a whole number, 0 or more")
        return int(text)

    def fault(self, node: yaml.Node, message: str, remedy: str) -> BadInput:
        """Return the error for a fault at `node`, with file and line."""
        return self._fault(node.start_mark.line + 1, message, remedy)

    def _fault(self, line: int, message: str, remedy: str) -> BadInput:
        return BadInput(message, where=f"{self.path}:{line}", rule=self.rule, remedy=remedy)
