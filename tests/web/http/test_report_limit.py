"""How many reports one client may send in an hour."""

import pytest

from graph.core.errors import TooManyRequests
from web.http.report_limit import ReportLimit


def send(limit: ReportLimit, client: str = "192.0.2.1") -> None:
    limit.check(client)
    limit.count(client)


def _send_two(limit: ReportLimit) -> None:
    send(limit)
    send(limit)


def test_reports_above_the_limit_wait_and_flow_back_within_the_hour() -> None:
    now = 0.0
    limit = ReportLimit(3, clock=lambda: now)
    for _ in range(3):
        send(limit)
        now += 1
    send(limit, "192.0.2.2")
    now -= 3  # a clock that stands still does not refill
    with pytest.raises(TooManyRequests) as refused:
        _send_two(limit)
    assert refused.value.faults[0].rule == "UTSAGA_CLIENT_REPORTS"
    wait = refused.value.retry_after
    assert wait
    assert 0 < wait <= 1_300
    now += wait
    send(limit)


def test_nobody_waits_without_a_limit_or_on_this_machine() -> None:
    for limit, client in ((ReportLimit(0), "192.0.2.1"), (ReportLimit(1), "127.0.0.1")):
        for _ in range(20):
            send(limit, client)
