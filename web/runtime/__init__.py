"""Serving: the command, the HTTP server, the ASGI application in front of Flask, and which release it serves.

It may import everything else. Begin with `command`, then `asgi`.
"""
