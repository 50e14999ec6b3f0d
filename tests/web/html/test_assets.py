"""The bundled scripts, and pages without them."""

import logging
from pathlib import Path

import pytest
from flask import Flask, render_template_string

from web.html import assets


def test_pages_work_without_built_scripts(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    app = Flask("web", root_path=str(tmp_path))
    with caplog.at_level(logging.WARNING, logger="graph.assets"):
        assets.register(app, tmp_path)
    assert str(tmp_path / "names.json") in caplog.text
    with app.test_request_context("/"):
        assert render_template_string("[{{ script_url('editor.js') }}]") == "[]"


def test_built_scripts_are_found_by_the_name_of_their_source(tmp_path: Path) -> None:
    (tmp_path / "names.json").write_text('{"editor.js": "editor-ABC.js"}', encoding="utf-8")
    app = Flask("web", root_path=str(tmp_path))
    assets.register(app, tmp_path)
    with app.test_request_context("/"):
        assert render_template_string("{{ script_url('editor.js') }}") == "/static/built/editor-ABC.js"
