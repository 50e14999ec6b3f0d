"""Short programs and formulas that read a result from its address: in spreadsheets, R, Python and a shell."""

import shlex
from dataclasses import dataclass


@dataclass(frozen=True)
class Snippet:
    """A program or formula for a tool that reads a result; `note` is the key of a message on it."""

    tool: str
    code: str
    note: str = ""


def table_snippets(url: str) -> tuple[Snippet, ...]:
    """Return the snippets for a table, of which the whole address as CSV is `url`, percent-encoded."""
    return (
        Snippet("Excel", url, "snippet.excel"),
        Snippet("Google Sheets", f'=IMPORTDATA("{url}")', "snippet.sheets"),
        Snippet("R", f'answer <- read.csv("{url}")\nhead(answer)'),
        Snippet("pandas", f'import pandas as pd\n\nanswer = pd.read_csv("{url}")\nprint(answer.head())'),
        Snippet("curl", f"curl -o answer.csv {shlex.quote(url)}"),
    )


def graph_snippets(url: str) -> tuple[Snippet, ...]:
    """Return the snippets for a graph, of which the whole address as Turtle is `url`, percent-encoded."""
    program = (
        f'from rdflib import Graph\n\ngraph = Graph().parse("{url}", format="turtle")\nprint(len(graph))'
    )
    return Snippet("Python", program), Snippet("curl", f"curl -o answer.ttl {shlex.quote(url)}")
