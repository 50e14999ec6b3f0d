"""Writes the text index of a release: one document for each entity that has a name, a code or words.

The quads are read from the store in its own order, in which those of one subject stand together, so that
memory is bounded and the same content gives the same index.
"""

import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import groupby, islice
from operator import attrgetter
from pathlib import Path
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, Store
from tantivy import Document, Index, IndexWriter, Schema, SchemaBuilder

from graph.core.namespaces import REPLACED_BY, SHAPES, TYPE, UTS
from graph.search.analysis import GRAMS, LANGUAGES, PLAIN, beginnings, fold, lettered, register, squeeze
from graph.search.fields import Stored, Values, date_of, kind_of, stored_of, values_of

FOLDER: Final = "search"  # beside the store of a release
_SOUGHT: Final = {"organisation", "person", "product", "law", "source", "place"}
_MOST_LINKS: Final = 100_000  # counted; what has more is as well known as can be
_MOST_WORDS: Final = 8  # of one name, from each of which on it can be begun
_HEAP: Final = 64_000_000


def write(place: Path, store: Path) -> None:
    """Write an index of what the default graph of `store` says, in the new directory `place`."""
    engine = Store.read_only(str(store))
    place.mkdir(parents=True)
    index = Index(schema(), str(place), reuse=False)
    register(index)
    writer = index.writer(_HEAP, 1)  # one thread: several would put the documents in any order
    _add(writer, engine)
    writer.commit()
    writer.wait_merging_threads()


def schema() -> Schema:
    """Return the fields of the index."""
    builder = SchemaBuilder()
    for language in (*LANGUAGES, PLAIN):
        builder.add_text_field(f"name_{language}", tokenizer_name=language)
        builder.add_text_field(f"text_{language}", tokenizer_name=language)
        builder.add_text_field(f"letters_{language}", tokenizer_name=language, index_option="basic")
    builder.add_text_field("code", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("start", tokenizer_name=GRAMS, index_option="basic")
    builder.add_text_field("inner", tokenizer_name=GRAMS, index_option="basic")
    builder.add_text_field("kind", tokenizer_name="raw", fast=True, index_option="basic")
    builder.add_unsigned_field("weight", fast=True)
    builder.add_unsigned_field("fame", fast=True)
    builder.add_unsigned_field("date", fast=True)
    builder.add_text_field("iri", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("values", stored=True)
    return builder.build()


def _add(writer: IndexWriter, engine: Store) -> None:
    @lru_cache(100_000)
    def issued(source: str) -> int:
        return date_of(values_of(engine.quads_for_pattern(NamedNode(source), None, None, DefaultGraph())))

    everything = engine.quads_for_pattern(None, None, None, DefaultGraph())
    for subject, quads in groupby(everything, key=attrgetter("subject")):
        values = values_of(quads)
        if not isinstance(subject, NamedNode) or not values or subject.value.startswith(SHAPES):
            continue
        stored = stored_of(values)
        if stored and not (values.get(REPLACED_BY) and all(each[0] == "label" for each in stored)):
            writer.add_document(_document(subject, values, stored, _links(engine, subject), issued))


def _links(engine: Store, subject: NamedNode) -> int:
    """Return how many links lead to `subject`, not counting what is of its class."""
    quads = engine.quads_for_pattern(None, None, subject, DefaultGraph())
    return sum(quad.predicate.value != TYPE for quad in islice(quads, _MOST_LINKS))


def _document(
    subject: NamedNode, values: Values, stored: Stored, links: int, issued: Callable[[str], int]
) -> Document:
    document = Document()
    document.add_text("iri", subject.value)
    document.add_text("kind", kind_of(subject.value))
    document.add_bytes("values", json.dumps(stored, ensure_ascii=False).encode())
    source = next(
        (each.value for each in values.get(UTS + "saidIn", ()) if isinstance(each, NamedNode)), None
    )
    document.add_unsigned("date", issued(source) if source else date_of(values))
    document.add_unsigned("weight", links.bit_length())
    shortest = min(len(text) for *_, text in stored)
    document.add_unsigned("fame", _fame(kind_of(subject.value), links, shortest))
    for field, _, language, text in stored:
        for name, words in _fields(field, language, text):
            document.add_text(name, words)
    return document


def _fame(kind: str, links: int, shortest: int) -> int:
    """Return what orders suggestions: things people look for, the best known, the shortest name."""
    return (kind in _SOUGHT) * 10**9 + links * 1000 + max(0, 999 - shortest)


def _fields(field: str, language: str, text: str) -> Iterator[tuple[str, str]]:
    """Yield the fields of the index that a value goes into, each with what it gets."""
    folded, letters = fold(text), lettered(text)
    group = "text" if field in {"text", "code"} else "name"
    tag = language.partition("-")[0]
    languages = (tag,) if tag in LANGUAGES else (PLAIN,) if tag else tuple(LANGUAGES)
    if group == "name" or field == "code":
        languages = tuple(dict.fromkeys((*(() if field == "code" else languages), PLAIN)))
    for each in languages:
        yield f"{group}_{each}", folded
        if letters:
            yield f"letters_{each}", letters
    if field == "code":
        yield "code", squeeze(text)
    if field != "text":
        yield from _typed(text, field == "code")


def _typed(name: str, code: bool) -> Iterator[tuple[str, str]]:
    """Yield how a name or a code may be typed: from its start, or from one of its other words on."""
    if code:
        yield "start", squeeze(name)
    for whole in beginnings(name):
        yield "start", whole
        words = whole.split(" ", _MOST_WORDS)
        yield from (("inner", " ".join(words[number:])) for number in range(1, min(len(words), _MOST_WORDS)))
