"""Counts: statuses and e-mail by municipality and region, the map of these, sources, the coverage of a text.

Imports `graph.read` and what is below it. Begin with `municipality_map`.
"""
