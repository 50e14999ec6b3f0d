"""The lists of packages: every locked one, with its version and digests."""

import json
import shutil
import tomllib
from typing import Any

import pytest

from bench.audit import NOT_AUDITED, judge
from bench.sbom import REPOSITORY, python_packages, script_packages


def test_every_locked_package_of_python_is_listed_with_its_digests() -> None:
    listed = json.loads(python_packages())
    assert (listed["bomFormat"], listed["specVersion"]) == ("CycloneDX", "1.5")
    assert listed["metadata"]["component"]["name"] == "utsaga"
    found = {(each["name"], each["version"]) for each in listed["components"]}
    lock = tomllib.loads((REPOSITORY / "uv.lock").read_text(encoding="utf-8"))
    locked = {(each["name"], each["version"]) for each in lock["package"] if each["name"] != "utsaga"}
    assert len(locked) > 100
    assert found == locked
    for each in listed["components"]:
        assert all(file["hashes"] for file in each["externalReferences"]), each["name"]


def test_every_locked_package_of_the_scripts_is_listed() -> None:
    if not shutil.which("npm"):
        pytest.skip("npm is not installed")
    listed = json.loads(script_packages())
    assert listed["bomFormat"] == "CycloneDX"
    found = {
        (each["purl"].partition("/")[2].rpartition("@")[0], each["version"]) for each in listed["components"]
    }
    lock = json.loads((REPOSITORY / "web" / "package-lock.json").read_text(encoding="utf-8"))
    locked = {
        (path.rpartition("node_modules/")[2].replace("@", "%40"), each["version"])
        for path, each in lock["packages"].items()
        if path
    }
    assert len(locked) > 20
    assert found == locked


def package(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "version": "1.0", "vulns": [], **more}


SKIPPED = {"name": "b", "skip_reason": "Dependency not found on PyPI"}
VULNERABLE = package(
    "a", vulns=[{"id": "PYSEC-1", "fix_versions": ["1.1"], "aliases": [], "description": ""}]
)


@pytest.mark.parametrize(
    ("packages", "status", "last"),
    [
        ([package("a"), package("b")], 0, "2 of 2 packages compared."),
        ([VULNERABLE, package("b")], 1, "2 of 2 packages compared."),
        ([VULNERABLE, SKIPPED], 1, "Not compared: b."),
        ([package("a"), SKIPPED], NOT_AUDITED, "Not compared: b."),
        ([SKIPPED], NOT_AUDITED, "cannot be reached from here: nothing was audited."),
    ],
)
def test_the_audit_tells_what_is_known_and_what_could_not_be_asked(
    packages: list[dict[str, Any]], status: int, last: str
) -> None:
    lines, ended = judge(packages)
    assert ended == status
    assert lines[-1].endswith(last)
    assert ("a 1.0: PYSEC-1, mended in 1.1" in lines) == (VULNERABLE in packages)
