"""One worker: a process that holds a store open for reading and answers one question after another.

It is forked from a small process that holds no store. Queries run on a thread with a large stack, since the
engine recurses as deep as a query is nested; a query that still overflows it, or that asks for more memory
than the limit, ends this process and no other.
"""

import ctypes
import os
import resource
import select
import threading
from collections.abc import Callable
from ctypes import c_uint64
from functools import partial
from itertools import count
from pathlib import Path
from socket import socket
from time import thread_time
from typing import Final

from graph.core.errors import Unavailable, UtsagaError
from graph.core.settings import Settings
from graph.query.evaluate import evaluate
from graph.query.store import ReleaseStore
from graph.rdf.query_types import Answer, Question
from graph.scheduling import schedule
from graph.workers.ipc import Channel

QUICK: Final = (3, 0.001)  # how much nicer than the web process, and for how many seconds at a time
STEADY: Final = (10, 0.02)  # the same while a query may take long: a quick one goes before it
_THIS: Final = 0  # this thread, and those that it starts
WITHDRAWN: Final = 1 << 32  # two numbers are one, so that nobody ever sees one of them without the other
STACK_BYTES: Final = 256 << 20
_NEW_USER: Final = 0x10000000  # from linux/sched.h
_NEW_NETWORK: Final = 0x40000000


def main(end: socket, withdrawn: c_uint64, path: Path, union: bool, settings: Settings) -> None:
    """Answer the questions that come by a channel's `end` on the store at `path` until it is closed.

    Some are not begun any more: those behind the one whose number times WITHDRAWN is the larger part of
    `withdrawn`, up to the one whose number is the rest.
    """
    schedule(_THIS, *QUICK)
    isolated = not settings.services and leave_network()
    resource.setrlimit(resource.RLIMIT_AS, (settings.memory_bytes, settings.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    threading.stack_size(STACK_BYTES)
    opened = partial(ReleaseStore.open, path, union=union)
    threading.Thread(target=_serve, args=(Channel(end), withdrawn, opened, settings, isolated)).start()
    hang_up = select.poll()
    hang_up.register(end, select.POLLRDHUP)
    hang_up.poll()
    os._exit(0)  # whoever asked is gone, and a query cannot be stopped otherwise


def leave_network() -> bool:
    """Move this process to a network of its own, with no way out; tell whether that worked."""
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.unshare(_NEW_USER | _NEW_NETWORK) == 0)


def _serve(
    channel: Channel,
    withdrawn: c_uint64,
    opened: Callable[[], ReleaseStore],
    settings: Settings,
    isolated: bool,
) -> None:
    store = opened()
    channel.send((threading.get_native_id(), isolated))
    for number in count(1):
        try:
            question = Question.of(channel.receive()[0])
        except (EOFError, OSError):
            return
        last_begun, last_withdrawn = divmod(withdrawn.value, WITHDRAWN)
        if last_begun < number <= last_withdrawn:
            channel.send((None, thread_time()))
        else:
            _reply(channel, partial(evaluate, store, question, settings))


def _reply(channel: Channel, run: Callable[[], Answer]) -> None:
    """Send what `run` gives, an answer with its file if it has one or an error, and the time it all took."""
    found: Answer | UtsagaError
    try:
        found = run()
    except UtsagaError as error:
        found = error
    except MemoryError:
        os.abort()
    except Exception as error:  # an engine's own fault must not end the conversation unanswered
        found = Unavailable(f"The query could not be answered: {error}", where="query")
    if isinstance(found, UtsagaError):
        channel.send((found, thread_time()))
    elif isinstance(found.body, bytes):
        channel.send(((*found,), thread_time()))  # not an Answer, which takes thrice as long to pickle
    else:
        with found.body as file:
            channel.send(((*found._replace(body=b""),), thread_time()), file)
