"""All files of a release, for `utsaga pull` on another server: their list, and each or a part of it."""

from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response

from graph.core.errors import NotFound
from graph.release.release import Release
from graph.release.release_files import ReleaseFile, read_listing
from web.publish.dataset import current_publication, send_part
from web.publish.releases import json_document

blueprint = Blueprint("release_files", __name__)


@blueprint.get("/releases/<slug:name>/files.json")
def listing(name: str) -> Response:
    """Return the form, and the path, size and digest of each file; raise NotFound without such a list."""
    release = current_publication().history.release(name)
    files = [vars(each) for each in _files(release).values()]
    return json_document({"release": release.manifest.id, "form": release.form, "files": files})


@blueprint.get("/releases/<slug:name>/files/<path:path>")
def download(name: str, path: str) -> Response:
    """Return one of the files or one range of it, read from the disk; raise NotFound for any other."""
    release = current_publication().history.release(name)
    found = _files(release).get(path)
    if found is None:
        remedy = f"choose one of /releases/{name}/files.json"
        raise NotFound(f"There is no file “{path[:80]}”", rule="file", remedy=remedy)
    response = send_part(release.path / found.path, "application/octet-stream", found.sha256)
    response.headers["Cache-Control"] = "no-store"  # each server fetches it once
    return response


def _files(release: Release) -> dict[str, ReleaseFile]:
    """Return the files of a release by path; raise NotFound if the program that made it listed none."""
    found = _read_files(release.path)
    if not found:
        raise NotFound(
            f"The release {release.manifest.id} was made before releases had lists of their files",
            where="release",
            rule="list of files",
            remedy="choose a later one of /releases",
        )
    return found


@lru_cache(4)
def _read_files(folder: Path) -> dict[str, ReleaseFile]:
    return {each.path: each for each in read_listing(folder)}
