"""A site at an address, read over HTTP: every Utsaga that runs can be read by agents."""

from collections.abc import Mapping
from functools import cached_property

from graph.client.errors import RefusedError, UnansweredError
from graph.client.transport import Transport
from graph.core.errors import Unavailable
from web.mcp.questions import PATH
from web.mcp.refusals import Refusal
from web.mcp.site import Reply, read_json


class RemoteSite:
    """A site, while one request of an agent is answered."""

    def __init__(self, transport: Transport, release: str = "") -> None:
        """Read by `transport`, of the `release` with that id if it is not empty."""
        self._transport = transport
        self._wanted = {"release": release} if release else {}

    @cached_property
    def release(self) -> str | None:
        """The id of the release, or None if the data have none; raises Refusal or Unavailable."""
        found: str | None = read_json(self, PATH, {})["release"]
        return found

    def get(self, path: str, arguments: Mapping[str, str], accept: str) -> Reply:
        """Return the response to a GET of `path` with `arguments`; raise Refusal or Unavailable."""
        try:
            response = self._transport.get(path, {**arguments, **self._wanted}, accept)
        except RefusedError as error:
            raise Refusal.of_client(error) from error
        except UnansweredError as error:
            remedy = "check the address that utsaga mcp --url was given, or try again later"
            raise Unavailable(
                str(error), where=self._transport.address, rule="--url", remedy=remedy
            ) from error
        return Reply(response.status, [*response.headers.items()], response.data)
