"""The kinds of files that `utsaga gen-config` writes: the template of each file, and what fills it in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from ipaddress import IPv4Network
from typing import Any, Final

from graph.core.site import SITE
from web.deployment.deployment import DATA, Deployment
from web.deployment.proxy_limits import ProxyLimits
from web.monitoring.alert_rules import alert_rules
from web.monitoring.dashboard import dashboard

_NETWORK: Final = IPv4Network(
    "10.213.77.0/29"
)  # between containers, of which the first address is the gateway
Context = Callable[[Deployment], Mapping[str, Any]]


@dataclass(frozen=True)
class Kind:
    """A kind: what it is for, its files with the template of each, and the values that fill them in.

    Every template also has `deployment` and `settings`. A file that remains empty is left out.
    """

    means: str
    files: Mapping[str, str]
    context: Context


def _server(deployment: Deployment) -> Mapping[str, Any]:
    """Return what the files of a server need."""
    return {
        "environment": deployment.environment(),
        "data": DATA,
        "site_name": SITE.name,
        "version": version("utsaga"),
        "open_files": deployment.settings.connections + 1024 + 16 * deployment.settings.worker_count,
        "stop_seconds": int(deployment.settings.seconds + deployment.settings.queue_seconds) + 5,
        "is_offline": not deployment.settings.services,
        "needs_home": deployment.program.startswith(("/home/", "/root/")) or _in_home(deployment.site),
    }


def _in_home(folder: str) -> bool:
    return folder.startswith(("/home/", "/root/"))


def _proxy(deployment: Deployment) -> Mapping[str, Any]:
    """Return what the configuration of a proxy on the same machine needs."""
    return {
        "limits": ProxyLimits.of(deployment.settings),
        "name": deployment.public_name,
        "user": "www-data",
        "upstreams": (deployment.address(deployment.port), deployment.address(deployment.port + 1)),
        "certificate": deployment.certificate_file,
        "key": deployment.key_file,
        "error_log": "/var/log/nginx/error.log",
        "cache": "/var/cache/utsaga",
    }


def _compose(deployment: Deployment) -> Mapping[str, Any]:
    """Return what a server and a proxy in containers need."""
    addresses = {"utsaga": str(_NETWORK[2]), "nginx": str(_NETWORK[3])}
    return {
        **_server(deployment),
        **_proxy(deployment),
        "user": "nginx",
        "network": str(_NETWORK),
        "addresses": addresses,
        "upstreams": (f"{addresses['utsaga']}:8000",),
        "certificate": "/etc/nginx/tls/fullchain.pem",
        "key": "/etc/nginx/tls/privkey.pem",
        "error_log": "stderr",
        "cache": "/var/cache/nginx/utsaga",
    }


def _generated(text: Callable[[], str]) -> Context:
    """Return what the template of a file needs that is made as a whole elsewhere."""
    return lambda _deployment: {"text": text()}


KINDS: Final[Mapping[str, Kind]] = {
    "containerfile": Kind(
        "an image of the server, of the wheel in dist/",
        {"Containerfile": "Containerfile.j2", ".containerignore": "containerignore.j2"},
        _server,
    ),
    "compose": Kind(
        "the server in a container, with nginx in front of it",
        {
            "compose.yaml": "compose.yaml.j2",
            "nginx.conf": "nginx.conf.j2",
            "Containerfile": "Containerfile.j2",
            ".containerignore": "containerignore.j2",
        },
        _compose,
    ),
    "systemd": Kind(
        "units of the server, of its socket, of a build, and with --pull of a timer",
        {
            "utsaga.service": "utsaga.service.j2",
            "utsaga.socket": "utsaga.socket.j2",
            "utsaga-build.service": "utsaga-build.service.j2",
            "utsaga-pull.service": "utsaga-pull.service.j2",
            "utsaga-pull.timer": "utsaga-pull.timer.j2",
            "utsaga.sysusers.conf": "utsaga.sysusers.conf.j2",
        },
        _server,
    ),
    "nginx": Kind("the whole configuration of nginx", {"nginx.conf": "nginx.conf.j2"}, _proxy),
    "caddy": Kind("the whole configuration of Caddy", {"Caddyfile": "Caddyfile.j2"}, _proxy),
    "grafana": Kind(
        "a dashboard of the server's metrics, to import into Grafana",
        {"utsaga-dashboard.json": "generated.j2"},
        _generated(dashboard),
    ),
    "prometheus-alerts": Kind(
        "alert rules for Prometheus", {"utsaga-alerts.yml": "generated.j2"}, _generated(alert_rules)
    ),
}
