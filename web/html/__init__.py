"""The toolkit of pages: page models, language, formatting, template filters, URLs, facets, error pages.

Imports `web.http` and what pages read from `graph`. Begin with `page_models` and `filters`.
"""
