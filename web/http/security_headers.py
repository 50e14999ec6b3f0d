"""The headers that keep a page from doing harm, and a page from being harmed, whatever the data hold.

https://www.w3.org/TR/CSP3/, https://fetch.spec.whatwg.org/#x-content-type-options-header,
https://www.w3.org/TR/permissions-policy/, https://html.spec.whatwg.org/#cross-origin-opener-policies.
One policy holds for every page, the editor's too: its styles are in a shadow tree, which needs none inline.
"""

from typing import Final

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_UNUSED: Final = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
SECURITY: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _UNUSED),
    "Cross-Origin-Opener-Policy": "same-origin",
}
