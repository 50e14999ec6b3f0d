"""The documentation of the program: the Markdown files of `docs/` as pages of the site.

Imports `web.html` and `web.http`. Begin with `routes`.
"""
