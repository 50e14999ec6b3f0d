"""Messages with HTML filled in: sentences about statuses and dates, with links in them."""

from flask import Flask
from markupsafe import Markup, escape

from graph.claims.claims import Adoption
from graph.claims.reasons import beginning
from graph.claims.stopped_uses import StoppedUse
from graph.core.terms import Term
from web.html.dates import date_phrase
from web.html.filters import entity_link, notation
from web.html.i18n import interface_language, messages
from web.html.labels import label


def sentence(key: str, **values: str | Markup) -> Markup:
    """Return the message `key` with `values` filled in, of which only Markup is taken as HTML."""
    return Markup(escape(messages(interface_language())[key][0])).format(**values)  # noqa: S704 (escaped)


def moment(when: Term | None) -> str:
    """Return a date in words with its preposition: “in October 2017”, “on 5 March 2018”; nothing for None."""
    return date_phrase(when.value, "moment.") if when else ""


def stop_sentence(use: StoppedUse) -> Markup:
    """Return a sentence that says who stopped or refused what, when, and whether it was taken up again."""
    stopped = _status_sentence(use.stop)
    if use.resumed is None:
        return Markup("{}.").format(stopped)
    return sentence("story.resumed", stopped=stopped, when=moment(beginning(use.resumed)))


def _status_sentence(adoption: Adoption) -> Markup:
    key = f"story.{notation(adoption.status)}"
    if key not in messages(interface_language()):
        key = "story.other"
    links = {
        name: entity_link(ref) if ref else Markup("")
        for name, ref in (("organisation", adoption.adopter), ("product", adoption.product))
    }
    status = label(adoption.status).value if adoption.status else ""
    return sentence(key, **links, status=status, when=moment(beginning(adoption)))


def register(app: Flask) -> None:
    """Add these filters and functions to the templates of `app`."""
    app.jinja_env.filters.update(moment=moment, stop_sentence=stop_sentence, beginning=beginning)
    app.jinja_env.globals["sentence"] = sentence
