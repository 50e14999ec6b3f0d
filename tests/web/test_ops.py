"""What operators ask."""

from flask.testing import FlaskClient


def test_healthz(pages: FlaskClient) -> None:
    answer = pages.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert "ETag" not in answer.headers
