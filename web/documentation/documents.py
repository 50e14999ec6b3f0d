"""The documents of the program: Markdown files and pictures in `docs/`, in the order of README.md there.

In a checkout they lie beside the packages; the wheel has them there too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from markdown_it.token import Token

from graph.core.files import list_folder
from web.documentation import markdown
from web.documentation.blocks import fill
from web.documentation.markdown import Heading, Link

FOLDER: Final = Path(__file__).parents[2] / "docs"
INDEX: Final = "README"
PICTURES: Final = {".png": "image/png", ".svg": "image/svg+xml"}  # extension → media type
_MAX_READ: Final = 200  # documents that are kept in memory


@dataclass(frozen=True)
class Document:
    """A document: its name without extension, its title, its first paragraph, its headings and its tokens."""

    name: str
    title: str
    description: str
    headings: tuple[Heading, ...]  # below the title
    tokens: tuple[Token, ...]


@dataclass(frozen=True)
class Section:
    """A part of the documentation, with the documents and pages in it."""

    title: str
    links: tuple[Link, ...]


@cache
def names() -> frozenset[str]:
    """Return the names of all documents but the index."""
    return frozenset(path.stem for path in list_folder(FOLDER, "*.md")) - {INDEX}


@cache
def pictures() -> frozenset[str]:
    """Return the names of the pictures that documents show."""
    return frozenset(path.name for path in FOLDER.iterdir() if path.suffix in PICTURES)


@lru_cache(_MAX_READ)
def read(name: str, blocks: tuple[tuple[str, str], ...] = ()) -> Document:
    """Return the document called `name`, one of `names()` or the index.

    Its generated parts are as they stand, or those of `blocks`, by their names.
    """
    text = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    tokens = markdown.parse(fill(text, dict(blocks)))
    title, *others = markdown.headings(tokens)
    return Document(name, title.text, markdown.first_paragraph(tokens), tuple(others), tuple(tokens))


@cache
def sections() -> tuple[Section, ...]:
    """Return the parts of the documentation, as the index has them."""
    found = markdown.linked_items(read(INDEX).tokens)
    return tuple(Section(title, tuple(links)) for title, links in found)


def listed() -> Iterator[str]:
    """Yield the names of the documents that the index lists, in its order."""
    for section in sections():
        yield from (link.target.removesuffix(".md") for link in section.links if link.target.endswith(".md"))
