"""Checks of the folders: releases, room on the disk, what readers report."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from graph.backends.embedded import Embedded
from graph.core.data_folder import in_data_folder
from graph.core.errors import UtsagaError
from graph.rdf.query_types import QueryRequest
from graph.release.integrity import IntegrityCheck
from graph.release.release import Release
from web.doctor.finding import Finding, Installation, fail, ok, warn

_LEAST_FREE: Final = 200_000_000  # bytes for a build of a small graph
_BUILDS: Final = 3  # a build needs room for this many releases of the live one's size
_ASK: Final = QueryRequest("ASK { ?s ?p ?o }", {"boolean": "application/sparql-results+json"})


def folder(installation: Installation) -> Iterator[Finding]:
    """Check that releases can be written."""
    home = installation.releases.home.absolute()
    nearest = next(each for each in (home, *home.parents) if each.exists())
    if not nearest.is_dir():
        yield fail(f"{nearest} is no folder", "name another with --releases or UTSAGA_RELEASES")
    elif not os.access(nearest, os.W_OK | os.X_OK):
        is_served = installation.releases.is_activated  # and needs no more than to be read
        yield (warn if is_served else fail)(
            f"{nearest} cannot be written: no release can be built here",
            f"give it to the server's user (chown -R {os.geteuid()}), or name another with --releases",
        )
    else:
        yield ok(f"releases are in {home}")


def disk(installation: Installation) -> Iterator[Finding]:
    """Check that there is room for another release."""
    home = installation.releases.home.absolute()
    nearest = next(each for each in (home, *home.parents) if each.is_dir())
    free = shutil.disk_usage(nearest).free
    live = installation.releases.current()
    size = sum(path.stat().st_size for path in live.path.rglob("*") if path.is_file()) if live else 0
    needed = max(_LEAST_FREE, _BUILDS * size)
    if free < max(size, _LEAST_FREE // _BUILDS):
        yield fail(
            f"{free / 1e6:,.0f} MB are free", "make room, or delete old releases: utsaga releases prune"
        )
    elif free < needed:
        yield warn(
            f"{free / 1e6:,.0f} MB are free; a build may need {needed / 1e6:,.0f}",
            "make room, or delete old releases: utsaga releases prune",
        )
    else:
        yield ok(f"{free / 1e9:,.1f} GB are free")


def live(installation: Installation) -> Iterator[Finding]:
    """Check that there is a live release that this version can read."""
    if not installation.releases.all() and not installation.releases.is_activated:
        yield warn("there is no release yet", "run utsaga build, or utsaga serve, which builds the first one")
        return
    yield ok(f"release {installation.releases.live().manifest.id} is live")


def worker(installation: Installation) -> Iterator[Finding]:
    """Check that a query worker starts and answers from the live release."""
    release = _readable(installation)
    if release is None:
        yield warn("no query could be tried: no release is live", "see the check before")
        return
    settings = replace(installation.settings, workers=1, long_queries=1)
    backend = Embedded.start(release.store, settings)
    try:
        backend.answer(_ASK)
    finally:
        backend.close()
    if backend.isolated or settings.services:
        yield ok("a query worker answers" + ("" if settings.services else ", and has no network"))
    else:
        yield ok("a query worker answers; the guard alone keeps queries off the network")


def digests(installation: Installation) -> Iterator[Finding]:
    """Check that the files of the live release have the sizes, or digests, with which they were written."""
    release = _readable(installation)
    if release is None:
        yield warn("no file could be compared: no release is live", "see the check of the live release")
        return
    damaged = IntegrityCheck.of(release.path, None if installation.is_deep else 0).faults()
    for each in damaged:
        yield fail(
            f"{each.where}: {each.message}",
            "activate another release (utsaga releases activate), delete this one and build it again",
        )
    if not damaged:
        compared = "digests" if installation.is_deep else "sizes (--deep compares digests)"
        yield ok(f"the {compared} of the release's files are those that were written")


def reports(installation: Installation) -> Iterator[Finding]:
    """Check that what readers report can be written."""
    if not installation.settings.reports:
        yield ok("readers cannot report errors: UTSAGA_REPORTS is empty")
        return
    place = in_data_folder(installation.settings.reports, installation.environment).absolute()
    nearest = next(each for each in (place, *place.parents) if each.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        yield fail(f"{place} cannot be written", "name another folder with UTSAGA_REPORTS")
    else:
        yield ok(f"what readers report is kept in {place}")


def _readable(installation: Installation) -> Release | None:
    """Return the live release, or None if this version cannot read it."""
    try:
        return installation.releases.live()
    except (UtsagaError, OSError, ValueError, TypeError):
        return None
