"""The description of the architecture follows the code."""

from bench.rooms import PAGE, diagram, package_imports, reduced


def test_the_diagram_is_made_from_the_imports() -> None:
    assert diagram() in PAGE.read_text(), "run .venv/bin/python -m bench.rooms --write"


def test_it_names_every_package() -> None:
    text = PAGE.read_text()
    paths = [name.replace(".", "/") for name in package_imports()]
    assert [path for path in paths if f"| `{path}` |" not in text and f"| `{path}.py` |" not in text] == []


def test_imports_that_follow_from_others_are_left_out() -> None:
    assert reduced({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == {"a": {"b"}, "b": {"c"}, "c": set()}
