"""Pages and documents of one entity.

Imports `web.html` and `web.http`. Begin with `routes`.
"""
