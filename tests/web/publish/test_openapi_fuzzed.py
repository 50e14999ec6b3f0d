"""schemathesis makes requests from the OpenAPI description, and finds nothing that is not described."""

import subprocess
import sys
from pathlib import Path

import pytest

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")


@pytest.mark.slow
def test_schemathesis_finds_no_violation(server: str, tmp_path: Path) -> None:
    command = [str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(CONFIGURATION)]
    command += [
        "run",
        f"{server}/openapi.json",
        "--max-examples",
        "3",
        "--phases",
        "examples,coverage,fuzzing",
    ]
    command += ["--continue-on-failure", "--seed", "1", "--max-time", "180", "--request-timeout", "60"]
    run = subprocess.run(command, check=False, capture_output=True, text=True, timeout=600, cwd=tmp_path)
    assert run.returncode == 0, run.stdout[-20_000:]
    assert "Fuzzing" in run.stdout
