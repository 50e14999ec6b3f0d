"""Pages of the stored releases: the contents of each, its changes and its files."""

import json
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from flask import Blueprint, Response, url_for

from graph.core.errors import NotFound
from graph.core.namespaces import UTS
from graph.read.entities import Ref
from graph.release.history import Edition, History
from graph.release.publication import Publication
from graph.release.release import Manifest
from web.html.app_state import app_state
from web.html.page_models import Page, Slice
from web.publish.dataset import current_publication, send_dump

blueprint = Blueprint("releases", __name__)

COUNTED: Final = ("Source", "Statement", "Adoption", "Assessment", "Observation")
_MAX_STATEMENTS: Final = 50  # statements of each kind of change on a page; the JSON has all


@dataclass(frozen=True)
class ReleasesPage(Page):
    """The stored releases, newest first."""

    template = "publish/releases.html"
    releases: tuple[Manifest, ...]
    live: str
    counted: ClassVar[tuple[str, ...]] = COUNTED

    def count(self, manifest: Manifest, name: str) -> int:
        """Return the number of entities of the class `name` in a release."""
        return manifest.classes.get(UTS + name, 0)


@dataclass(frozen=True)
class ReleasePage(Page):
    """One release: its counts beside those of the live one, its changes, and its files."""

    template = "publish/release.html"
    edition: Edition
    live: Manifest
    counts: tuple[tuple[str, int, int], ...]  # class, then, now
    statuses: tuple[tuple[Ref, int, int], ...]  # status, then, now
    statements: tuple[tuple[str, Slice[Ref]], ...]  # new, changed or removed since the one before
    graphs: tuple[
        tuple[Ref, int, int], ...
    ]  # that have not as many triples as in the one before: there, here


@blueprint.get("/releases")
def page() -> str:
    """Return the page of all releases."""
    return ReleasesPage(tuple(_history().manifests()), current_publication().manifest.id).render()


@blueprint.get("/releases.json")
def data() -> Response:
    """Return the releases and their counts as JSON, and which is live."""
    live = current_publication().manifest.id
    return json_document([_summary(each) | {"live": each.id == live} for each in _history().manifests()])


@blueprint.get("/releases/<slug:name>")
def release(name: str) -> str:
    """Return the page of one release."""
    edition, live = _history().edition(name), current_publication().manifest
    entities = app_state().entities
    now = _history().edition(live.id).statuses
    statuses = sorted(edition.statuses.keys() | now.keys(), key=lambda each: (-now.get(each, 0), each))
    found = vars(edition.since) if edition.since else {}
    return ReleasePage(
        edition,
        live,
        tuple((each, _count(edition.manifest, each), _count(live, each)) for each in COUNTED),
        tuple(
            (entities.ref(each), edition.statuses.get(each, 0), now.get(each, 0))
            for each in (statuses if edition.statuses else ())
        ),
        tuple(
            (change, Slice(entities.refs(iris[:_MAX_STATEMENTS]), len(iris)))
            for change, iris in found.items()
        ),
        tuple((entities.ref(each), before, here) for each, before, here in edition.graphs),
    ).render()


@blueprint.get("/releases/<slug:name>.json")
def release_data(name: str) -> Response:
    """Return one release as JSON."""
    edition = _history().edition(name)
    document = _summary(edition.manifest)
    document["statuses"] = dict(edition.statuses)
    document["files"] = [
        {"name": each.name, "size": each.size, "sha256": each.digest, "url": _address(name, each.name)}
        for each in edition.dumps
    ]
    if edition.before and edition.since:
        document["since"] = {"release": edition.before.id, **vars(edition.since)}
    return json_document(document)


@blueprint.get("/releases/<slug:name>/<file>")
def download(name: str, file: str) -> Response:
    """Return a dump of a release, read from the disk; raise NotFound if there is none by that name."""
    publication = Publication(_history().release(name))
    path = publication.file(file) if any(each.name == file for each in publication.dumps) else None
    if path is None:
        raise NotFound(
            f"There is no file “{file[:80]}”", rule="file", remedy=f"choose one of /releases/{name}"
        )
    return send_dump(path, next(each for each in publication.dumps if each.name == file))


def _history() -> History:
    return current_publication().history


def _count(manifest: Manifest, name: str) -> int:
    return manifest.classes.get(UTS + name, 0)


def _address(name: str, file: str) -> str:
    return url_for(".download", name=name, file=file, lang=None, content=None)


def _summary(manifest: Manifest) -> dict[str, Any]:
    counts = {each.lower(): _count(manifest, each) for each in COUNTED}
    return {"id": manifest.id, "created": manifest.created, "triples": manifest.triples, "counts": counts}


def json_document(document: Any) -> Response:
    """Return `document` as JSON that caches ask about each time."""
    body = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    return Response(body, content_type="application/json", headers={"Cache-Control": "no-cache"})
