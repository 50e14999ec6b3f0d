"""Fills in the templates of a kind, each value quoted as its file format wants it."""

import json
import re
from collections.abc import Mapping
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from graph.core.errors import BadInput
from web.deployment.deployment import Deployment
from web.deployment.kinds import Kind

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|_")
_PATH: Final = re.compile(r"/[\w@%+=:,./-]*")
_URL: Final = re.compile(r"https?://[!#-~]+")
_NETWORK: Final = re.compile(r"[0-9A-Fa-f:.]+(?:/[0-9]{1,3})?")


def render(kind: Kind, deployment: Deployment) -> Mapping[str, str]:
    """Return the text of each file of `kind`; raise BadInput for a value that a file cannot hold."""
    check(deployment)
    context = {**kind.context(deployment), "deployment": deployment, "settings": deployment.settings}
    environment = _environment()
    texts = {
        name: environment.get_template(template).render(context) for name, template in kind.files.items()
    }
    return {name: text for name, text in texts.items() if text.strip()}


def check(deployment: Deployment) -> None:
    """Raise BadInput for a name, path or network that would mean something else in a configuration."""
    values = [
        ("--name", _NAME, deployment.name),
        ("--host", _NETWORK, deployment.host),
        ("--certificate", _PATH, deployment.certificate),
        ("--key", _PATH, deployment.key),
        ("utsaga", _PATH, deployment.program),
        ("--site", _PATH, deployment.site),
        ("--pull", _URL, deployment.pull),
        *(("--behind", _NETWORK, each) for each in deployment.behind),
    ]
    for where, pattern, value in values:
        if value and not pattern.fullmatch(value):
            raise _refusal(where, value)
    for name, value in deployment.environment().items():
        if _CONTROL.search(value):
            raise _refusal(name, value)


def _refusal(where: str, value: str) -> BadInput:
    return BadInput(
        f"{value!r} cannot be written into a configuration",
        where=where,
        rule="plain value",
        remedy="use a host name, an address or an absolute path of letters, digits and ./-_",
    )


def _environment() -> Environment:
    environment = Environment(  # noqa: S701 (none of the files is HTML)
        loader=PackageLoader("web.deployment"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"unit": _for_unit, "command": _for_command, "yaml": _for_yaml}
    return environment


def _for_unit(text: str) -> str:
    """Quote a word of a systemd unit: https://www.freedesktop.org/software/systemd/man/systemd.syntax.html."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%") + '"'


def _for_command(text: str) -> str:
    """Quote a word of a command in a unit, in which systemd replaces no variable."""
    return _for_unit(text.replace("$", "$$"))


def _for_yaml(text: str) -> str:
    """Quote a scalar of YAML in which compose replaces no variable."""
    return json.dumps(text.replace("$", "$$"), ensure_ascii=False)
