"""Immutable releases: manifest, activation, history, change sets, VoID and DCAT descriptions, dumps.

Imports `graph.read` and what is below it. Begin with `releases`.
"""
