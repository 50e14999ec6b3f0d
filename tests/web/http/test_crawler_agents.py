"""Which User-Agents declare a crawler."""

import re

import pytest
from crawleruseragents import CRAWLER_USER_AGENTS_DATA

from web.http.crawler_agents import CRAWLER_TAGS, ai_tokens, crawler_name

BROWSERS = [
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Mobile/15E148 Safari/604.1",
    "Lynx/2.9.2 libwww-FM/2.14",
]
PROGRAMS = [
    "",
    "curl/8.14.1",
    "python-requests/2.34.2",
    "Python-urllib/3.13",
    "sparqlwrapper 2.0.0 (rdflib.github.io/sparqlwrapper)",
    "Comunica/4.0 (linux; x64) ActorHttpFetch/4.5.0 Node.js/20",
    "OpenRefine/3.9",
    "Apache-Jena-ARQ/5.5.0",
    "ckanext-dcat",
    "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 1 subscribers)",
    "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
]


@pytest.mark.parametrize("agent", [*BROWSERS, *PROGRAMS])
def test_browsers_programs_feed_readers_and_monitors_are_no_crawlers(agent: str) -> None:
    assert crawler_name(agent) == ""


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot"),
        ("Mozilla/5.0 AppleWebKit/537.36 (compatible; GPTBot/1.2; +https://openai.com/gptbot)", "GPTBot"),
        ("Mozilla/5.0 (compatible; ClaudeBot/1.0; +claudebot@anthropic.com)", "claudebot"),
        ("Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)", "Ahrefs"),
        ("CCBot/2.0 (https://commoncrawl.org/faq/)", "CCBot"),
        ("Fetch/2.0a (CMS Detection/Web/SEO analysis tool, see http://guess.scritch.org)", "Fetch"),
    ],
)
def test_crawlers_are_known_by_name(agent: str, name: str) -> None:
    assert crawler_name(agent) == name


def test_nearly_all_crawlers_of_the_list_are_known_by_their_examples() -> None:
    listed = [each for each in CRAWLER_USER_AGENTS_DATA if not CRAWLER_TAGS.isdisjoint(each["tags"])]
    examples = [example for each in listed for example in each["instances"]]
    unknown = [example for example in examples if not crawler_name(example)]
    assert len(unknown) <= 10 < len(examples) / 100


def test_only_the_beginning_of_a_header_is_looked_at() -> None:
    assert crawler_name("x" * 400 + "GPTBot") == ""


def test_the_names_of_ai_crawlers_can_stand_in_robots_txt() -> None:
    names = ai_tokens()
    assert {"GPTBot", "ClaudeBot", "CCBot", "Google-Extended", "PerplexityBot", "Bytespider"} <= {
        name.replace("claudebot", "ClaudeBot") for name in names
    }
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+", name) for name in names)
    assert not {"Googlebot", "bingbot"} & set(names)
