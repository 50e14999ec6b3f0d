"""Three replicas behind nginx: one is killed, a release is fetched, and no request fails."""

from pathlib import Path

import pytest

from bench.replicas import configuration, demonstrate

pytestmark = [pytest.mark.proxy, pytest.mark.slow]


def test_no_request_fails_when_a_replica_is_killed_and_a_release_is_fetched(tmp_path: Path) -> None:
    told: list[str] = []
    seen, replicas = demonstrate(tmp_path, 6, 16, told.append)
    assert seen.failures == []
    assert set(seen.statuses) == {"200"}
    assert seen.statuses["200"] > 100
    assert {replicas.first, replicas.second} == set(seen.releases)
    assert seen.releases[-1] == replicas.second
    assert sum("were here already" in each for each in told) == 2


def test_the_configuration_is_the_documented_one_with_three_servers(tmp_path: Path) -> None:
    text = configuration(tmp_path, 1, [11, 12, 13])
    assert text.count("server 127.0.0.1:1") == 6
    assert "http_503" in text
    assert "limit_req zone=rate" in text
