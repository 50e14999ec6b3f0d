"""The release for machines: its description as a page and as VoID and DCAT, and its files to download.

https://www.w3.org/TR/void/#well-known, https://www.rfc-editor.org/rfc/rfc8288.
"""

from typing import Final

from flask import Blueprint, Response, redirect, request, send_file, url_for
from werkzeug.wrappers import Response as Redirect

from graph.core.errors import NotFound
from graph.release.publication import Publication
from web.html.app_state import app_state
from web.html.site_context import base
from web.http.negotiation import choose
from web.publish.dataset_page import FORMATS, draw

blueprint = Blueprint("dataset", __name__)

HTML: Final = "text/html"
_FORMAT: Final = f"<any({', '.join(FORMATS)}):extension>"


@blueprint.get("/dataset")
def page() -> Response:
    """Answer with the description as a page or as RDF, as the client prefers."""
    chosen = choose(request.headers.get("Accept", ""), (HTML, *FORMATS.values()))
    if chosen == HTML:
        response = Response(draw(published(), app_state().entities).render())
    else:
        extension = next(key for key, type_ in FORMATS.items() if type_ == chosen)
        response = data(extension)
        response.headers["Content-Location"] = url_for(".data", extension=extension)
    for extension, type_ in FORMATS.items():
        address = url_for(".data", extension=extension)
        response.headers.add("Link", f'<{address}>; rel="alternate"; type="{type_}"')
    return response


@blueprint.get(f"/dataset.{_FORMAT}")
def data(extension: str) -> Response:
    """Answer with the description in a format of RDF."""
    media_type = FORMATS[extension]
    body = published().document(media_type, base(), app_state().settings.contact)
    return Response(body, content_type=media_type)


@blueprint.get("/.well-known/void")
def void() -> Redirect:
    """Send on to the description: in VoID's own place it is looked for first."""
    published()
    return redirect(url_for(".page"), 303)


@blueprint.get("/download/<name>")
def download(name: str) -> Response:
    """Answer with one of the files, straight from the disk."""
    path = published().file(name)
    if path is None:
        raise NotFound(f"There is no file “{name}”", rule="file", remedy="choose one of /dataset")
    digest = next((each.digest for each in published().dumps if each.name == name), False)
    kind = "application/gzip" if digest else "text/plain"
    return send_file(path, mimetype=kind, download_name=name, as_attachment=True, etag=digest)


def published() -> Publication:
    """Return what is published; raise NotFound where nothing is."""
    found = app_state().publication
    if found is None:
        raise NotFound(
            "This server has no release to describe",
            rule="published release",
            remedy="serve a release built with utsaga build",
        )
    return found
