"""The Reconciliation Service API: version 0.2 at /reconcile, and the routes of 1.0-draft below it.

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/ and
https://reconciliation-api.github.io/specs/1.0-draft/. JSONP, which 0.2 allows and 1.0-draft has removed, is
not supported: CORS headers allow scripts of any site to read every response.
"""

from web.reconcile import extend, preview, suggest
from web.reconcile.match import blueprint

__all__ = ["blueprint"]

for part in (suggest, extend, preview):
    part.add_to(blueprint)
