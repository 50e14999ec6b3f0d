"""The templates, style sheet and scripts themselves: readable, and without anything that nothing uses."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

import sweden
import web
from graph.read.legal_force import ENDED, NOT_YET
from graph.vocabulary.vocabulary import read_vocabulary
from web.entities import citations

FOLDER = Path(web.__file__).parent
SITE = Path(sweden.__file__).parent
FOLDERS = (FOLDER / "templates", SITE / "templates", SITE / "pages" / "templates")
FILES = {path.relative_to(each).as_posix(): path for each in FOLDERS for path in sorted(each.rglob("*.html"))}
TEMPLATES = {name: path.read_text() for name, path in FILES.items()}
STYLES = FOLDER / "static" / "utsaga.css"
SCRIPTS = [*(FOLDER / "static").glob("*.js"), *(FOLDER / "assets").glob("*.*js")]
CODE = "".join(path.read_text() for path in (*FOLDER.glob("*/*.py"), *SITE.glob("*.py")))
MAX_LINE_LENGTH = 120


def tree(name: str) -> nodes.Template:
    return Environment(autoescape=True).parse(TEMPLATES[name])


def imported(name: str) -> Iterator[tuple[str, str]]:
    """Yield each macro that the template `name` imports, with the file that it comes from."""
    for node in tree(name).find_all(nodes.FromImport):
        assert isinstance(node.template, nodes.Const)
        for macro in node.names:
            assert isinstance(macro, str), "a macro has one name everywhere"
            yield node.template.value, macro


def used(name: str) -> set[str]:
    """Return the names that the template `name` reads."""
    return {node.name for node in tree(name).find_all(nodes.Name) if node.ctx == "load"}


@pytest.mark.parametrize("path", [*FILES.values(), STYLES, *SCRIPTS], ids=str)
def test_no_line_is_too_long_to_read(path: Path) -> None:
    long = [
        number for number, line in enumerate(path.read_text().splitlines(), 1) if len(line) > MAX_LINE_LENGTH
    ]
    assert long == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_macro_of_a_template_is_used(name: str) -> None:
    elsewhere = {macro for other in TEMPLATES for file, macro in imported(other) if file == name}
    defined = {macro.name for macro in tree(name).find_all(nodes.Macro)}
    assert defined - elsewhere - used(name) == set()


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_import_of_a_template_is_used(name: str) -> None:
    assert {macro for _, macro in imported(name)} - used(name) == set()
    assert not list(tree(name).find_all(nodes.Import)), "macros are imported one by one, by their names"


def test_every_template_is_used() -> None:
    mentioned = set(re.findall(r'"([\w/]+\.html)"', "".join(TEMPLATES.values()) + CODE))
    assert set(TEMPLATES) == mentioned - set(citations.MEDIA_TYPES)


def test_every_class_of_the_style_sheet_is_used() -> None:
    styles = re.sub(r"/\*.*?\*/", "", STYLES.read_text(), flags=re.DOTALL)
    selectors = " ".join(re.findall(r"[^{}]+(?=\{)", styles))
    styled = set(re.findall(r"\.([a-z][\w-]*)", selectors))
    text = "".join(TEMPLATES.values()) + "".join(path.read_text() for path in SCRIPTS) + CODE
    names = set(re.findall(r"[a-z][\w-]*", text))
    made = re.compile(
        r"columns-\d|group-\d|series-\d|pattern-[\w-]+|code-[a-z0-9]+"
    )  # from a number, the key of a pattern, or a token of Pygments
    codes = {code.notation for each in read_vocabulary().lists for code in each.codes}
    forces = {NOT_YET, ENDED}
    assert {each for each in styled - names - codes - forces if not made.fullmatch(each)} == set()
