"""The first requests of an application, which it makes itself: no reader waits for what is slow at first."""

import json
from http import HTTPStatus
from urllib.parse import urlencode

from werkzeug.test import create_environ

from graph.core.site import SITE
from graph.core.translations import choose
from graph.query import stored
from web.html.i18n import LANGUAGES
from web.runtime.live_application import ServedApplication


def warm(served: ServedApplication) -> None:
    """Have every stored query answered once in all formats and languages, and what else is slow at first.

    That is reading the words of the editor, matching a name, and reading a question in words. A query that
    does not answer in its time is skipped: it would not in another format either. So is one that asks other
    endpoints, whose answers are not kept.
    """
    for name in (each.name for each in stored.load_queries().values() if not each.services):
        addresses = [f"/queries/{name}.{extension}" for extension in ("json", "csv", "tsv", "xml")]
        addresses += [f"/queries/{name}?lang={language}" for language in LANGUAGES]
        for address in addresses:
            if _get(served, address) != HTTPStatus.OK:
                break
    _get(served, "/query/terms.json")
    questions = (each.title for each in stored.load_queries().values())
    question = next((choose(each)[1] for each in questions), SITE.name)
    _get(served, f"/reconcile?{urlencode({'queries': json.dumps({'q': {'query': SITE.name}})})}")
    _get(served, f"/search.json?{urlencode({'q': question})}")


def _get(served: ServedApplication, address: str) -> int:
    """Return the status of the response to an address, which is kept if it lasts."""
    response = served.cache.fetch(create_environ(address), served.app)
    response.close()
    return response.status
