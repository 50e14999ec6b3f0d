"""PromQL expressions of the metrics in the table: https://prometheus.io/docs/prometheus/latest/querying/basics/."""

from web.http.metric_table import metric


def selector(name: str, job: str, *matchers: str) -> str:
    """Return the metric `name` of the scrape job that `job` matches, as `matchers` narrow it.

    Raise KeyError if there is no such metric.
    """
    row = metric(name)
    exposed = f"{name}_bucket" if row.type == "histogram" else name
    return f"{exposed}{{{', '.join([job, *matchers])}}}"


def rate(name: str, job: str, window: str, *matchers: str, by: str = "") -> str:
    """Return how much a counter grows in a second, summed over servers, for each value of the label `by`."""
    return f"sum{_by(by)} (rate({selector(name, job, *matchers)}[{window}]))"


def quantile(share: float, name: str, job: str, window: str, *matchers: str, by: str = "") -> str:
    """Return what `share` of the values of a histogram are at most, for each value of the label `by`."""
    labels = f"le, {by}" if by else "le"
    return f"histogram_quantile({share:g}, {rate(name, job, window, *matchers, by=labels)})"


def _by(labels: str) -> str:
    return f" by ({labels})" if labels else ""
