"""Releases on other machines: files fetched from another server, graphs pushed into another engine.

Imports `graph.release`, `graph.backends` and what is below them, and `graph.curation.retry`. Begin with
`pull` and `push`.
"""
