"""Runs the attacks: python -m bench.strangers --help."""

from bench.strangers.cli import main

if __name__ == "__main__":
    main()
