"""Compares the locked packages of Python with the database of known vulnerabilities, by pip-audit.

python -m bench.audit

It ends with 0 if nothing is known against any package, with 1 if something is, and with 3, saying so, if the
database could not be asked about all of them: https://pypi.org/project/pip-audit/.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import click

REPOSITORY: Final = Path(__file__).parents[1]
NOT_AUDITED: Final = 3
_BIN: Final = Path(sys.executable).parent
_UV: Final = ("export", "--frozen", "--quiet", "--all-groups", "--all-extras", "--no-emit-project")
_AUDIT: Final = ("--disable-pip", "--require-hashes", "--progress-spinner", "off", "--format", "json")


@click.command()
def main() -> None:
    """Compare the packages, print what was found, and end with the status for it."""
    with tempfile.TemporaryDirectory() as folder:
        locked = Path(folder) / "requirements.txt"
        _run("uv", *_UV, "--output-file", str(locked))
        told = _run("pip-audit", "--requirement", str(locked), *_AUDIT)
    lines, status = judge(json.loads(told)["dependencies"])
    click.echo("\n".join(lines))
    sys.exit(status)


def judge(packages: list[dict[str, Any]]) -> tuple[list[str], int]:
    """Return what to print about `packages`, as pip-audit has them in JSON, and the status to end with."""
    skipped = [each["name"] for each in packages if "skip_reason" in each]
    found = [_line(each, known) for each in packages for known in each.get("vulns", ())]
    lines = [*found, f"{len(packages) - len(skipped)} of {len(packages)} packages compared."]
    if skipped and len(skipped) == len(packages):
        lines.append("The database of vulnerabilities cannot be reached from here: nothing was audited.")
    elif skipped:
        lines.append(f"Not compared: {', '.join(skipped)}.")
    return lines, 1 if found else NOT_AUDITED if skipped else 0


def _line(package: dict[str, Any], known: dict[str, Any]) -> str:
    mended = ", ".join(known["fix_versions"]) or "no version"
    return f"{package['name']} {package['version']}: {known['id']}, mended in {mended}"


def _run(program: str, *words: str) -> str:
    """Return what a program of the venv prints; pip-audit's status is that of what it found."""
    command = [str(_BIN / program), *words]
    ended = subprocess.run(  # noqa: S603 (the commands above)
        command, cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    if program == "pip-audit" and not ended.stdout.strip():
        click.echo(ended.stderr.strip(), err=True)
        click.echo("The database of vulnerabilities cannot be reached from here: nothing was audited.")
        sys.exit(NOT_AUDITED)
    return ended.stdout


if __name__ == "__main__":
    main()
