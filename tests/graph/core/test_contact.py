"""The address of those who run a site, as a link that is safe to follow."""

import pytest

from graph.core.contact import contact_url
from graph.core.errors import BadInput
from graph.core.settings import Settings


@pytest.mark.parametrize(
    ("contact", "url"),
    [
        ("", ""),
        ("eva@example.org", "mailto:eva@example.org"),
        ("mailto:eva@example.org", "mailto:eva@example.org"),
        ("eva?cc=a&b@example.org", "mailto:eva%3Fcc=a%26b@example.org"),
        ("https://example.org/contact?of=us", "https://example.org/contact?of=us"),
    ],
)
def test_a_mail_address_or_a_web_page_is_a_link(contact: str, url: str) -> None:
    assert contact_url(contact) == url


@pytest.mark.parametrize(
    "contact",
    [
        "javascript:alert(1)",
        "http://example.org/",
        "data:text/html,x",
        "//example.org",
        "https://",
        "https://eva@example.org/",
        'https://example.org/"onclick=',
        "https://example.org/ x",
        "https://[::1",
        "eva@localhost",
        "eva@example.org\nBcc: all@example.org",
        "call us",
        f"https://example.org/{'x' * 400}",
    ],
)
def test_anything_else_is_refused_when_the_settings_are_read(contact: str) -> None:
    with pytest.raises(BadInput) as refused:
        Settings.from_environment({"UTSAGA_CONTACT": contact})
    assert refused.value.faults[0].rule == "UTSAGA_CONTACT"
