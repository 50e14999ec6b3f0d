"""The SPARQL endpoint and its pages: protocol, editor, stored queries, results as table, chart, map, graph.

Imports `web.html` and `web.http`. Begin with `protocol`.
"""
