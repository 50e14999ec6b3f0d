"""Another server of releases, from which files are fetched: https://www.rfc-editor.org/rfc/rfc9110#name-range.

What it sends is checked by the size and digest of its list, and what has been fetched is never fetched again.
"""

import json
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

from graph.core.errors import BadInput, NotFound, Unavailable
from graph.core.http_client import HttpClient, HttpReply, RequestError
from graph.curation.retry import RetryPolicy, TransientError, check_transient, transient
from graph.release.release import FORM, is_release_id
from graph.release.release_files import ReleaseFile, check_paths, file_digest, parse_listing
from graph.replication.part_writer import NotWrittenError, PartWriter

_MAX_REPLY: Final = 1 << 62  # a file has as many bytes as its list says, and no more are written
_MAX_DOCUMENT: Final = 256 << 20  # bytes of JSON
_SECONDS: Final = 900.0  # that one request may take; a file that takes longer goes on with another
_ATTEMPTS: Final = 2  # to get a file undamaged
_BEYOND_THE_END: Final = 416
_AGENT: Final = f"utsaga-pull/{version('utsaga')}"
Received = Callable[[int], None]


class ReleaseServer:
    """The server at a URL, which keeps releases and offers their files."""

    def __init__(self, url: str, policy: RetryPolicy) -> None:
        """Take the URL of its home page; raise BadInput if it is none. Nothing is sent yet."""
        self.url, self._policy = url.rstrip("/"), policy
        try:
            self._client = HttpClient(self.url, limit=_MAX_REPLY)
        except ValueError as error:
            raise BadInput(
                f"“{url}” is not the URL of a server",
                where="URL",
                rule="URL",
                remedy="write one that begins with http:// or https://",
            ) from error
        self._path = urlsplit(self.url).path

    def live(self) -> str:
        """Return the id of the release that is live there; raise Unavailable if it does not say."""
        for each in self._document("/releases.json", list):
            if isinstance(each, dict) and each.get("live") is True and is_release_id(str(each.get("id"))):
                return str(each["id"])
        raise self._unreadable("/releases.json", "says of no release that it is live")

    def files(self, name: str) -> list[ReleaseFile]:
        """Return the files of the release with the id `name`.

        Raise NotFound if it is not kept there, and Unavailable if it has another form than this program
        reads, or if a path of a file leads out of the folder of the release.
        """
        path = f"/releases/{name}/files.json"
        found = self._document(path, dict)
        if found.get("form") != FORM:
            raise Unavailable(
                f"the release {name} there has the form {found.get('form')}, and this program reads {FORM}",
                where=self.url,
                rule="form of releases",
                remedy="have both servers run the same version of utsaga",
            )
        try:
            files = list(parse_listing(found["files"]))
            check_paths(files)
        except (KeyError, TypeError, ValueError) as error:
            raise self._unreadable(path, f"has an entry that is none of a file: {error}") from error
        return files

    def begun(self, place: Path) -> int:
        """Return how many bytes an interrupted call of `fetch` has left of the file at `place`."""
        return _size(_part_of(place))

    def fetch(self, name: str, file: ReleaseFile, place: Path, received: Received) -> None:
        """Write `file` of the release `name` to `place`, which is there only when it is whole and verified.

        A part that an interrupted call has left beside it is completed. `received` is called with the number
        of bytes of each part. Raise Unavailable if the file cannot be had or is damaged, and OSError.
        """
        part = _part_of(place)
        for _ in range(_ATTEMPTS):
            self._complete(name, file, part, received)
            if _size(part) == file.size and file_digest(part) == file.sha256:
                part.replace(place)
                return
            received(-_size(part))
            part.unlink()
        raise Unavailable(
            f"{file.path} came damaged: its bytes are not those that its digest says",
            where=f"{self.url}/releases/{name}/files/{file.path}",
            rule="digest",
            remedy="check the disk of that server; nothing of the release is used here",
        )

    def _complete(self, name: str, file: ReleaseFile, part: Path, received: Received) -> None:
        """Fetch what is missing of `part` while there is more; raise TransientError if nothing comes."""
        while not part.exists() or _size(part) < file.size:
            before = _size(part)
            try:
                self._policy.run(lambda: self._request_rest(name, file, part, received))
            except TransientError:
                if _size(part) <= before:
                    raise
            else:
                if _size(part) <= before:
                    return

    def _request_rest(self, name: str, file: ReleaseFile, part: Path, received: Received) -> None:
        path, have = f"/releases/{name}/files/{quote(file.path)}", _size(part)
        headers = {"User-Agent": _AGENT}
        if have:
            headers |= {"Range": f"bytes={have}-", "If-Range": f'"{file.sha256}"'}
        try:
            with self._client.get_path(self._path + path, headers, _SECONDS) as reply:
                if reply.status == _BEYOND_THE_END:
                    return
                self._check(reply, path)
                continues = have and reply.status == 206 and _starts_at(reply, have)
                if have and not continues:
                    received(-have)
                with PartWriter(part, "ab" if continues else "wb") as out:
                    _copy(reply, out.write, file.size - (have if continues else 0), received)
        except RequestError as error:
            raise transient(f"{file.path} broke off: {error}", self.url) from error
        except NotWrittenError as error:
            raise error.reason from error

    def _document(self, path: str, kind: type) -> Any:
        """Return the JSON at `path`, an object of `kind`."""
        text = self._policy.run(lambda: self._read(path))
        try:
            found = json.loads(text)
        except ValueError as error:
            raise self._unreadable(path, "is not JSON") from error
        if not isinstance(found, kind):
            raise self._unreadable(path, "is of another kind than expected")
        return found

    def _read(self, path: str) -> bytes:
        headers, parts, size = {"User-Agent": _AGENT, "Accept": "application/json"}, [], 0
        try:
            with self._client.get_path(self._path + path, headers, _SECONDS) as reply:
                self._check(reply, path)
                for chunk in reply.chunks:
                    parts.append(chunk)
                    size += len(chunk)
                    if size > _MAX_DOCUMENT:
                        raise self._unreadable(path, f"has more than {_MAX_DOCUMENT:,} bytes")
        except RequestError as error:
            raise transient(f"{path} cannot be had: {error}", self.url) from error
        return b"".join(parts)

    def _check(self, reply: HttpReply, path: str) -> None:
        """Raise the error that the status of `reply` says, if it says one."""
        check_transient(reply.status, reply.headers.get("Retry-After"), self.url)
        if reply.status in {404, 410}:
            raise NotFound(
                f"the server has no {path}",
                where=self.url,
                rule="kept releases",
                remedy="choose a release of its page /releases, and check that it runs the same version",
            )
        if reply.status not in {200, 206}:
            raise Unavailable(
                f"the server answered with the status {reply.status} to {path}",
                where=self.url,
                rule="HTTP",
                remedy="check the URL: redirects are not followed",
            )

    def _unreadable(self, path: str, reason: str) -> Unavailable:
        return Unavailable(
            f"{path} {reason}"[:300],
            where=self.url,
            rule="list of files",
            remedy="check that the URL is of an utsaga server of the same version",
        )


def _copy(reply: HttpReply, write: Callable[[bytes], Any], expected: int, received: Received) -> None:
    """Write at most the bytes that are `expected`, and one more chunk, by which it is seen that more came."""
    for chunk in reply.chunks:
        write(chunk)
        received(len(chunk))
        expected -= len(chunk)
        if expected < 0:
            return


def _starts_at(reply: HttpReply, offset: int) -> bool:
    return reply.headers.get("Content-Range", "").startswith(f"bytes {offset}-")


def _part_of(place: Path) -> Path:
    return place.with_name(f"{place.name}:part")  # no name that a list may have


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
