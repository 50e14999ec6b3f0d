"""For those who watch a server: a Grafana dashboard and Prometheus alert rules, from the table of metrics.

Imports `web.http`. Begin with `dashboard`.
"""
