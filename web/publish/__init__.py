"""Resources for programs: data set, feeds, sitemap, releases, resolver, schema.org, OpenAPI, health.

Imports `web.entities`, `web.html` and `web.http`. Begin with `dataset`.
"""
