import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from graph.core.errors import BadInput, RequestTimeout, Unavailable
from graph.core.settings import Settings
from web.runtime.request_body import BodyReader

Message = dict[str, Any]
GONE: Message = {"type": "http.disconnect"}
SETTINGS = Settings(bodies_bytes=1000)


def part(body: bytes, *, is_last: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": not is_last}


class Client:
    """Sends messages, and after the last nothing more."""

    def __init__(self, *messages: Message) -> None:
        self.messages, self.received = [*messages], 0

    async def receive(self) -> Message:
        if self.received == len(self.messages):
            await asyncio.Event().wait()
        self.received += 1
        return self.messages[self.received - 1]


def read(client: Client, limit: int = 1000, settings: Settings = SETTINGS) -> bytes:
    return asyncio.run(BodyReader(settings).read(client.receive, limit))


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ([part(b"ASK {}", is_last=True)], b"ASK {}"),
        ([part(b"ASK"), part(b""), part(b" {}"), part(b"", is_last=True)], b"ASK {}"),
        ([part(b"", is_last=True)], b""),
        ([{"type": "http.request"}], b""),
        ([{"type": "http.request", "more_body": True}, {"type": "http.request", "body": b"a"}], b"a"),
    ],
)
def test_a_body_is_read_in_all_its_parts(messages: list[Message], expected: bytes) -> None:
    assert read(Client(*messages)) == expected


@pytest.mark.parametrize(
    ("sizes", "received", "length"),
    [((10,), 1, 10), ((11, 11), 1, 11), ((6, 6, 6), 2, 12), ((100, 1), 1, 100)],
)
def test_of_a_long_body_no_more_is_read_than_shows_that_it_is_long(
    sizes: tuple[int, ...], received: int, length: int
) -> None:
    parts = [part(b"x" * size) for size in sizes]
    parts[-1]["more_body"] = len(parts) > 1
    client = Client(*parts)
    assert len(read(client, limit=10)) == length
    assert client.received == received


@pytest.mark.parametrize("messages", [[GONE], [part(b"ASK"), GONE]])
def test_a_body_that_will_never_be_complete(messages: list[Message]) -> None:
    with pytest.raises(BadInput, match="breaks off"):
        read(Client(*messages))


def test_a_body_that_does_not_come_in_time() -> None:
    with pytest.raises(RequestTimeout) as raised:
        read(Client(part(b"ASK")), settings=Settings(body_seconds=0.01))
    assert raised.value.status == 408
    assert raised.value.faults[0].rule == "UTSAGA_BODY_SECONDS"


def test_the_time_is_that_of_the_whole_body() -> None:
    async def trickle() -> AsyncIterator[Message]:
        while True:
            await asyncio.sleep(0)
            yield part(b"x")

    parts = trickle()
    with pytest.raises(RequestTimeout):
        asyncio.run(BodyReader(Settings(body_seconds=0.05)).read(parts.__anext__, 1 << 60))


def test_all_incomplete_bodies_together_are_bounded() -> None:
    async def several() -> None:
        reader, waiting = BodyReader(SETTINGS), Client(part(b"x" * 600))
        first = asyncio.create_task(reader.read(waiting.receive, 1000))
        await until(lambda: waiting.received == 1)
        with pytest.raises(Unavailable) as raised:
            await reader.read(Client(part(b"y" * 600, is_last=True)).receive, 1000)
        assert raised.value.faults[0].rule == "UTSAGA_BODIES_BYTES"
        assert raised.value.retry_after == 1
        assert await reader.read(Client(part(b"y" * 400, is_last=True)).receive, 1000) == b"y" * 400
        first.cancel()
        await asyncio.wait({first})
        assert await reader.read(Client(part(b"y" * 1000, is_last=True)).receive, 1000) == b"y" * 1000

    asyncio.run(several())


@pytest.mark.parametrize(
    "messages",
    [
        [part(b"x" * 900, is_last=True)],
        [part(b"x" * 900), part(b"x" * 200)],
        [part(b"x" * 900), GONE],
        [part(b"x" * 900)],
    ],
)
def test_a_body_that_is_complete_or_given_up_counts_no_longer(messages: list[Message]) -> None:
    async def twice() -> bytes:
        reader = BodyReader(Settings(bodies_bytes=1000, body_seconds=0.01))
        await asyncio.gather(reader.read(Client(*messages).receive, 2000), return_exceptions=True)
        patient = Client(part(b"y" * 1000, is_last=True))
        return await reader.read(patient.receive, 1000)

    assert asyncio.run(twice()) == b"y" * 1000


async def until(condition: Callable[[], bool]) -> None:
    while not condition():
        await asyncio.sleep(0)
