"""An HTTP server on a free port of the loopback, for doubles of services."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: Any) -> None:
        """Take no notice of clients that hang up."""


@contextmanager
def listening(handler: type[BaseHTTPRequestHandler], **members: Any) -> Iterator[str]:
    """Serve by `handler`, a class that is given `members`, until the end; yield the server's URL."""
    with _Server(("127.0.0.1", 0), type("Handler", (handler,), members)) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
