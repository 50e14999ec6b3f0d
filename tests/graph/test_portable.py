"""What builds, queries and shows pages does without what only Linux has; only worker processes need that."""

import subprocess
import sys
import textwrap

import pytest

WITHOUT_LINUX = """
    import importlib, os, pkgutil, sys

    for name in ("sched_getaffinity", "sched_setaffinity", "fork", "forkpty"):
        if hasattr(os, name):
            delattr(os, name)

    def refuse_proc(event, arguments):
        if event in ("open", "os.listdir", "os.scandir") and str(arguments[0]).startswith("/proc"):
            raise FileNotFoundError(arguments[0])

    sys.addaudithook(refuse_proc)
"""
EVERY_MODULE = """
    for package in ("graph.build", "graph.loading", "graph.query", "graph.read", "graph.cli", "web.app"):
        found = importlib.import_module(package)
        for module in pkgutil.walk_packages(found.__path__, f"{package}."):
            importlib.import_module(module.name)
"""
A_PAGE = """
    from pyoxigraph import RdfFormat, parse

    from graph.backends.in_process import InProcess
    from web.app import create_app
    from web.html.app_state import AppState

    turtle = "<https://w3id.org/utsaga/id/product/a> <http://www.w3.org/2000/01/rdf-schema#label> 'Alfa'@sv ."
    state = AppState.of(InProcess.of(parse(turtle, format=RdfFormat.TURTLE)))
    client = create_app(state).test_client()
    response = client.get("/product/a", headers={"Accept": "text/html"})
    assert response.status_code == 200, response.status
    assert "Alfa" in response.text
    assert client.get("/sparql?query=ASK{?s ?p 'Alfa'@sv}").json["boolean"] is True
    assert "graph.workers.pool" not in sys.modules
"""


@pytest.mark.slow
def test_everything_but_workers_is_imported_and_a_page_is_rendered() -> None:
    script = "".join(map(textwrap.dedent, (WITHOUT_LINUX, EVERY_MODULE, A_PAGE)))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
