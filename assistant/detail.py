"""A definite detail that a question asks for, and whether what was found holds one of its kind.

« Qui préside le GAS 49 ? » resembles every question that the manual answers about the GAS 49: same name, same
fiche, same words. What tells it apart is that no passage names a president. So the kind of detail asked for is
read from the question, for those kinds only whose absence can be seen: a sum without a currency, a number of
things without a number before their name, an acronym that is nowhere spelt out. Anything else is left to the gate.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from assistant.sentences import plain, spans
from assistant.understanding import Question
from index.query import Query
from index.retriever import SearchResult
from index.text import STOP_WORDS, fold, stem, words

__all__ = ["Detail", "DetailKind", "asked_detail", "holds", "missing_detail"]

DetailKind = Literal["sum", "count", "date", "person", "address", "phone", "private", "acronym"]
NEAR = 5  # words between a number and what it counts
NOUN_PHRASE = 6  # words after it up to which « président du GAS 49 » is a question by itself
FICHES_READ = 3
LIKELY = 0.3  # share of the likeliest fiche's probability from which another fiche's passages are read too


@dataclass(frozen=True, slots=True)
class Detail:
    """What is asked for.

    Attributes:
        kind: What sort of thing.
        about: Which one: stems of what is counted, a person's office, the acronym; may be empty.
        alone: Whether nothing else is asked.
    """

    kind: DetailKind
    about: frozenset[str] = frozenset()
    alone: bool = True


def _any(*patterns: str) -> re.Pattern[str]:
    """One pattern over folded text that any of several makes match."""
    return re.compile("|".join(patterns))


# How each kind is asked for.
_PRICES = "montants?|budgets?|prix|tarifs?|couts?|loyers?|salaires?|chiffres? d'affaires|dotations?"
_GIVES = (
    r"vers(?:e|er|ait|aient|era)|gagn(?:e|ent|ait)|touch(?:e|ent|ait)|rapporte|factur(?:e|ent|ait)|s'eleve|paye|file|accorde"
)
_SUM = _any(
    r"\b(?:quel(?:le)?s?|c'est quoi) (?:est |etait |sont |etaient |fut |a ete )?(?:le |la |les |l'|leur |son |sa )?"
    rf"(?:{_PRICES})\b",
    r"\bmontants? (?:de|du|des|d'|annuel|total|verse|exact|global)",
    r"\bcout(?:e|er|ent|ait|aient|era) (?:combien|cb)\b",
    r"\b(?:combien|cb) (?:ca |cela |il |elle |ils )?(?:a |ont )?cout\w+",
    r"\b(?:combien|cb) (?:d'euros|d'argent|de sous)\b",
    rf"\b(?:combien|cb)\b.{{0,45}}\b(?:{_GIVES})\b|\b(?:{_GIVES}) (?:combien|cb)\b",
    rf"^(?:le |la |son |leur )?(?:{_PRICES}) (?:annuel|total|mensuel|horaire|moyen|unitaire)",
    r"^(?:montant|budget|tarif|cout|salaire|loyer)s? (?:de|du|des|d')(?!.*\b(?:comment|pourquoi)\b)",
    r"^prix (?:d'une?|du)\b",  # « prix de l'innovation » is an award
    r"\bhow much (?:money|(?:did|does|do|was|were|is)\b.{0,60}\b(?:cost|pay|paid|give|get|receive|spend|charge))\b",
    r"\b(?:cost|price|turnover|cash value|hourly rate|budget|salary|rent) of (?:the|an?|its|their)\b",
    r"\bin euros\b|\ben euros\b",
)
_COUNT = re.compile(
    r"(?:\b(?:combien|cb|kombien)|(?:^|[,:;?.] ?|\bquel est le )(?:nb|nbre|nombre))"
    r"(?: y a(?:-t-il| t il)?| il y a)?(?: total| exact)? (?:d'|de |des |d )?(?:l'|la |les )?([a-z][a-z-]+)"
)
# « En combien de cas le guide range-t-il ça ? »: whatever they are called, the number stands before another name.
_COUNTS_NOTHING = frozenset(
    "autour dedans dehors ensemble environ facons manieres sortes types font cas formes familles categories groupes "
    "choses trucs points morceaux parties".split()
)
# What measures time, says « people » or groups towns, under another name than the question's.
_UNITS = {
    "temp": "an annee mois semaine jour heure", "gen": "personne salarie", "person": "salarie habitant",
    "mond": "personne salarie", "struct": "association",
    "intercommunalit": "communaute agglomeration", "interco": "communaute agglomeration",
}  # fmt: skip
_DATE = _any(
    r"\b(?:en quelle annee|quelle annee|quel jour|quelle date|quel mois|(?:what|which) (?:year|month|date|day))\b",
    r"^date (?:de|du|des|d')|\bquand\W*$|^when (?:was|were|did)\b",
)
# A date of any other event would do for none of these: what is asked, and how a passage says it.
_EVENTS = {
    "birth": (r"cree[es]*|creation|fonde[es]*|fondation|demarre|founded|created|set up|started",
              r"creees?\b|crees?\b|creation|fonde|fondation|naissance|nee? en"),
    "signature": (r"signe[es]*|signature|signed", r"sign"),
}  # fmt: skip
# An office, as it is asked about and as a passage names who holds it.
_OFFICES = {
    "president": (r"presid\w+|chair\w*", r"presid"),
    "director": (r"direct\w+|dirig\w+|heads?|runs?|manag\w+", r"direct|dirig|gerant|responsable"),
    "founder": (r"fond(?:e|ent|ait|ateurs?|atrice)|founded|founders?|set up", r"fond|cree|creation|initiative"),
    "mayor": (r"maires?|mayor", r"maire"),
    "consultant": (r"consultant\w*", r"consult"),
}


def _who(office: str) -> re.Pattern[str]:
    """How the name of who holds an office is asked for."""
    return _any(
        rf"(?:^|[,:;?.] ?|\bsavoir )qui (?:a |etait |est )?(?:le |la |l')?(?:{office})\b",
        rf"\b(?:nom (?:du|de la|de l')|c'est qui|c'etait qui) ?(?:le |la |l')?(?:{office})\b",
        rf"\b(?:who (?:is |was |the )*|name of the )(?:{office})\b",
        rf"\b(?:{office})\b.{{0,40}}\b(?:c'est qui|c'etait qui|s'appelle)\b",
        rf"^(?:le |la |l')?(?:{office})(?: [^ ]+){{1,{NOUN_PHRASE}}}$",
    )


_PERSON = tuple((office, _who(asked)) for office, (asked, _) in _OFFICES.items())
_ADDRESS = _any(
    r"(?<!')\badresse\b(?! (?:e-?mail|mail|internet|web|electronique|du site|a|aux|au)\b)", r"\bpostal address\b"
)
_PHONE = _any(r"\b(?:tel|telephones?|portables?|phones?|phone number)\b")
_REACHED_BY = r"(?:adresse|numero|portable|telephone|mail|address|number|phone)"
_PRIVATE = _any(
    rf"\b{_REACHED_BY}s? (?:perso\w*|privee?s?)\b", r"\b(?:home|private|personal) (?:e-?mail )?" + _REACHED_BY,
    r"\bou (?:habite|vit)(?:-t-| )(?:il|elle|m\.|mme|monsieur|madame)\b", r"\bwhere (?:does|do) .{2,30} live\b",
)
_OTHER_MEANS = _any(  # of reaching somebody
    r"\b(?:e-?mails?|mails?|courriels?|adresses?|contacter?|contacts?|joindre|ecrire|coordonnees|qui|who|address|write)\b"
)
_MEANS = _any(
    r"\b(?:signification|signifie|sigle|acronyme|les lettres|stands? for|initials)\b",
    r"\b(?:ca |sa )?v(?:eut|eulent|eu) dire\b",
)
_SMALL_ACRONYM = re.compile(
    r"^(?:que |c'est quoi )?([a-z]{3,8}) (?:ca |sa )?(?:signifie|v(?:eut|eulent|eu) dire|signification)\b"
)
_ASKS = re.compile(
    r"\b(?:qui|quoi|que|quel(?:le)?s?|comment|combien|cb|ou|quand|pourquoi|lesquel(?:le)?s|"
    r"what|who|how|where|when|why|which)\b"
)

# How a sentence holds each kind.
_NUMBER = re.compile(
    r"\d|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt\w*|trente|"
    r"quarante|cinquante|soixante|cents?|mille|\w+aines?|millions?|moitie|tiers|quart|une?|aucun\w*"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATED = _any(
    r"\b(?:19|20)\d\d\b",
    r"\b(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)\b",
)
_MONEY = re.compile(r"€|\beuros?\b|\bfrancs?\b")
_NAMED = _any(  # over the text as printed
    r"\b(?:M\.|Mme|Mr|Monsieur|Madame)\s", r"\b[A-ZÉ][a-zéèêïîôç]+(?:[ -][A-ZÉ][a-zéèêïîôç]+)? [A-ZÉÈ][\w'’-]{2,}"
)
_DIALLED = re.compile(r"\b0\d(?:[ .-]?\d\d){4}\b")
_STREET = _any(
    r"\b\d+\w?,? (?:bis |ter )?(?:rue|avenue|boulevard|bd|place|chemin|route|allee|quai)\b",
)
_POSTCODE = re.compile(r"\b\d{5} [A-ZÀ-Ý]")  # over the text as printed: « 35000 heures » is no town


def _counted(folded: str, query: Query) -> frozenset[str]:
    """Stems of what « combien de… » counts, under any of its names; empty when nothing is named."""
    found = _COUNT.search(folded)
    if not found:
        return frozenset()
    read_as = {fold(typed): fold(meant) for typed, meant in query.changes}
    word = read_as.get(found[1], found[1])  # « dentreprises » was read as « entreprises »
    if word in STOP_WORDS or word in _COUNTS_NOTHING:
        return frozenset()
    units = (stem(w) for w in _UNITS.get(stem(word), "").split())
    return frozenset({stem(word), *units, *query.synonyms.get(stem(word), ())})


def _acronym(asked: str, folded: str) -> str:
    """The acronym whose letters are asked about; empty if none is told apart from the other words."""
    capitals = re.findall(r"\b[A-Z][A-Z&]{2,}\b", asked)
    if len(capitals) == 1 and not asked.isupper():
        return capitals[0]
    typed_small = _SMALL_ACRONYM.search(folded)
    return typed_small[1].upper() if typed_small else ""


def asked_detail(question: Question, query: Query) -> Detail | None:
    """The detail that a question asks for; None when it asks for none whose absence can be seen.

    Args:
        question: The question, read.
        query: The same, made ready for search.
    """
    # A follow-up is searched with what it leaves unsaid, which is not what it asks for.
    asked = query.text if query.asked == question.asked else question.asked
    folded = re.sub(r"\s+", " ", fold(asked))
    if _PRIVATE.search(folded):
        return Detail("private")
    if question.form == "contact":  # answered by a contact, whatever else is said of them
        return Detail("phone", alone=not _OTHER_MEANS.search(folded)) if _PHONE.search(folded) else None
    found = _detail_in(folded, question.asked, query)
    if found is None or len(_ASKS.findall(folded)) <= 1:
        return found
    return replace(found, alone=False)


def _detail_in(folded: str, asked: str, query: Query) -> Detail | None:
    if _MEANS.search(folded):
        acronym = _acronym(asked, folded)
        return Detail("acronym", frozenset({acronym})) if acronym else None
    if _SUM.search(folded):
        return Detail("sum")
    counted = _counted(folded, query)
    if counted:
        return Detail("count", counted)
    for office, pattern in _PERSON:
        if pattern.search(folded):
            return Detail("person", frozenset({office}))
    if _ADDRESS.search(folded):
        return Detail("address")
    if _DATE.search(folded):
        events = (event for event, (asks, _) in _EVENTS.items() if re.search(rf"\b(?:{asks})\b", folded))
        return Detail("date", frozenset(events))
    return None


def _counts(about: frozenset[str], sentence: str) -> bool:
    """Whether a number stands near the name of what is counted."""
    tokens = words(sentence)
    numbers = [i for i, t in enumerate(tokens) if _NUMBER.fullmatch(t) or (t[0].isdigit() and not _YEAR.fullmatch(t))]
    named = [i for i, t in enumerate(tokens) if stem(t) in about]
    return any(abs(n - i) <= NEAR for n in named for i in numbers)


def holds(detail: Detail, sentence: str) -> bool:
    """Whether a sentence holds a detail of that kind, about what is asked."""
    folded = fold(sentence)
    if detail.kind == "sum":
        return bool(_MONEY.search(folded))
    if detail.kind == "count":
        return _counts(detail.about, sentence)
    if detail.kind == "person":
        named = bool(_NAMED.search(sentence))
        return named and any(re.search(rf"\b(?:{_OFFICES[office][1]})", folded) for office in detail.about)
    if detail.kind == "address":
        return bool(_STREET.search(folded) or _POSTCODE.search(sentence))
    if detail.kind == "private":
        return False
    if detail.kind == "phone":
        return bool(_DIALLED.search(folded))
    if detail.kind == "date":
        dated = bool(_DATED.search(folded))
        return dated and all(re.search(rf"\b(?:{_EVENTS[event][1]})", folded) for event in detail.about)
    return any(_spells_out(acronym, sentence) for acronym in detail.about)


def _spells_out(acronym: str, sentence: str) -> bool:
    """Whether a sentence explains an acronym, or has words whose initials make it, at most two others among them."""
    if re.search(rf"\(\W*{re.escape(acronym)}\W*\)|\b{re.escape(acronym)}\s*[:=]", sentence):
        return True
    letters = [c for c in fold(acronym) if c.isalpha()]
    initials = [w[0] for w in words(sentence) if w not in STOP_WORDS]
    for start in range(len(initials) - len(letters) + 1):
        window = iter(initials[start : start + len(letters) + 2])
        if initials[start] == letters[0] and all(letter in window for letter in letters):
            return True
    return False


def missing_detail(question: Question, result: SearchResult) -> Detail | None:
    """The detail that is asked for, when no passage found in the likeliest fiches holds one of its kind.

    Args:
        question: The question, read.
        result: What was found for it.
    """
    detail = asked_detail(question, result.query)
    if detail is None or not result.fiches:
        return None
    least = LIKELY * result.fiches[0].share
    likely = {f.id for f in result.fiches[:FICHES_READ] if f.share >= least}
    read = [h.chunk.text for h in result.hits if h.chunk.fiche in likely]
    if detail.kind == "acronym" and not any(re.search(rf"\b{re.escape(a)}\b", t) for a in detail.about for t in read):
        return None  # no acronym of the manual's, or of some other fiche
    return None if any(holds(detail, plain(s.text)) for text in read for s in spans(text)) else detail
