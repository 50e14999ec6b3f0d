"""Answers a stranger's query: guards it, runs it and writes the whole answer in the chosen format."""

import re
from collections.abc import Mapping
from typing import Final, cast

import pyoxigraph as ox

from graph.core.errors import BadInput, Forbidden, NotAcceptable, Unavailable
from graph.core.iris import check_iri_length
from graph.core.settings import DEFAULTS, Settings
from graph.query import guard
from graph.query.lexer import line_and_column
from graph.query.quick_guard import quick_check
from graph.query.store import ReleaseStore
from graph.rdf import formats
from graph.rdf.formats import Form, Format
from graph.rdf.query_types import DEFAULT_DATASET, Answer, Question
from graph.rdf.result_buffer import ResultBuffer
from graph.rdf.writer import write_triples

_NO_FUNCTION: Final = "The custom function"  # what the engine says of a function that it does not have


def evaluate(store: ReleaseStore, question: Question, settings: Settings = DEFAULTS) -> Answer:
    """Return the answer of `store` to `question`, within the settings that one process alone can keep.

    Raise Forbidden for what the guard refuses and for functions the engine lacks, BadInput for what is not
    SPARQL, NotAcceptable for what the format cannot express, TooLarge for an answer over the limit, and
    Unavailable if reading the store fails.
    """
    verdict = quick_check(question.text, settings.nesting) or _guard(question, settings)
    chosen = select_format(question.choices, verdict.form)
    dataset = question.dataset
    default_graphs = graph_nodes("default-graph-uri", dataset.default_graphs)
    named_graphs = graph_nodes("named-graph-uri", dataset.named_graphs)
    chosen_by_protocol = dataset != DEFAULT_DATASET
    result: object = None
    try:
        with ResultBuffer(settings.result_bytes, chosen) as sink:
            result = store.engine.query(
                question.text,
                base_iri=question.base_iri,
                default_graph=[*default_graphs] if chosen_by_protocol else None,
                named_graphs=[*named_graphs] if chosen_by_protocol else None,
            )
            if isinstance(result, ox.QueryTriples):
                write_triples(result, chosen, sink)
            else:
                result.serialize(sink.file, cast(ox.QueryResultsFormat, chosen.engine))
            return Answer(sink.body(), chosen.content_type, verdict.lasts)
    except SyntaxError as error:
        _guard(question, settings)  # what it says is easier to understand
        raise _explain(question.text, str(error)) from error
    except ValueError as error:
        raise BadInput(f"The query cannot be read: {error}", where="query", rule="SPARQL") from error
    except RuntimeError as error:
        if settings.services and not str(error).startswith(_NO_FUNCTION):
            raise _unanswered(error) from error
        message = f"The query is SPARQL, but asks for what is not done here: {error}"
        raise Forbidden(message, where="query", rule="extension functions") from error
    except OSError as error:
        raise _unanswered(error) from error
    finally:
        del result  # an error keeps this frame, and the engine's results must not be let go on another thread


def _guard(question: Question, settings: Settings) -> guard.Verdict:
    return guard.check_query(
        question.text,
        base_iri=question.base_iri,
        allowed_services=frozenset(settings.services),
        nesting=settings.nesting,
    )


def _unanswered(error: Exception) -> Unavailable:
    """Return the error for a failure of the store, or of an endpoint that was called, without its answer."""
    reason = (str(error).splitlines() or [""])[0][:200]
    return Unavailable(f"The query could not be answered: {reason}", where="query")


def graph_nodes(parameter: str, iris: tuple[str, ...]) -> list[ox.NamedNode]:
    """Return the engine's names of graphs, each once; raise BadInput, naming the parameter, for no IRI."""
    try:
        return [ox.NamedNode(check_iri_length(iri, parameter)) for iri in dict.fromkeys(iris)]
    except ValueError as error:
        message = f"A graph's name is not an absolute IRI: {error}"
        raise BadInput(message, where=parameter, rule="SPARQL Protocol") from error


def select_format(choices: Mapping[Form, str | None], form: Form) -> Format:
    """Return the format chosen for a result of this form; raise NotAcceptable if there is none."""
    media_type = choices.get(form)
    chosen = formats.find_format(media_type, form) if media_type else None
    if chosen is None:
        raise NotAcceptable(
            f"An answer of this form ({form}) is not written in any format that you accept",
            where="Accept",
            rule="content negotiation",
            remedy=f"ask for {', '.join(each.media_type for each in formats.formats_for(form))}",
        )
    return chosen


def _explain(text: str, message: str) -> BadInput:
    """Say near which place in `text` the engine's parser stopped, and why if it has a reason in words.

    The engine counts to the end of the longest keyword it tried, so the length of the shortest is taken off.
    """
    found = re.match(r"error at (\d+):(\d+): expected (?:one of )?(.*)", message, re.DOTALL)
    if not found:
        return BadInput(f"The query is not SPARQL: {message}", where="query", rule="SPARQL")
    tried = re.findall(r"(?<![^ ])[A-Z][A-Z0-9_]+(?=,|$)", found[3])
    reasons = re.findall(r"(?<![\w*])[A-Za-z][\w*]*+(?: [\w*]++){2,}+", found[3])
    offset = sum(len(line) + 1 for line in text.split("\n")[: int(found[1]) - 1]) + int(found[2]) - 1
    offset = max(0, min(offset, len(text)) - min(map(len, tried), default=0))
    offset += len(text[offset:]) - len(text[offset:].lstrip())
    rest = text[offset:].split()
    near = f"near “{rest[0][:30]}”" if rest else "at its end"
    reason = f": {reasons[0]}" if reasons else ""
    remedy = "" if reasons else "compare the clause there with the grammar of SPARQL 1.1"
    return BadInput(
        f"The query is not SPARQL {near}{reason}",
        where=line_and_column(text, offset),
        rule="SPARQL",
        remedy=remedy,
    )
