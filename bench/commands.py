"""Runs the programs that a measurement needs and reads their output."""

import subprocess
from pathlib import Path


def output_of(*command: str, cwd: Path | None = None) -> str:
    """Return what a command prints, without space around it; raise CalledProcessError if it fails."""
    done = subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True)  # noqa: S603 (our own)
    return done.stdout.strip()
