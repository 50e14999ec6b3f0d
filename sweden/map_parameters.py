"""The arguments of the map of Sweden, as the description for programs has them."""

from typing import Any, Final

_TEXTS: Final = {
    "show": "What the map shows",
    "value": "The value that it shows",
    "product": "The slug of a product",
    "county": "The slug of a county",
    "sort": "A column",
}
_MAP: Final[list[dict[str, Any]]] = [
    {"name": name, "in": "query", "schema": {"type": "string"}, "description": text}
    for name, text in _TEXTS.items()
]
PARAMETERS: Final = dict.fromkeys(("/map.csv", "/map.csv-metadata.json"), _MAP)
"""The parameters by the path."""
