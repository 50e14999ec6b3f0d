"""Writes what the program is made of, in CycloneDX: the locked packages of Python and of the pages' scripts.

python -m bench.sbom [FOLDER]

https://cyclonedx.org/docs/1.5/json/
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import click

REPOSITORY: Final = Path(__file__).parents[1]
_BIN: Final = Path(sys.executable).parent
_UV: Final = ("export", "--frozen", "--quiet", "--format", "cyclonedx1.5", "--all-groups", "--all-extras")
_NPM: Final = ("--prefix", "web", "sbom", "--sbom-format", "cyclonedx", "--package-lock-only")


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path("sbom"))
def main(folder: Path) -> None:
    """Write python.cdx.json and scripts.cdx.json into FOLDER."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("python", python_packages()), ("scripts", script_packages())):
        path = folder / f"{name}.cdx.json"
        path.write_text(text, encoding="utf-8")
        click.echo(path)


def python_packages() -> str:
    """Return the packages in uv.lock, with the digests of their files."""
    return _run(str(_BIN / "uv"), *_UV)


def script_packages() -> str:
    """Return the packages in web/package-lock.json, with their licences and digests."""
    return _run("npm", *_NPM)


def _run(*command: str) -> str:
    environment = {**os.environ, "PATH": f"{_BIN}:{os.environ['PATH']}"}  # Node may be that of the venv
    ended = subprocess.run(  # noqa: S603 (the commands above)
        command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        raise click.ClickException(f"{command[0]}: {ended.stderr.strip()}")
    return ended.stdout


if __name__ == "__main__":
    main()
