"""How a site is to be run: where the server listens and keeps its data, and what stands in front of it."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urlsplit

from graph.core.errors import BadInput
from graph.core.settings import PREFIX, Settings
from graph.core.site import VARIABLE

DATA: Final = "/var/lib/utsaga"  # where a service may write, by the file-system hierarchy
_CERTIFICATES: Final = "/etc/letsencrypt/live"  # of certbot


@dataclass(frozen=True)
class Deployment:
    """The choices beside the settings.

    `name` is the host name in the public address, or empty. `behind` has the networks of proxies in front of
    this one. `program` is the command, `site` the folder of a site that was named, `pull` the address that
    releases are fetched from.
    """

    settings: Settings
    name: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    tls: bool = True
    certificate: str = ""
    key: str = ""
    behind: tuple[str, ...] = ()
    proxy_protocol: bool = False
    program: str = ""
    site: str = ""
    pull: str = ""

    @classmethod
    def of(cls, settings: Settings, environment: Mapping[str, str] = os.environ, **chosen: Any) -> Self:
        """Return the deployment with `settings` and what was `chosen`; the rest is of this installation."""
        site = environment.get(VARIABLE, "")
        found: dict[str, Any] = {
            "name": urlsplit(settings.public_base).hostname or "",
            "program": str(Path(sys.executable).with_name("utsaga")),
            "site": str(Path(site).resolve()) if site else "",
        }
        return cls(
            settings, **(found | {name: value for name, value in chosen.items() if value not in (None, ())})
        )

    @property
    def public_name(self) -> str:
        """The host name that clients use; raise BadInput if it is not known."""
        if not self.name:
            raise BadInput(
                "the public address of the site is not known",
                where=f"{PREFIX}PUBLIC_BASE",
                rule="server name",
                remedy=f"set {PREFIX}PUBLIC_BASE, or name the host with --name",
            )
        return self.name

    @property
    def certificate_file(self) -> str:
        """The file with the certificates of TLS."""
        return self.certificate or f"{_CERTIFICATES}/{self.public_name}/fullchain.pem"

    @property
    def key_file(self) -> str:
        """The file with the key of the certificate."""
        return self.key or f"{_CERTIFICATES}/{self.public_name}/privkey.pem"

    @property
    def trusted_hops(self) -> int:
        """The number of proxies whose X-Forwarded-For is trusted: the one in front of the server at least."""
        return max(1, self.settings.trusted_hops)

    def address(self, port: int) -> str:
        """Return the host that the server listens on with `port`; an IPv6 address stands in brackets."""
        return f"[{self.host}]:{port}" if ":" in self.host else f"{self.host}:{port}"

    def environment(self, data: str = DATA) -> dict[str, str]:
        """Return the variables for a server that keeps its data in the folder `data`.

        What the site's own file says is read by the server itself.
        """
        said = Settings.from_environment({})
        variables = {
            PREFIX + each.name.upper(): _text(getattr(self.settings, each.name))
            for each in fields(Settings)
            if getattr(self.settings, each.name) != getattr(said, each.name)
        }
        variables[f"{PREFIX}RELEASES"] = f"{data}/releases"
        if self.settings.reports:
            variables[f"{PREFIX}REPORTS"] = f"{data}/reports"
        if self.name:
            scheme = "https" if self.tls else "http"
            variables.setdefault(f"{PREFIX}PUBLIC_BASE", f"{scheme}://{self.name}")
        return variables | {f"{PREFIX}TRUSTED_HOPS": str(self.trusted_hops)}


def _text(value: object) -> str:
    """Return a value of a setting as the environment has it."""
    if isinstance(value, bool):
        return str(value).lower()
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)
