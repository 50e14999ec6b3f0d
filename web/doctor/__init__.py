"""What is wrong with an installation, and what to do about it: a function for each check.

`checks.py` lists them. May import everything that is served.
"""
