"""What a question asks for: its language, its form, and what a follow-up leaves unsaid.

Rules, not a model: a few dozen patterns over folded text, each readable and testable, decide only the form
of the answer and nudge ranking. What the question is about is left to retrieval.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.answer import Turn
from corpus.references import named_fiches
from index.text import STOP_WORDS, fold, words

__all__ = ["Form", "Question", "parts", "understand"]

Form = Literal["definition", "howto", "list", "figure", "compare", "experience", "contact", "resource", "yesno", "open"]

_ENGLISH = frozenset(
    (
        "the is are was were do does did how what which who whom where when why can could should would of to in on "
        "for with from and or not an any there their they them we our us you your it its this that these those have "
        "has had be been being about into than then if as by at my me i he she his her most more one hello hi hey "
        "thanks thank bye please"
    ).split()
)
_FRENCH = frozenset(
    (
        "le la les un une des du de et ou est sont quoi qui que quel quelle comment pourquoi combien dans pour par "
        "sur avec sans nous vous ils elles on je tu il elle ce cet cette ces mon ma mes notre nos votre vos leur "
        "leurs au aux en y a ont avons avez peut faut fait faire plus pas ne se sa son ses c'est d l qu"
    ).split()
)

# Patterns over folded text. The first form that matches wins: the order goes from the most telling.
_PATTERNS: tuple[tuple[Form, str], ...] = (
    ("list", r"\b(et|and) (lesquel(le)?s|which( ones)?)\W*$"),  # « en combien de cas, et lesquels ? »
    (
        "contact",
        r"\b(e-?mails?|mails?|courriels?|(une|des|d'autres) adresses?|l'adresse (?!du site)(de|du|d'|des)|coordonnees|"
        r"(?<!postal )(?<!web )(?<!site )address(es)? (of|for)|telephone|tel|joindre|contacter?|"
        # « Contact Service » is an association.
        r"contacts?(?! service)|appeler|ecrire a|interlocut\w+|"
        r"a qui (s'adresser|parler|demander|telephoner|ecrire|envoyer|(je|on) (peu[tx]|pourrai[st]?|doi[st]))|"
        r"qui (peut|pourrait|saurait) (m'en|nous en) (parler|dire plus)|"
        r"vers qui .{0,40}\b(coup de main|aider?|appui|accompagn\w+|conseil\w*)|"
        r"whom? (should|can|could|may|do) (i|we) (contact|call|ask|write|speak|talk|e-?mail)|"
        r"(can|could|should|may) (i|we) (write|speak|talk) to|who (can|could) tell (me|us)|"
        r"whom? to (contact|write|call)|get in touch|reach out|phone|numero)\b",
    ),
    (
        "resource",
        r"\b(telecharg\w+|download\w*|template\w*|modeles? (de|d'|type)|document type|guide\b.{0,40}\b(ou|trouver|"
        r"existe)|ou (le |la |les )?(trouver|trouve|lire|telecharger|consulter)|mode d'emploi|bibliograph\w+|a "
        r"lire|lectures?|ouvrages?|"
        r"livres?|publications?|articles?|temoignages? publie\w*|paru|sites? (web|internet)|liens?|ressources? "
        r"(sur|pour|en ligne)|en rayon|"
        r"references? (biblio\w*|sur)|links?|websites?|where can i (find|read|get)|outils? (existe|dispo|tout "
        r"pret)\w*|recueil)\b",
    ),
    (
        "compare",
        r"\b(differences?|nuances?|distingu\w+|distinction|compar\w+|versus|vs|par rapport a|plutot que|"
        r"ou bien|(?<!fait la )meme chose|(?<!fait )pareil|confon\w+|melange|entre .{2,60} et |lesquel\w+|"
        r"(?<!dans )(?<!pour )(?<!avec )(lequel|laquelle)|"
        r"points? communs?|"
        r"l'un et l'autre|l'une et l'autre|difference|differ|compare|between .{2,60} and)\b",
    ),
    (
        "experience",
        r"\b(qui a deja|quelqu'un (a|qui|dans)|quelqu un|d'autres (ont|structures|assos?|associations)|des "
        r"collegues|"
        r"fait (pareil|la meme chose|comme nous)|"
        r"experiences?\b|(exemples?|cas) (de|d'|concrets?|reels?)|y en a[- ]t[- ]il|une? (ai|aci|ei|etti|asso\w*|"
        r"structure) qui|"
        r"qui a (monte|fait|cree|mis|lance|reussi|essaye|teste|trouve)|deja (arrive|fait|monte|vu)|ont deja|a "
        r"deja (fait|vecu|monte|tente)|"
        r"chez d'autres|retours? d'experience|has (any(one|body)|some(one|body))|any(one|body) (who|has|have|"
        r"else|already)|"
        r"who (has|have) (already )?(done|tried|set|built)|similar (project|experience)s?|examples? of)\b",
    ),
    (
        "definition",
        r"\b(c'?est quoi|definition|definir|defin\w+|veut dire|veulent dire|signifie\w*|ca designe|designe quoi|"
        r"qu'est[- ]ce qu\w*|"
        r"qu'entend\w*|entend par|(que|qu'est-ce que) dit|dit quoi|de quoi (parle|traite)|parle de quoi|resume[rz]?|"
        r"summar\w+|"
        r"mettez[- ]vous derriere|vous mettez quoi|derriere le mot|quoi au juste|en "
        r"clair|sens d[ue]|meaning|what (is|are|does)|"
        r"stand for|defined?|mean by|means?)\b",
    ),
    (
        "figure",
        r"\b(combien|how (many|much|long|old|big|large|far)|quel(le)?s? (montant|nombre|part|pourcentage|budget|"
        r"effectif|date|annee|cout|taux|duree|frequence|proportion|volume|taille)|pourcentage|effectifs?|"
        r"en quelle annee|depuis quand|quand (a|ont|est)|what (share|year|percentage|number)|chiffres?)\b",
    ),
    (
        "list",
        r"\b(quel(le)?s sont|lesquels|liste\w*|les (etapes|criteres|principes|conditions|piliers|types|sortes|"
        r"formes|"
        r"missions|roles|outils|exemples|raisons|arguments|avantages|risques|freins|atouts|enjeux|facteurs|"
        r"fonctions|partenaires|acteurs|dimensions|niveaux)|"
        r"enumer\w+|cite[rz]?[- ]moi|donne[rz]?[- ]moi (des|les)|des idees|quelles? (etapes|idees|pistes|actions|"
        r"formations|activites|mesures)|(what|which) are the|list|ideas)\b",
    ),
    ("howto",
        r"\b(comment|comen|how (do|to|can|should|could|would)|s'y prend\w*|par quoi (on )?commenc\w+|etapes?|"
        r"demarche pour|que faire|on fait quoi|quoi faire|steps)\b"),
    ("yesno",
        r"^(est[- ]ce|peut[- ]on|doit[- ]on|faut[- ]il|a[- ]t[- ]on|on peut|on a le droit|is|are|do|does|can|"
        r"should|must)\b|\boblig\w+|\bcompulsory|\bmandatory"),
)
_FORMS = tuple((form, re.compile(pattern)) for form, pattern in _PATTERNS)
_CAUTION = re.compile(
    r"\b(risques?|pieges?|attention|erreurs?|vigilan\w+|eviter|mefi\w+|danger\w*|peur|crain\w+|pitfalls?|avoid|"
    r"beware|careful)\b")
_SUCCESS = re.compile(
    r"\b(cles?|clefs?|reussi\w*|succes|conseils?|bonnes? pratiques?|key factors?|succeed|success|tips|advice)\b")
_GREETING = re.compile(
    r"^(bonjour|bonsoir|salut|coucou|hello|hi|hey|merci( beaucoup| bien)?|thanks?( you)?|thank you|au revoir|bye|ok|"
    r"okay|super|parfait)"
    r"([ ,!.]+(bonjour|a tous|a toutes|tout le monde|merci|beaucoup|ca va|comment (ca va|vas[- ]tu|allez[- ]vous)|"
    r"there|everyone))*[ !.?]*$"
)
_ABOUT_SELF = re.compile(
    r"\b(qui es[- ]tu|qui etes[- ]vous|tu es qui|t'es qui|que (peux|sais)[- ]tu (faire)?|a quoi (tu )?sers[- ]tu|"
    r"comment (tu marches|ca marche ici)|"
    r"who are you|what can you do)\b"
)
_ELLIPTIC = re.compile(
    r"^(et|mais|alors|donc|ok|oui|non|and|but|so|also)\b|"
    r"\b(ils?|elles?|eux|leurs?|ca|cela|celui|celle|ceux|celles|ce dernier|cette derniere|(le|la) (premier|premiere|"
    r"deuxieme|second|seconde|"
    r"troisieme|dernier|derniere)|les deux|l'autre|la-bas|la dessus|la-dessus|y|en|they|them|their|its?|he|she|that "
    r"one|"
    r"the (first|second|third|last) one|there|those|both)\b"
)
# « une AI peut-elle… » says who « elle » is.
_INVERTED = re.compile(
    r"\b((?:une?|l[ae]s?|l'|des|no(?:s|tre)|vo(?:s|tre)|ce(?:s|tte)?|m(?:on|a|es)|s(?:on|a|es)|chaque)\s*(?:[\w'-]+\s+){1,4}"
    r"(?:peu(?:t|vent)|doi(?:t|vent)|est|sont|a|ont|va|vont|fait|font|veu(?:t|lent)|sait|savent|\w+r(?:a|ont)|\w+rai(?:t|ent)))"
    r"[- ](?:t[- ])?(?:ils?|elles?)\b"
)
# It goes on from what was said, whatever it brings: « et … », « ils ont … ».
_GOES_ON = re.compile(
    r"^(?:(?:et|mais|alors|donc|ok|oui|non|bon|d'accord|and|but|so|also)\b|"
    r"(?:ils?|elles?|eux|leurs?|they|them|their|he|she|its?)\b)"
)
# « et pour une laverie ? » asks the same of something else: by itself it asks nothing.
_SAME_OF_ANOTHER = re.compile(
    r"(?:et|mais|and|but) (?:pour|avec|chez|dans|sans|entre|aux?|en|for|with|without|in|at) (?:[^ ]+ ?){1,5}"
)
# Whose experience an answer tells (``reading.told_by``), among what else its labels say.
_WHOSE = re.compile(r"\*\*(?:[^*\n()]+ — )?([^*\n]+? \([^)\n]+\))(?: — [^*\n]+)?\*\* :")
_TOPIC_CHANGE = re.compile(
    r"^(autre (chose|question|sujet)|rien a voir|changeons|sinon|nouvelle question|another question|on another "
    r"note)\b")
_ASKS = (
    r"(?:(?:a|de|en|dans|chez|pour|avec|par|to|in|for|with) )?(?:qui|quoi|quel(?:le)?s?|comment|combien|cb|ou|quand|"
    r"pourquoi|est-ce|what|who|how|where|when|why|which)\b"
)
_BETWEEN_PARTS = re.compile(rf"\s*\?+\s+(?=\w)|,?\s+(?:et|and|mais|but)\s+(?={_ASKS})")
# It speaks of several things, side by side: neither « les deux ans de travail » nor « celui qui a réussi » does.
_SEVERAL = re.compile(
    r"\b((?:deux|2|trois|3|two|three)(?! (?:ans?|annees?|mois|semaines?|jours?|heures?|fois|years?|months?|weeks?|"
    r"days?|hours?|times)\b)|(?:celui|celle|ceux|celles)(?! (?:qui|que|ou)\b| qu')|l'une?|l'autre|"
    r"chacune?(?! dans son coin)|lequel|laquelle|lesquel\w+|entre(?= .{2,60} (?:et|ou) )|compar\w+|"
    r"differ(?:s|en\w+)?|(?<!fait )pareil\w*|both|versus|vs|each|between)\b"
)
_PRONOUN = re.compile(r"\b(?:celui|celle|ceux|celles)(?= (?:de|du|des|d')\b)", re.IGNORECASE)
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?…:;])\s+")
PIECE_WORDS = 3  # content words under which a sentence asks too little by itself
# Where one clause ends and another begins, over folded text.
_BETWEEN_CLAUSES = re.compile(
    r"\s*[?!;:()«»]+\s*|\.\s+|,\s+|\s+\+\s+|\s+(?:et|ou|mais|puis|donc|alors|vs\.?|versus|and|or|but|then)\s+|"
    r"^(?:entre|between)\s+")
_FICHE_FRAME = frozenset(
    (
        "fiche fiches bonjour parle traite resume resumer resumez contenu contient contenue quoi manuel raconte montre "
        "presente affiche ouvre what does about says tell show entry summary summarise summarize"
    ).split()
)
_ORDINALS = {
    "premier": 0, "premiere": 0, "first": 0, "deuxieme": 1, "second": 1, "seconde": 1, "troisieme": 2, "third": 2,
    "quatrieme": 3, "fourth": 3, "dernier": -1, "derniere": -1, "last": -1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """A question, read.

    Attributes:
        asked: As typed.
        search: What is searched: the question, preceded by what an ellipsis points at.
        language: ``fr`` or ``en``.
        form: What sort of answer it wants.
        intents: Strength of each intent that ranking knows (``index.signals.INTENTS``).
        greeting: It only greets, thanks, or asks who answers.
        empty: It holds nothing that can be searched.
        follow_up: It leans on the conversation.
        incomplete: It asks nothing without what was asked before.
        goes_on: It opens as what goes on from something said, or points at it.
        clauses: Its clauses, when it speaks of several things and stands by itself.
        fiche: Id of the fiche that it names and asks for as a whole (« que dit la II-3 ? »), as named; empty if none.
        pieces: What is asked for itself: a follow-up without the conversation, or each sentence of several.
    """

    asked: str
    search: str
    language: Literal["fr", "en"]
    form: Form
    intents: dict[str, float]
    greeting: bool = False
    empty: bool = False
    follow_up: bool = False
    incomplete: bool = False
    goes_on: bool = False
    fiche: str = ""
    clauses: tuple[str, ...] = ()
    pieces: tuple[str, ...] = ()


def _language(text: str) -> Literal["fr", "en"]:
    tokens = words(text)
    english = sum(t in _ENGLISH for t in tokens)
    french = sum(t in _FRENCH for t in tokens) + 2 * len(re.findall(r"[àâçéèêëîïôûùœ]", text.lower()))
    return "en" if english > french and english >= 1 else "fr"


def _form(folded: str) -> Form:
    return next((form for form, pattern in _FORMS if pattern.search(folded)), "open")


def _intents(form: Form, folded: str) -> dict[str, float]:
    out: dict[str, float] = {}
    if form in ("definition", "contact", "resource", "experience", "figure"):
        out[form] = 1.0
    if form == "compare" or _SEVERAL.search(folded):
        out["compare"] = 1.0
    if _CAUTION.search(folded):
        out["caution"] = 1.0
    if _SUCCESS.search(folded):
        out["success"] = 1.0
    return out


def _pointed_at(folded: str, last_answer: str) -> str:
    """The item of the last answer that « le deuxième », « la dernière » points at; empty if none."""
    found = re.search(r"\b(?:le|la|l'|the) (" + "|".join(_ORDINALS) + r")\b", folded)
    if not found:
        return ""
    items = re.findall(r"^\s*(?:[-*•]|\d+[.)])\s+(.+)$", last_answer, flags=re.MULTILINE)
    if len(items) < 2:
        after_colon = last_answer.partition(":")[2]
        items = [i.strip() for i in re.split(r"[,;]| et | and ", after_colon) if len(i.strip()) > 3]
    rank = _ORDINALS[found[1]]
    return items[rank] if items and -len(items) <= rank < len(items) else ""


def _with_context(asked: str, folded: str, history: Sequence[Turn]) -> tuple[str, bool, bool]:
    """Put back what an elliptic question leaves unsaid.

    Returns:
        What is searched, whether it leans on the conversation, and whether on an item of the last answer.
    """
    if not history or _TOPIC_CHANGE.search(folded):
        return asked, False, False
    content_words = [w for w in words(asked) if len(w) > 3]
    if not (_ELLIPTIC.search(_INVERTED.sub(r"\1", folded)) or len(content_words) <= 3):
        return asked, False, False
    user = [t.content for t in history if t.role == "user"]
    answers = [t.content for t in history if t.role == "assistant"]
    pointed = _pointed_at(folded, answers[-1]) if answers else ""
    if pointed:
        return f"{pointed} {asked}", True, True
    told = answers[-1] if answers else ""
    # « Et qui appeler là-bas ? » asks for the people of the place that was told of.
    subject = _WHOSE.findall(told)[:1] if _form(folded) == "contact" else []
    context = " ".join(part for part in (user[-1] if user else "", *(subject or [_subject(told)])) if part)
    return f"{context} {asked}", True, False


def _subject(answer: str) -> str:
    """What an earlier answer was about: its first sentence, without citation numbers."""
    plain = re.sub(r"\[\d+\]", "", answer)
    first = re.split(r"(?<=[.!?])\s", plain.strip(), maxsplit=1)[0]
    return first[:300]


def _whole_fiche(asked: str) -> str:
    """The only fiche that a question names, when it says nothing else of what it wants to know."""
    named = named_fiches(asked)
    told = [w for w in words(asked) if len(w) > 3 and w not in STOP_WORDS and w not in _FICHE_FRAME]
    return named[0] if len(named) == 1 and not told else ""


def parts(asked: str) -> list[str]:
    """The questions that one holds: « comment ça marche et combien ça coûte ? » holds two."""
    return _cut(asked, _BETWEEN_PARTS)


def _clauses(asked: str) -> tuple[str, ...]:
    """Clauses of a question, « celui de Marseille » put as « groupement de Marseille » where one was spoken of."""
    found = _cut(asked, _BETWEEN_CLAUSES)
    if len(found) < 2:
        return ()
    head = next((w for w in words(found[0]) if w not in STOP_WORDS and len(w) > 2), "")
    return tuple([found[0], *(_PRONOUN.sub(head, clause) if head else clause for clause in found[1:])])


def _pieces(asked: str) -> tuple[str, ...]:
    """Sentences of a question that has several: a situation and what is asked about it, or two questions."""
    found = [piece for part in parts(asked) for piece in _cut(part, _BETWEEN_SENTENCES)]
    telling = [p for p in found if sum(w not in STOP_WORDS and len(w) > 2 for w in words(p)) >= PIECE_WORDS]
    return tuple(telling) if len(telling) > 1 else ()


def _cut(text: str, between: re.Pattern[str]) -> list[str]:
    """Pieces of a text, cut where its folded form matches."""
    folded = fold(text)
    if len(folded) != len(text):  # a letter that unfolds into several: places would no longer match
        return [text]
    cuts = [(m.start(), m.end()) for m in between.finditer(folded)]
    starts, ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(text)]
    return [piece for piece in (text[a:b].strip() for a, b in zip(starts, ends, strict=True)) if piece]


def understand(asked: str, history: Sequence[Turn] = ()) -> Question:
    """Read a question in the light of the conversation.

    Args:
        asked: As typed, whatever it holds.
        history: Earlier turns, oldest first.
    """
    asked = asked.strip()
    folded = re.sub(r"\s+", " ", fold(asked))
    greeting = bool(_GREETING.match(folded) or _ABOUT_SELF.search(folded))
    search, follow_up, points = _with_context(asked, folded, history)
    form = _form(folded)
    whole = _whole_fiche(asked)
    incomplete = follow_up and bool(_SAME_OF_ANOTHER.fullmatch(folded.rstrip(" ?!.")))
    return Question(
        asked=asked,
        search=search,
        language=_language(asked),
        form=form,
        intents=_intents(form, folded),
        greeting=greeting,
        empty=not whole and not any(len(w) > 1 for w in words(asked)),
        follow_up=follow_up,
        fiche=whole,
        clauses=() if follow_up or not _SEVERAL.search(folded) else _clauses(asked),
        # « un exemple pour le troisième ? » says nothing without the third.
        pieces=_pieces(asked) if not follow_up else () if incomplete or points else (asked,),
        incomplete=incomplete,
        goes_on=follow_up and (points or bool(_GOES_ON.match(folded))),
    )
