"""The scripts that are bundled when the project is set up: where they are, and how long they may be kept.

Their names hold a digest of their content, so that they never change: https://www.rfc-editor.org/rfc/rfc8246.
Where they have not been built, every page still works, without what they add.
"""

import json
import logging
from pathlib import Path
from typing import Final

from flask import Flask, Response, request, url_for

_LOG: Final = logging.getLogger("graph.assets")
_BUILT: Final = "built"
_NAMES: Final = "names.json"
_KEPT: Final = "public, max-age=31536000, immutable"


def register(app: Flask, folder: Path | None = None) -> None:
    """Give the templates of `app` the addresses of the scripts built in `folder`; log if there are none."""
    folder = folder or Path(app.static_folder or "") / _BUILT
    names = _read(folder / _NAMES)
    app.jinja_env.globals["script_url"] = lambda script: _url(names, script)
    app.after_request(_keep)


def _read(path: Path) -> dict[str, str]:
    """Return the names of the built files by that of their source."""
    try:
        names: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        _LOG.warning("%s is missing: pages do without the editor and the drawn graph; make builds it", path)
        return {}
    return names


def _url(names: dict[str, str], script: str) -> str:
    """Return the URL of the script built from `script`, or nothing if it has not been built."""
    return url_for("static", filename=f"{_BUILT}/{names[script]}") if script in names else ""


def _keep(response: Response) -> Response:
    if request.path.startswith(f"/static/{_BUILT}/") and response.status_code == 200:
        response.headers["Cache-Control"] = _KEPT
    return response
