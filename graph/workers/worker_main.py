"""What a query worker runs: it opens a store for reading and answers one question after another.

It is forked from a small process that holds no store. Queries run on a thread with a large stack, since the
engine recurses as deep as a query is nested. A query that overflows it all the same, or that asks for more
memory than the limit, ends this process and no other.
"""

import ctypes
import os
import resource
import select
import signal
import sys
import threading
import traceback
from pathlib import Path
from socket import socket
from time import thread_time
from typing import Final, NamedTuple, NoReturn

from graph.core.errors import Unavailable, UtsagaError
from graph.core.settings import Settings
from graph.query.evaluate import evaluate
from graph.query.store import ReleaseStore
from graph.rdf.query_types import QueryRequest, QueryResponse
from graph.workers.ipc import Channel

STACK_BYTES: Final = 256 << 20
_NICE: Final = 5  # below the server, which has less to do for each query and everybody to answer
_NEW_USER: Final = 0x10000000  # from linux/sched.h
_NEW_NETWORK: Final = 0x40000000


class Ready(NamedTuple):
    """The first message of a worker: it has the store open.

    `thread` is the system's number of the thread that runs queries; `isolated` says whether the process has
    no network.
    """

    thread: int
    isolated: bool


class Reply(NamedTuple):
    """What became of a question; `cpu_seconds` is the processor time of its thread since that began.

    The body of a large answer is empty here: it is the file that comes with this message.
    """

    result: QueryResponse | UtsagaError
    cpu_seconds: float


def main(end: socket, path: Path, union: bool, settings: Settings) -> None:
    """Answer the questions that come to `end` of a channel, from the store at `path`, until it is closed.

    Exit with status 1 if the store cannot be read or a reply cannot be sent.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # from a terminal it goes to the server too, which ends this
    os.nice(_NICE)
    isolated = not settings.services and (leave_network() or has_no_network())
    resource.setrlimit(resource.RLIMIT_AS, (settings.memory_bytes, settings.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    threading.stack_size(STACK_BYTES)
    threading.Thread(target=_serve, args=(Channel(end), path, union, settings, isolated)).start()
    hang_up = select.poll()
    hang_up.register(end, select.POLLRDHUP)
    hang_up.poll()
    os._exit(0)  # the server is gone, and a query cannot be cancelled


def leave_network() -> bool:
    """Move this process to a network of its own, with no way out; return whether that worked."""
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.unshare(_NEW_USER | _NEW_NETWORK) == 0)


def has_no_network(interfaces: Path = Path("/proc/self/net/dev")) -> bool:
    """Return whether this process has no network to leave, as where a service manager gave it none.

    The file `interfaces` lists those that it has: https://man7.org/linux/man-pages/man5/proc_pid_net.5.html.
    """
    try:
        lines = interfaces.read_text().splitlines()[2:]
    except OSError:
        return False
    return [line.partition(":")[0].strip() for line in lines] == ["lo"]


def _serve(channel: Channel, path: Path, union: bool, settings: Settings, isolated: bool) -> None:
    try:
        _answer_all(channel, path, union, settings, isolated)
    except (EOFError, ConnectionError):  # the server is gone
        return
    except UtsagaError as error:  # the store cannot be opened
        print(error, file=sys.stderr, flush=True)
        os._exit(1)
    except BaseException:  # the other thread would wait on, and the server for a reply
        traceback.print_exc()
        os._exit(1)


def _answer_all(channel: Channel, path: Path, union: bool, settings: Settings, isolated: bool) -> NoReturn:
    store = ReleaseStore.open(path, union=union)
    channel.send(Ready(threading.get_native_id(), isolated))
    while True:
        question, _ = channel.receive()
        _send(channel, _run(store, question, settings))


def _run(store: ReleaseStore, question: QueryRequest, settings: Settings) -> QueryResponse | UtsagaError:
    try:
        return evaluate(store, question, settings)
    except UtsagaError as error:
        return error
    except MemoryError:
        os.abort()
    except Exception as error:  # an engine's own fault must not leave the question without a reply
        return Unavailable(f"The query could not be answered: {error}", where="query")


def _send(channel: Channel, result: QueryResponse | UtsagaError) -> None:
    if isinstance(result, UtsagaError) or isinstance(result.body, bytes):
        channel.send(Reply(result, thread_time()))
    else:
        with result.body as file:
            channel.send(Reply(result._replace(body=b""), thread_time()), file)
