"""What the menu has beside the pages of any site."""

from typing import Final

VIEWS: Final = ("map",)
"""The names of blueprints, each with a view `page`."""
