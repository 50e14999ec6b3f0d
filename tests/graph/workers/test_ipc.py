"""Messages arrive whole and in order, with a file or without, however long they are."""

import os
import tempfile
from collections.abc import Iterator

import pytest

from graph.workers.ipc import Channel
from tests.processes import no_more_files, open_files


@pytest.fixture
def ends() -> Iterator[tuple[Channel, Channel]]:
    one, other = map(Channel, Channel.pair())
    yield one, other
    one.close()
    other.close()


@pytest.mark.parametrize("size", [0, 1, 65_000, 65_536, 1_000_000])
def test_a_message_is_received_as_it_was_sent(ends: tuple[Channel, Channel], size: int) -> None:
    sent = (b"x" * size, "å" * size)
    ends[0].send(sent)
    ends[0].send("next")
    assert ends[1].receive() == (sent, None)
    assert ends[1].receive() == ("next", None)


def test_messages_about_as_long_as_a_datagram_may_be_are_received_whole(
    ends: tuple[Channel, Channel],
) -> None:
    for size in range((1 << 16) - 50, (1 << 16) + 10):
        ends[0].send(b"x" * size)
        assert ends[1].receive() == (b"x" * size, None)


def test_a_file_is_received_open_at_its_beginning(ends: tuple[Channel, Channel]) -> None:
    with tempfile.TemporaryFile() as file:
        file.write(b"content")
        file.seek(0)
        ends[0].send("message", file)
    message, received = ends[1].receive()
    assert message == "message"
    assert received is not None
    with received:
        assert received.read() == b"content"


def test_no_descriptor_is_left_open(ends: tuple[Channel, Channel]) -> None:
    before = open_files()
    ends[0].send(b"x" * 1_000_000)
    ends[1].receive()
    assert open_files() == before


def test_a_message_whose_file_finds_no_free_descriptor_is_lost_and_the_next_is_not(
    ends: tuple[Channel, Channel],
) -> None:
    ends[0].send(b"x" * 1_000_000)
    with tempfile.TemporaryFile() as file:
        ends[0].send("message", file)
    ends[0].send("next")
    with no_more_files():
        for _ in range(2):
            with pytest.raises(OSError, match="Too many open files"):
                ends[1].receive()
        assert ends[1].receive() == ("next", None)


def test_a_long_message_that_finds_no_free_descriptor_is_not_sent(ends: tuple[Channel, Channel]) -> None:
    with no_more_files(), pytest.raises(OSError, match="Too many open files"):
        ends[0].send(b"x" * 1_000_000)
    ends[0].send("next")
    assert ends[1].receive() == ("next", None)


def test_an_end_that_does_not_block_raises_if_there_is_no_message() -> None:
    one, other = Channel.pair()
    other.setblocking(False)
    with one, other:
        with pytest.raises(BlockingIOError):
            Channel(other).receive()
        Channel(one).send(1)
        assert Channel(other).receive() == (1, None)


@pytest.mark.parametrize("is_unread", [False, True])
def test_a_closed_end_is_noticed_at_the_other(ends: tuple[Channel, Channel], is_unread: bool) -> None:
    if is_unread:
        ends[1].send("never read")
    ends[0].close()
    with pytest.raises(EOFError):
        ends[1].receive()
    with pytest.raises(BrokenPipeError, match=os.strerror(32)):
        ends[1].send("too late")
