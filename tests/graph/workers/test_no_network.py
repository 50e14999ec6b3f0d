"""A worker without a network, because whoever started the server gave it none."""

from pathlib import Path

import pytest

from graph.workers.worker_main import has_no_network

HEAD = "Inter-|   Receive\n face |bytes    packets\n"
LOOPBACK = "    lo:  1  2  3\n"


@pytest.mark.parametrize(
    ("text", "isolated"),
    [
        (HEAD + LOOPBACK, True),
        (HEAD + LOOPBACK + "  eth0: 1 2 3\n", False),
        (HEAD, False),
        ("", False),
    ],
)
def test_a_process_with_loopback_alone_has_none(text: str, isolated: bool, tmp_path: Path) -> None:
    file = tmp_path / "dev"
    file.write_text(text)
    assert has_no_network(file) == isolated


def test_a_process_that_cannot_tell_may_have_one(tmp_path: Path) -> None:
    assert not has_no_network(tmp_path / "gone")
