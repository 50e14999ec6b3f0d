"""The description by which browsers and programs add the search here: https://github.com/dewitt/opensearch."""

from xml.etree import ElementTree

from flask import Blueprint, Response, url_for

from graph.core.site import SITE
from web.html.i18n import interface_language, translate
from web.html.site_context import base_url

blueprint = Blueprint("opensearch", __name__)

_NAMESPACE = "http://a9.com/-/spec/opensearch/1.1/"
_MEDIA_TYPE = "application/opensearchdescription+xml"
_TERMS = "?q={searchTerms}"


@blueprint.get("/opensearch.xml")
def description() -> Response:
    """Return the addresses of the search as a page, as JSON and as a feed, in the reader's language."""
    root = ElementTree.Element("OpenSearchDescription", xmlns=_NAMESPACE)
    start = base_url()
    plain = {"lang": None, "content": None}
    texts = {"ShortName": SITE.name, "Description": translate("search.opensearch"), "InputEncoding": "UTF-8"}
    for name, words in (texts | {"Language": interface_language()}).items():
        ElementTree.SubElement(root, name).text = words
    icon = ElementTree.SubElement(root, "Image", width="32", height="32", type="image/svg+xml")
    icon.text = start + url_for("static", filename="mark.svg")
    search = start + url_for("search.page", **plain)
    for media_type, path in (
        ("text/html", search),
        ("application/json", f"{search}.json"),
        ("application/atom+xml", f"{search}.atom"),
    ):
        ElementTree.SubElement(root, "Url", type=media_type, rel="results", template=path + _TERMS)
    own = start + url_for(".description", **plain)
    ElementTree.SubElement(root, "Url", type=_MEDIA_TYPE, rel="self", template=own)
    body = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(body, content_type=_MEDIA_TYPE)
