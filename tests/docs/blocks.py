"""The fenced blocks of the documents, and how each is to be tried.

A block's info string is its language and, where it cannot be run in a test, `norun="why"`, or, where it is to
fail, `fails="words of the error"`.
"""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt

REPOSITORY: Final = Path(__file__).parents[2]
RUN: Final = ("sh", "python", "r", "sql", "sparql")
PARSED: Final = ("json", "yaml", "toml", "turtle")
SHOWN: Final = ("text", "console", "mermaid", "nginx", "html", "ini", "caddyfile", "xml")
_SERVE: Final = re.compile(r"^[^#\n]*\b(?:utsaga|make)\b[^#\n]*\bserve\b(?P<words>[^#\n]*)", re.MULTILINE)
_PORT: Final = re.compile(r"(?:--port[ =]|PORT=)(\d+)")


@dataclass(frozen=True)
class Block:
    """A fenced block: where it begins, its language and its text.

    `norun` is why it is not run, if it is not; `fails` is what it prints when it fails as it should.
    """

    document: str
    line: int
    language: str
    text: str
    norun: str = ""
    fails: str = ""

    @property
    def id(self) -> str:
        """The name of its test."""
        return f"{self.document}:{self.line}-{self.language}"

    @property
    def served_ports(self) -> Iterator[str]:
        """The ports of the servers that it starts."""
        if self.language == "sh" and not self.norun:
            for found in _SERVE.finditer(self.text):
                port = _PORT.search(found["words"])
                yield port[1] if port else "8000"


def documents() -> list[Path]:
    """Return all documents for readers and contributors."""
    return sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").glob("*.md")])


def read_blocks(path: Path) -> list[Block]:
    """Return the blocks of the document at `path`; raise ValueError for one without a known language."""
    found = []
    name = path.relative_to(REPOSITORY).as_posix() if path.is_relative_to(REPOSITORY) else path.name
    for token in MarkdownIt("commonmark").parse(path.read_text(encoding="utf-8")):
        line = token.map[0] + 1 if token.map else 0
        if token.type == "code_block":
            raise ValueError(f"{name}:{line}: give the block fences and a language instead of an indent")
        if token.type == "fence":
            found.append(_block(name, line, token.info, token.content))
    return found


def _block(document: str, line: int, info: str, text: str) -> Block:
    language, *words = shlex.split(info) or [""]
    if language not in (*RUN, *PARSED, *SHOWN):
        raise ValueError(f"{document}:{line}: “{language}” is none of {', '.join((*RUN, *PARSED, *SHOWN))}")
    marks = dict(word.partition("=")[::2] for word in words)
    if set(marks) - {"norun", "fails"} or "" in marks.values():
        raise ValueError(f'{document}:{line}: “{info}” is no language with norun="why" or fails="words"')
    return Block(document, line, language, text, **marks)


def _read_all() -> tuple[list[Block], list[str]]:
    """Return the blocks of all documents, and what is wrong with the documents that cannot be read."""
    blocks: list[Block] = []
    faults: list[str] = []
    for path in documents():
        try:
            blocks += read_blocks(path)
        except ValueError as error:
            faults.append(str(error))
    return blocks, faults


BLOCKS, FAULTS = _read_all()
