"""Evidence for programs: envelopes of statements as JSON and JSON-LD, with how to cite them.

Imports `web.html` and what is below it. Begin with `documents`.
"""
