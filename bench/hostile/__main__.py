"""Runs the hostile corpus: python -m bench.hostile --help."""

from bench.hostile.cli import main

if __name__ == "__main__":
    main()
