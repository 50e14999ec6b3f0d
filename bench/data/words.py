"""Names and sentences in Swedish and English, all invented, for the generated data."""

from random import Random
from typing import NamedTuple


class Text(NamedTuple):
    """The same words in both languages."""

    sv: str
    en: str


def listed(line: str) -> list[str]:
    """Return the words of `line`."""
    return line.split()


# Places and people are named after what is in a larder, so that no real one is meant.
_LARDER = listed(
    "Hallon Lingon Nypon Kaffe Kanel Vanilj Ingefärs Saffrans Timjan Dill Peppar Honungs Mandel Russin Sirap "
    "Havre Korn Socker Päron Äppel"
)
_PLACES = listed("köping vik näs torp stad holm sund ås dal hult tuna fors lund boda by")
_FAMILIES = listed("kvist gren blad ros löv strand bäck ström backe mark")
_FORENAMES = listed(
    "Anna Erik Maria Lars Karin Anders Eva Johan Sara Per Lena Nils Åsa Olof Ingrid Göran Märta Björn Elin "
    "Sven"
)
_VENDORS = listed("Klar Moln Nord Sol Väv Ring Flod Kod Bro Tråd")
_WARES = listed("post kalender kontor arkiv möte schema journal pass karta lager")

ROLES = (
    Text("it-chef", "head of IT"),
    Text("jurist", "lawyer"),
    Text("säkerhetschef", "head of security"),
    Text("kommunikatör", "communications officer"),
    Text("skolchef", "head of schools"),
    Text("upphandlare", "procurement officer"),
    Text("dataskyddsombud", "data protection officer"),
    Text("förvaltningschef", "director of administration"),
)
SCOPES = (
    Text("bara skolan", "schools only"),
    Text("hela organisationen", "the whole organisation"),
    Text("e-post och kalender", "e-mail and calendar"),
    Text("den politiska organisationen", "the political organisation"),
    Text("ett försök på två förvaltningar", "a trial in two departments"),
)
CONDITIONS = (
    Text("inga sekretessbelagda uppgifter", "no data under secrecy"),
    Text("bara uppgifter utan personnummer", "only data without personal identity numbers"),
    Text("efter en ny riskanalys varje år", "after a new risk analysis every year"),
    Text("om leverantören lagrar allt inom unionen", "if the vendor stores everything within the Union"),
)
_SUBJECTS = (
    Text("Förvaltningen", "The administration"),
    Text("Nämnden", "The board"),
    Text("Skolan", "The school"),
    Text("Arkivet", "The archive"),
    Text("Socialtjänsten", "Social services"),
    Text("Vården", "Health care"),
    Text("Biblioteket", "The library"),
    Text("Ledningen", "The management"),
    Text("Växeln", "The switchboard"),
    Text("Räddningstjänsten", "The rescue service"),
)
_VERBS = (
    Text("inför", "is introducing"),
    Text("använder", "uses"),
    Text("prövar", "is trying"),
    Text("avvaktar med", "is waiting with"),
    Text("har granskat", "has reviewed"),
    Text("slutar med", "is giving up"),
    Text("utreder", "is looking into"),
    Text("upphandlar", "is procuring"),
)
_PURPOSES = (
    Text("för e-post", "for e-mail"),
    Text("för delade dokument", "for shared documents"),
    Text("för möten på distans", "for meetings at a distance"),
    Text("för elevernas arbeten", "for the pupils' work"),
    Text("för journaler", "for records"),
    Text("för scheman", "for timetables"),
    Text("för diarieföring", "for registering documents"),
    Text("för enkäter", "for surveys"),
)
_REASONS = (
    Text("eftersom det gamla systemet är slut", "because the old system is at its end"),
    Text("trots frågor om sekretess", "despite questions about secrecy"),
    Text("efter en riskanalys", "after a risk analysis"),
    Text("så snart avtalet är klart", "as soon as the contract is ready"),
    Text("utan känsliga personuppgifter", "without sensitive personal data"),
    Text("medan juristerna svarar", "while the lawyers are answering"),
    Text("för att spara pengar", "to save money"),
    Text("i väntan på ny vägledning", "pending new guidance"),
    Text("med kryptering under egen nyckel", "with encryption under its own key"),
    Text("på egna servrar", "on servers of its own"),
)


def place(index: int) -> str:
    """Return the name of place number `index`; there are 300."""
    return _LARDER[index % 20] + _PLACES[index // 20]


def person(index: int) -> str:
    """Return the name of person number `index`; after 4,000 the names come again."""
    return f"{_FORENAMES[index % 20]} {_LARDER[index // 20 % 20]}{_FAMILIES[index // 400 % 10]}"


def vendor(index: int) -> str:
    """Return the name of company number `index`, one of its own for each."""
    return f"{_VENDORS[index % 10]}bolaget {index + 1} AB"


def ware(index: int) -> str:
    """Return the name of product number `index`, one of its own for each."""
    return f"{_VENDORS[index % 10]}{_WARES[index // 10 % 10]} {index + 1}"


def sentence(random: Random, product: str) -> Text:
    """Return a sentence on `product`, drawn from 6,400."""
    parts = [random.choice(words) for words in (_SUBJECTS, _VERBS, _PURPOSES, _REASONS)]
    swedish, english = ([part[language] for part in parts] for language in (0, 1))
    return Text(*(f"{who} {does} {product} {use} {why}." for who, does, use, why in (swedish, english)))
