"""What our home page has beside the parts of any site: who has their e-mail with large American providers."""

from flask import render_template
from markupsafe import Markup

from sweden.mail_share import read_mail_share
from sweden.municipality_map import current_map
from web.html.app_state import app_state


def section() -> Markup:
    """Return the section on e-mail, or nothing if none was observed."""
    mail = read_mail_share(current_map())
    if mail is None:
        return Markup("")
    return Markup(  # noqa: S704 (a template of ours, which escapes)
        render_template("home/mail_share.html", mail=mail, query_names=frozenset(app_state().stored_queries))
    )
