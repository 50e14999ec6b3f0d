"""Pages about many entities: home, lists, search, map, timeline, comparison, vocabulary.

Imports `web.entities`, `web.html` and `web.http`. Begin with `lists`.
"""
