"""Short codes in our data that pages show in words: mail providers, filters and tenants."""

from typing import Final

MESSAGE_PREFIXES: Final = {
    "provider": "provider.",
    "mailProvider": "provider.",
    "mailProviderNow": "provider.",
    "mailGateway": "provider.",
    "microsoftTenant": "tenant.",
}
"""By the name of a property or a column: how the keys of the messages for its values begin."""
