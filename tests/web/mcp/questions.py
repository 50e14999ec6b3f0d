"""Ten questions about the article, as an agent asks them by the tools, and a statement of the answer."""

from dataclasses import dataclass, field
from typing import Any, Final

from graph.core.namespaces import ID

SOURCE: Final = "ny-teknik-office-365"
_OFFICE: Final = "product/office-365"


@dataclass(frozen=True)
class Asked:
    """A question in words, the call of a tool that answers it, and statements that the answer rests on."""

    words: str
    tool: str
    statements: tuple[str, ...]
    arguments: dict[str, Any] = field(default_factory=dict)

    @property
    def expected(self) -> set[str]:
        """The IRIs of the statements."""
        return {f"{ID}statement/{SOURCE}-{each}" for each in self.statements}


def _ask(words: str, question: str, *statements: str, **parameters: str) -> Asked:
    return Asked(words, "ask", statements, {"question": question, "parameters": parameters})


TEN: Final = (
    _ask("Vilka använde Office 365?", "who-uses-office-365", "tidningen-fyra-undantag", asof="2017-11"),
    _ask(
        "Vad säger Malmö om Office 365?",
        "statements-by-organisation",
        "malmo-annan-syn",
        "malmo-samtal",
        organisation="Malmö",
        about=_OFFICE,
    ),
    _ask(
        "Hur bedömer Göteborg Office 365, och enligt vilken lag?",
        "legal-assessments",
        "goteborg-stopp",
        "goteborg-stadsjurister-rojande",
        organisation="Göteborg",
        product=_OFFICE,
    ),
    _ask(
        "Vem åberopar offentlighets- och sekretesslagen?",
        "laws-cited",
        "tidningen-osl-galler-moln",
        law="2009:400",
    ),
    _ask(
        "Vad håller Region Stockholm utanför?",
        "safeguards",
        "stockholm-patientdata-i-journalsystem",
        organisation="organisation/region-stockholm",
    ),
    _ask(
        "Vilka följer vad som händer i Göteborg?",
        "waiting-for-gothenburg",
        "eskilstuna-bevakar-goteborg",
        "malmo-jobbar-aktivt",
    ),
    _ask(
        "Hur långt har Umeå kommit?", "adoption-status", "umea-gar-over", organisation="Umeå", product=_OFFICE
    ),
    Asked(
        "Vad har Patrik Kron sagt?",
        "entity",
        ("malmo-annan-syn", "malmo-bekraftar"),
        {"id": "person/patrik-kron-malmo-kommun"},
    ),
    Asked(
        "Exakt var står det att Malmö ser annorlunda på det?",
        "entity",
        ("malmo-annan-syn",),
        {"id": f"statement/{SOURCE}-malmo-annan-syn"},
    ),
    Asked(
        "Vilka har stoppat Office 365?",
        "search",
        ("goteborg-stopp",),
        {"query": "stoppat Office 365", "kind": "statement", "evidence": True},
    ),
)
