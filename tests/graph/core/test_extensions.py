"""What the package of a site adds is imported by name, and what cannot be is refused."""

from dataclasses import replace

import pytest

from graph.core import extensions
from graph.core.errors import BadInput
from graph.core.extensions import extension
from graph.core.site import SITE


def _with(monkeypatch: pytest.MonkeyPatch, **given: str) -> None:
    monkeypatch.setattr(extensions, "SITE", replace(SITE, extensions=given))


def test_a_site_without_an_extension_has_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    _with(monkeypatch)
    assert extension("search", {"code": ("x",)}) == {"code": ("x",)}


def test_an_extension_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    _with(monkeypatch, search="string:digits")
    assert extension("search", "") == "0123456789"


@pytest.mark.parametrize("target", ["no_such_module:x", "string:no_such_name", "not a name"])
def test_what_cannot_be_imported_is_refused(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _with(monkeypatch, search=target)
    with pytest.raises(BadInput, match="cannot be imported") as refused:
        extension("search", "")
    assert refused.value.faults[0].where.endswith("utsaga.toml: extensions.search")


def test_a_point_that_does_not_exist_is_refused() -> None:
    extensions.check_points(SITE.extensions)
    with pytest.raises(BadInput, match="“serach” is no extension point"):
        extensions.check_points(["search", "serach"])
