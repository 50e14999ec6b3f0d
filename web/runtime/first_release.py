"""The release that a server builds for itself when it starts and there is none yet."""

from collections.abc import Callable

from graph.core.progress import Progress
from graph.core.site import SITE
from graph.release.releases import Releases


def ensure_release(releases: Releases, notice: Callable[[str], None], progress: Progress) -> None:
    """Build the first release of the site's facts if there is none; raise Unavailable if none can be read.

    A wheel holds the facts and no release: they have a twentieth of its size, and what is built of them fits
    the versions of Oxigraph and Tantivy that are installed. Where there are releases already, nothing is
    built: they may be of other facts than those of the site. `notice` prints that one is built, and
    `progress` how far that is.
    """
    if not releases.all():
        from graph.build import pipeline  # noqa: PLC0415 (its libraries take half a second to import)

        notice(f"There is no release in {releases.home}: building one of {SITE.name}.")
        pipeline.build(releases, progress=progress)
    releases.live()
