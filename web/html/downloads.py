"""The files with the whole graph, which are offered to clients that ask for much."""

from http import HTTPStatus

from graph.release.publication import Publication
from web.html.app_state import app_state
from web.http.problem_json import Download


def whole_downloads(publication: Publication | None) -> tuple[Download, ...]:
    """Return the files of `publication` that hold the whole release."""
    if publication is None:
        return ()
    return tuple(
        Download(f"/download/{each.name}", each.format.media_type, each.size)
        for each in publication.dumps
        if each.whole
    )


def offered_downloads(status: int) -> tuple[Download, ...]:
    """Return what the response with an error `status` offers to whoever asks too much."""
    return whole_downloads(app_state().publication) if status == HTTPStatus.TOO_MANY_REQUESTS else ()
