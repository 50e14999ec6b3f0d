"""The MCP server for agents: tools and resources over what a stranger may ask of the site.

Alone imports the SDK of MCP, and is imported only where it is switched on. Begin with `server`.
"""
