"""Every kind of page, read by the Nu HTML checker: https://validator.github.io/validator/."""

import json
import subprocess
import urllib.error
import urllib.request
from pathlib import Path
from shutil import which
from typing import Any

import pytest

VNU = Path(__file__).parents[3] / "web" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
PAGES = Path(__file__).parents[1].joinpath("pages.txt").read_text(encoding="utf-8").split()


@pytest.fixture(scope="module")
def java() -> str:
    found = which("java")
    assert found, "Java is missing: make peers installs it"
    assert VNU.is_file(), f"{VNU} is missing: make installs it"
    return found


def test_every_page_is_valid_html_and_so_are_its_styles(java: str, server: str, tmp_path: Path) -> None:
    names = {}
    for number, path in enumerate(
        [*PAGES, *(f"{path}{'&' if '?' in path else '?'}lang=en" for path in PAGES)]
    ):
        file = tmp_path / f"{number}.html"
        file.write_bytes(html(server + path))
        names[file.name] = path
    assert check(java, *tmp_path.iterdir(), names=names) == []


def test_a_page_that_is_not_valid_is_found_out(java: str, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<!doctype html><html lang="sv"><title>x</title><p id="a"><p id="a"><ul><p>x</p></ul>')
    assert len(check(java, page, names={})) == 2


def html(url: str) -> bytes:
    """Return the page at `url`, be it the page of an error."""
    request = urllib.request.Request(url, headers={"Accept": "text/html"})  # noqa: S310 (loopback)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
            body: bytes = answer.read()
    except urllib.error.HTTPError as error:
        with error:
            body = error.read()
    return body


def check(java: str, *files: Path, names: dict[str, str]) -> list[str]:
    """Return the errors in `files`, each with the page that it is on."""
    ended = subprocess.run(
        [java, "-Xss4m", "-jar", VNU, "--format", "json", "--errors-only", "--exit-zero-always", *files],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    found: list[dict[str, Any]] = json.loads(ended.stderr or ended.stdout)["messages"]
    return [
        f"{names.get(each['url'].rpartition('/')[2])}: {each['message']} {each.get('extract', '')!r}"
        for each in found
    ]
