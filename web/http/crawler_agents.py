"""Which programs say in their User-Agent that they are crawlers, by the list crawler-user-agents.

https://github.com/monperrus/crawler-user-agents. Libraries of HTTP, readers of feeds, previews of links and
monitors are on that list too: they act for a person, and are no crawlers here.
"""

import re
from functools import cache, lru_cache
from typing import Final

from crawleruseragents import CRAWLER_USER_AGENTS_DATA

CRAWLER_TAGS: Final = frozenset(
    {"search-engine", "seo", "scanner", "advertising", "ai-crawler", "archiver", "academic"}
)
_LONGEST: Final = 300  # characters of a header that are looked at
_ESCAPED: Final = re.compile(r"\\([^\w\s])")
_SPECIAL: Final = re.compile(r"[\\^$.|?*+()\[\]{}]")
_FIRST_OF_CHOICE: Final = re.compile(r"\[(\w)\w*\]")
_TOKEN: Final = re.compile(r"[A-Za-z][\w-]+", re.ASCII)
_AT_WORD: Final = (
    r"(?<![A-Za-z])"  # before a name: “Fetch/” is not meant in “ActorHttpFetch/4.5.0” of Comunica
)
_TOKENS_WITHOUT_AGENT: Final = ("Applebot-Extended",)  # known from robots.txt alone


@lru_cache(maxsize=4096)
def crawler_name(user_agent: str) -> str:
    """Return the name of the crawler that a User-Agent declares, or nothing."""
    sent = user_agent[:_LONGEST]
    return next((_name(name) for name, pattern in _patterns() if pattern.search(sent)), "")


@cache
def ai_tokens() -> tuple[str, ...]:
    """Return the names by which robots.txt addresses crawlers that collect texts for language models."""
    names = {_name(each["pattern"]) for each in CRAWLER_USER_AGENTS_DATA if "ai-crawler" in each["tags"]}
    return tuple(sorted((*filter(_TOKEN.fullmatch, names), *_TOKENS_WITHOUT_AGENT), key=str.lower))


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return each pattern as the list has it, and as it is looked for: at the beginning of a word."""
    return tuple(
        (
            each["pattern"],
            re.compile(f"{_AT_WORD if each['pattern'][0].isalpha() else ''}(?:{each['pattern']})"),
        )
        for each in CRAWLER_USER_AGENTS_DATA
        if not CRAWLER_TAGS.isdisjoint(each["tags"])
    )


def _name(pattern: str) -> str:
    """Return what a pattern says without its choices: “claudebot” for “[cC]laude[bB]ot”."""
    plain = _FIRST_OF_CHOICE.sub(r"\1", _ESCAPED.sub(r"\1", pattern))
    return _SPECIAL.split(plain.lstrip("^"))[0].strip(" /")
