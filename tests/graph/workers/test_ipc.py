"""Whole messages between two ends, with a file or without, long ones too."""

import os
import resource
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from graph.workers.ipc import Channel


@pytest.fixture
def ends() -> Iterator[tuple[Channel, Channel]]:
    one, other = map(Channel, Channel.pair())
    yield one, other
    one.close()
    other.close()


@pytest.mark.parametrize("size", [0, 1, 65_000, 65_536, 1_000_000])
def test_what_is_sent_is_received_whole(ends: tuple[Channel, Channel], size: int) -> None:
    sent = (b"x" * size, "å" * size)
    ends[0].send(sent)
    ends[0].send("next")
    assert ends[1].receive() == (sent, None)
    assert ends[1].receive() == ("next", None)


def test_a_file_goes_along(ends: tuple[Channel, Channel]) -> None:
    with tempfile.TemporaryFile() as file:
        file.write(b"content")
        file.seek(0)
        ends[0].send("what", file)
    what, received = ends[1].receive()
    assert what == "what"
    assert received is not None
    with received:
        assert received.read() == b"content"


def test_no_descriptor_is_left_open(ends: tuple[Channel, Channel]) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    ends[0].send(b"x" * 1_000_000)
    ends[1].receive()
    assert len(list(Path("/proc/self/fd").iterdir())) == before


@contextmanager
def no_file_more() -> Iterator[None]:
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    next_one = os.dup(0)
    os.close(next_one)
    resource.setrlimit(resource.RLIMIT_NOFILE, (next_one, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def test_a_message_whose_file_finds_no_place_is_not_taken_for_one_without(
    ends: tuple[Channel, Channel],
) -> None:
    ends[0].send(b"x" * 1_000_000)
    with tempfile.TemporaryFile() as file:
        ends[0].send("what", file)
    ends[0].send("next")
    with no_file_more():
        for _ in range(2):
            with pytest.raises(OSError, match="Too many open files"):
                ends[1].receive()
        assert ends[1].receive() == ("next", None)


def test_a_wait_has_its_limit(ends: tuple[Channel, Channel]) -> None:
    ends[1].limit_waits(0.01)
    with pytest.raises(BlockingIOError):
        ends[1].receive()
    ends[0].send(1)
    assert ends[1].receive() == (1, None)


@pytest.mark.parametrize("unread", [False, True])
def test_the_end_is_told(ends: tuple[Channel, Channel], unread: bool) -> None:
    if unread:
        ends[1].send("nobody reads this")
    ends[0].close()
    with pytest.raises(EOFError):
        ends[1].receive()
    with pytest.raises(OSError, match=os.strerror(32)):
        ends[1].send("to nobody")


@pytest.mark.parametrize("size", [50_000, 100_000])
def test_who_need_not_wait_is_told_when_there_is_no_room(ends: tuple[Channel, Channel], size: int) -> None:
    sent = 0

    def send_on() -> None:
        nonlocal sent
        while True:
            ends[0].send(b"x" * size, wait=False)
            sent += 1

    with pytest.raises(BlockingIOError):
        send_on()
    assert sent
    assert all(ends[1].receive() == (b"x" * size, None) for _ in range(sent))
