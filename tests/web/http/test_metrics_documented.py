"""The operators' documents name every metric there is."""

from pathlib import Path

from web.http.metrics import Metrics

OPERATING = (Path(__file__).parents[3] / "docs" / "operating.md").read_text()


def test_every_metric_of_ours_is_documented() -> None:
    body, _ = Metrics().expose()
    names = {line.split()[2] for line in body.decode().splitlines() if line.startswith("# TYPE utsaga_")}
    written = {name for name in names if not name.endswith("_created")}
    assert written
    assert [name for name in sorted(written) if name not in OPERATING] == []
