"""Counts: statuses by register, the map of areas, sources, the coverage of a text.

Imports `graph.read` and what is below it. Begin with `adoption_counts`.
"""
