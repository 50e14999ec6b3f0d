"""Serving: which release is live, the change to another one, and the server process.

Imports everything in `web`. Begin with `command`.
"""
