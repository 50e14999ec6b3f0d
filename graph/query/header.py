"""The header of a SPARQL file: YAML in its first lines, which begin with `#+`.

The notation is that of grlc: https://github.com/CLARIAH/grlc.
"""

from pathlib import Path
from typing import Final

import yaml

from graph.core.files import read_text
from graph.core.site import SITE
from graph.core.yaml_nodes import YamlNodes

Translations = dict[str, str]
"""A text in each language, by language tag."""

HEADER_LANGUAGES: Final = SITE.languages
_MARK = "#+"


class QueryHeader(YamlNodes):
    """The header of one file as YAML nodes (`root`), and the text of the `query` after it."""

    root: yaml.Node

    def __init__(self, path: Path) -> None:
        """Read the file at `path`; raise BadInput with file and line if its header is missing or not YAML."""
        lines = read_text(path).removeprefix("\ufeff").splitlines()
        length = next((n for n, line in enumerate(lines) if not line.startswith(_MARK)), len(lines))
        self.query = "".join(f"{line}\n" for line in lines[length:])
        super().__init__(path, "\n".join(line.removeprefix(_MARK) for line in lines[:length]), "query header")
        if self.root is None:
            raise self._fault(1, "the file has no header", "begin it with lines “#+ key: value”")

    def translations(self, node: yaml.Node) -> Translations:
        """Return the texts of a mapping from each language of the site."""
        return {name: self.string(value) for name, value in self.mapping(node, HEADER_LANGUAGES).items()}
