"""The bundled scripts: their URLs and their caching headers.

Their names contain a digest of their content, so that they are immutable:
https://www.rfc-editor.org/rfc/rfc8246. If they have not been built, pages work without them.
"""

import json
import logging
from pathlib import Path
from typing import Final

from flask import Flask, Response, request, url_for

_LOG: Final = logging.getLogger("graph.assets")
_BUILT: Final = "built"
_NAMES: Final = "names.json"
_IMMUTABLE: Final = "public, max-age=31536000, immutable"


def register(app: Flask, folder: Path | None = None) -> None:
    """Add `script_url` to the templates of `app` for the scripts built in `folder`; log if none are."""
    folder = folder or Path(app.static_folder or "") / _BUILT
    names = _read_names(folder / _NAMES)
    app.jinja_env.globals["script_url"] = lambda script: _script_url(names, script)
    app.after_request(_set_cache_control)


def _read_names(path: Path) -> dict[str, str]:
    """Return the names of the built files by the name of their source."""
    try:
        names: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        _LOG.warning("%s is missing: pages have no editor and no graph drawing; make builds it", path)
        return {}
    return names


def _script_url(names: dict[str, str], script: str) -> str:
    """Return the URL of the script built from `script`, or an empty string if it has not been built."""
    return url_for("static", filename=f"{_BUILT}/{names[script]}") if script in names else ""


def _set_cache_control(response: Response) -> Response:
    if request.path.startswith(f"/static/{_BUILT}/") and response.status_code == 200:
        response.headers["Cache-Control"] = _IMMUTABLE
    return response
