"""The commands of the terminal, apart from `serve`.

Imports everything in `graph`. Begin with `group`, which imports the module of a command when it is called.
"""
