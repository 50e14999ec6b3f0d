"""Questions in words → stored queries with their parameters, by rules: no model and no guess.

The rules are data, in `rules`. A question is answered only if one rule explains every word of it. Imports
`graph.read`, `graph.query`, `graph.search` and what is below them. Begin with `finder`; `pattern_parser` says
how a rule is written.
"""
