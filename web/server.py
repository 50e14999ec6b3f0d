"""The application as each process of the server starts it: what to serve comes by the environment."""

import os
from pathlib import Path

from flask import Flask

from graph.release import Releases
from graph.store import ReleaseStore
from web import create_app

STORE = "UTSAGA_STORE"
RELEASES = "UTSAGA_RELEASES"
UNION = "UTSAGA_UNION"
PUBLIC_BASE = "UTSAGA_PUBLIC_BASE"


def application() -> Flask:
    """Return the application for the store at UTSAGA_STORE, or for the live release of UTSAGA_RELEASES.

    UTSAGA_PUBLIC_BASE is the address that the world sees, if it is another. Raise Unavailable if there is no
    store.
    """
    public_base = os.environ.get(PUBLIC_BASE)
    if STORE in os.environ:
        store = ReleaseStore.open(Path(os.environ[STORE]), union=UNION in os.environ)
        return create_app(store, public_base=public_base)
    release = Releases(Path(os.environ[RELEASES])).live()
    return create_app(ReleaseStore.open(release.store), public_base=public_base, release=release.manifest)
