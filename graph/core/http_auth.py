"""HTTP authentication by user and password, Basic and Digest, as the service asks for it.

https://www.rfc-editor.org/rfc/rfc7617, https://www.rfc-editor.org/rfc/rfc7616. A challenge is remembered, so
that later requests are authorised at once and a large body is not sent twice.
"""

import hashlib
import threading
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Final
from urllib.request import (
    AbstractDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    Request,
    parse_http_list,
    parse_keqv_list,
)

_AUTHORIZATION: Final = "Authorization"
_ALGORITHMS: Final = {"MD5": "md5", "SHA": "sha1", "SHA-256": "sha256"}


class Authenticator:
    """The user and password for one service, at the URL of its root; any thread may use it."""

    def __init__(self, root: str, user: str, password: str) -> None:
        """Take who is authorised at the service, whose URLs begin with `root`."""
        self._root, self._user, self._password = root, user, password
        passwords = HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, root, user, password)
        self._digest = _DigestHandler(passwords)
        self._challenge: tuple[str, dict[str, str]] | None = None
        self._lock = threading.Lock()  # digests number the requests

    def headers(self, method: str, target: str) -> Mapping[str, str]:
        """Return the headers that authorise a request; none before the service has asked for any."""
        with self._lock:
            if self._challenge is None:
                return {}
            scheme, values = self._challenge
            if scheme == "basic":
                pair = b64encode(f"{self._user}:{self._password}".encode()).decode()
                return {_AUTHORIZATION: f"Basic {pair}"}
            request = Request(self._root + target, method=method)  # noqa: S310 (it is not opened)
            return {_AUTHORIZATION: f"Digest {self._digest.get_authorization(request, values)}"}

    def challenge(self, header: str | None) -> bool:
        """Take the header WWW-Authenticate of a 401; return whether it is one that can be met."""
        scheme, _, rest = (header or "").partition(" ")
        values = parse_keqv_list(parse_http_list(rest)) if scheme.lower() == "digest" else {}
        if (
            scheme.lower() not in {"basic", "digest"}
            or values.get("algorithm", "MD5").upper() not in _ALGORITHMS
        ):
            return False
        with self._lock:
            self._challenge = scheme.lower(), values
        return True


class _DigestHandler(AbstractDigestAuthHandler):
    """Digests of UTF-8, and SHA-256 too: https://www.rfc-editor.org/rfc/rfc7616#section-4."""

    def get_algorithm_impls(self, algorithm: str) -> tuple[Callable[[str], str], Callable[[str, str], str]]:
        """Return the functions H and KD of the RFC."""
        name = _ALGORITHMS[algorithm.upper()]

        def digest(text: str) -> str:
            return hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest()

        return digest, lambda secret, data: digest(f"{secret}:{data}")
