"""Labels of blank nodes: the same whenever a file is read, and other than those of all other files."""

from hashlib import blake2b

from pyoxigraph import BlankNode, Quad, RdfFormat, Triple

from graph.rdf.convert import Node

_LINE_FORMATS = (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS)


class BlankNodeLabels:
    """Gives the blank nodes of one file their labels.

    In the formats of lines, each has a label in the file. In the others, those that have none are read with
    random labels. The number of a node in the order of reading identifies it there, and has to be kept.
    """

    def __init__(self, file: str, form: RdfFormat) -> None:
        """Label the nodes of the file with the unique name `file`, in the format `form`."""
        self._file, self.are_kept = file, form not in _LINE_FORMATS
        self._numbers: dict[str, int] = {}

    def relabel(self, quad: Quad) -> Quad:
        """Return `quad` with other blank nodes."""
        subject, value, graph = quad.subject, quad.object, quad.graph_name
        if isinstance(subject, BlankNode):
            subject = self._label(subject)
        if isinstance(graph, BlankNode):
            graph = self._label(graph)
        return Quad(subject, quad.predicate, self._term(value), graph)

    def _term(self, term: Node | Triple) -> Node | Triple:
        if isinstance(term, BlankNode):
            return self._label(term)
        if isinstance(term, Triple):
            subject = self._label(term.subject) if isinstance(term.subject, BlankNode) else term.subject
            return Triple(subject, term.predicate, self._term(term.object))
        return term

    def _label(self, node: BlankNode) -> BlankNode:
        name: object = node.value
        if self.are_kept:
            name = self._numbers.setdefault(node.value, len(self._numbers))
        digest = blake2b(f"{self._file} {name}".encode(), digest_size=15)
        return BlankNode(f"b{digest.hexdigest()}")


def has_blank_nodes(quad: Quad) -> bool:
    """Return whether a blank node, or a triple that may have one, is in `quad`."""
    nodes = (quad.subject, quad.object, quad.graph_name)
    return any(isinstance(each, BlankNode | Triple) for each in nodes)
