"""Files of the site as its `utsaga.toml` has them: the stylesheet of its colours, and its logo."""

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, Response, send_file
from werkzeug.wrappers import Response as FileResponse

from graph.core.errors import NotFound
from graph.core.site import SITE

blueprint = Blueprint("site_files", __name__)

_MAX_AGE: Final = 3600  # seconds


@blueprint.get("/site.css")
def colours() -> Response:
    """Return the colours of the site as custom properties of CSS."""
    light = {name: value for name, value in SITE.colours.items() if name != "dark"}
    text = _rule("not all and (prefers-color-scheme: dark)", light)
    text += _rule("(prefers-color-scheme: dark)", SITE.colours.get("dark", {}))
    response = Response(text, content_type="text/css; charset=utf-8")
    response.cache_control.max_age = _MAX_AGE
    return response


@blueprint.get("/site-logo")
def logo() -> FileResponse:
    """Return the logo of the site; raise NotFound if it has none."""
    if SITE.logo is None or not SITE.logo.is_file():
        raise NotFound("The site has no logo", rule="logo", remedy="name a file in utsaga.toml")
    return send_file(SITE.logo.resolve(), max_age=_MAX_AGE)


def _rule(media: str, values: Mapping[str, str]) -> str:
    """Return the rule with the colours for one of the schemes, which leaves those of the other alone."""
    properties = "".join(f"  --{name}: {value};\n" for name, value in values.items())
    return f"@media {media} {{\n:root {{\n{properties}}}\n}}\n" if values else ""
