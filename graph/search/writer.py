"""Writer of the text index of a release: one document for each entity with a name, a code or a text.

The quads are read in the order of the store, which groups them by subject, so that memory is limited and the
same content gives the same index.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import groupby, islice
from operator import attrgetter
from pathlib import Path
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, Store
from tantivy import Document, Index, IndexWriter, Schema, SchemaBuilder

from graph.core.kind_table import KindTable
from graph.core.namespaces import ORG, REPLACED_BY, SHAPES, TYPE, UTS
from graph.index import INDEX_FILE, SqliteIndex
from graph.search.analysis import (
    LANGUAGES,
    PREFIXES,
    UNSTEMMED,
    WORD,
    fold_accents,
    fold_foreign_accents,
    normalise_code,
    prefix_forms,
    register_analysers,
    swedish_letter_words,
)
from graph.search.compounds import CompoundSplitter, write_compounds
from graph.search.documents import write_document
from graph.search.fields import (
    PropertyValues,
    StoredValue,
    collect_values,
    kind_in,
    select_stored_values,
    sortable_date,
)
from graph.search.offices import read_offices

INDEX_FOLDER: Final = "search"  # beside the store of a release
_PREFERRED_KINDS: Final = {"organisation", "person", "product", "law", "source", "place"}
_MAX_LINKS: Final = 100_000  # counted per entity
_MAX_WORDS: Final = 8  # of one name; prefixes from each of them on are indexed
_MAX_JOINED: Final = 40  # characters of a name that is also indexed as one word
_HEAP_BYTES: Final = 64_000_000
_GROUPS: Final = {"text": "text", "code": "text", "office": "office"}  # of the fields that are not names


def write_text_index(place: Path, store: Path, kinds: KindTable | None = None) -> None:
    """Write an index of the default graph of `store` into the new directory `place`.

    `kinds` are the kinds of entities, by default those of the index beside the store.
    """
    table = SqliteIndex.open(store.with_name(INDEX_FILE)).kinds if kinds is None else kinds
    engine = Store.read_only(str(store))
    place.mkdir(parents=True)
    index = Index(build_schema(), str(place), reuse=False)
    register_analysers(index)
    writer = index.writer(_HEAP_BYTES, 1)  # one thread, for a deterministic order of documents
    splitter = CompoundSplitter()
    _add_documents(writer, engine, splitter, table)
    writer.commit()
    writer.wait_merging_threads()
    write_compounds(place, splitter.splits)


def build_schema() -> Schema:
    """Return the schema of the index."""
    builder = SchemaBuilder()
    for language in (*LANGUAGES, UNSTEMMED):
        builder.add_text_field(f"name_{language}", tokenizer_name=language)
        builder.add_text_field(f"text_{language}", tokenizer_name=language)
        builder.add_text_field(f"office_{language}", tokenizer_name=language)
        builder.add_text_field(f"letters_{language}", tokenizer_name=language, index_option="basic")
    builder.add_text_field("name_parts", tokenizer_name="sv", index_option="basic")  # of compounds in names
    builder.add_text_field("text_parts", tokenizer_name="sv", index_option="basic")
    builder.add_text_field("joined", tokenizer_name="raw", index_option="basic")  # names as one word
    builder.add_text_field("code", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("start", tokenizer_name=PREFIXES, index_option="basic")
    builder.add_text_field("inner", tokenizer_name=PREFIXES, index_option="basic")
    builder.add_text_field("kind", tokenizer_name="raw", fast=True, index_option="basic")
    builder.add_unsigned_field("weight", fast=True)
    builder.add_unsigned_field("fame", fast=True)
    builder.add_unsigned_field("date", fast=True)
    builder.add_text_field("iri", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("values", stored=True)
    return builder.build()


def _add_documents(writer: IndexWriter, engine: Store, splitter: CompoundSplitter, kinds: KindTable) -> None:
    @lru_cache(100_000)
    def issued(source: str) -> int:
        return sortable_date(
            collect_values(engine.quads_for_pattern(NamedNode(source), None, None, DefaultGraph()))
        )

    everything = engine.quads_for_pattern(None, None, None, DefaultGraph())
    for subject, quads in groupby(everything, key=attrgetter("subject")):
        values = collect_values(quads)
        if not isinstance(subject, NamedNode) or not values or subject.value.startswith(SHAPES):
            continue
        offices = read_offices(engine, values.get(ORG + "hasMembership", ()))
        stored = [*select_stored_values(values), *offices]
        if stored and not (values.get(REPLACED_BY) and all(each[0] == "label" for each in stored)):
            kind = kind_in(kinds, subject.value, values)
            document = _document(subject, kind, values, stored, _count_links(engine, subject), issued)
            for field, _, language, text in stored:
                for name, words in _part_fields(field, language, text, splitter):
                    document.add_text(name, words)
            writer.add_document(document)


def _count_links(engine: Store, subject: NamedNode) -> int:
    """Return how many links lead to `subject`, without those from instances of it as a class."""
    quads = engine.quads_for_pattern(None, None, subject, DefaultGraph())
    return sum(quad.predicate.value != TYPE for quad in islice(quads, _MAX_LINKS))


def _document(  # noqa: PLR0913, PLR0917 (all that is stored of an entity)
    subject: NamedNode,
    kind: str,
    values: PropertyValues,
    stored: list[StoredValue],
    links: int,
    issued: Callable[[str], int],
) -> Document:
    document = Document()
    document.add_text("iri", subject.value)
    document.add_text("kind", kind)
    document.add_bytes("values", write_document(subject.value, kind, stored))
    source = next(
        (each.value for each in values.get(UTS + "saidIn", ()) if isinstance(each, NamedNode)), None
    )
    document.add_unsigned("date", issued(source) if source else sortable_date(values))
    document.add_unsigned("weight", links.bit_length())
    shortest = min(len(text) for *_, text in stored)
    document.add_unsigned("fame", _popularity(kind, links, shortest))
    for field, _, language, text in stored:
        for name, words in _index_fields(field, language, text):
            document.add_text(name, words)
    return document


def _popularity(kind: str, links: int, shortest: int) -> int:
    """Return the sort key of suggestions: preferred kinds, then most links, then the shortest name."""
    return (kind in _PREFERRED_KINDS) * 10**9 + links * 1000 + max(0, 999 - shortest)


def _index_fields(field: str, language: str, text: str) -> Iterator[tuple[str, str]]:
    """Yield field of the index and text for a value of the field `field` in `language`."""
    folded, letters = fold_accents(text), swedish_letter_words(text)
    group = _GROUPS.get(field, "name")
    tag = language.partition("-")[0]
    languages = (tag,) if tag in LANGUAGES else (UNSTEMMED,) if tag else tuple(LANGUAGES)
    if field == "code":
        languages = (UNSTEMMED,)
    elif group == "name" and UNSTEMMED not in languages:
        languages = (*languages, UNSTEMMED)
    for each in languages:
        yield f"{group}_{each}", folded
        if letters:
            yield f"letters_{each}", letters
    if field == "code":
        yield "code", normalise_code(text)
    if group == "name" and len(joined := normalise_code(text)) <= _MAX_JOINED:
        yield "joined", joined
    if field not in {"text", "office"}:
        yield from _prefix_fields(text, field == "code")


def _part_fields(
    field: str, language: str, text: str, splitter: CompoundSplitter
) -> Iterator[tuple[str, str]]:
    """Yield field of the index and text for the parts of the compounds in a Swedish `text`.

    A word with a capital that does not begin the text is a name.
    """
    if language.partition("-")[0] != "sv":
        return
    words = [
        found
        for found in WORD.finditer(fold_foreign_accents(text))
        if found[0][0].islower() or not found.start()
    ]
    parts = " ".join(dict.fromkeys(part for word in words for part in splitter.split(word[0].lower())))
    if parts:
        yield "text_parts" if field in _GROUPS else "name_parts", fold_accents(parts)
        yield "letters_sv", swedish_letter_words(parts)


def _prefix_fields(name: str, code: bool) -> Iterator[tuple[str, str]]:
    """Yield field of the index and text for the prefixes of `name`, from its start and from other words."""
    if code:
        yield "start", normalise_code(name)
    for whole in prefix_forms(name):
        yield "start", whole
        words = whole.split(" ", _MAX_WORDS)
        yield from (("inner", " ".join(words[number:])) for number in range(1, min(len(words), _MAX_WORDS)))
