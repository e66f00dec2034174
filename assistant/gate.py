"""Whether the manual can answer: the decision to decline, apart from composing.

A wrong refusal hides what the manual says; a wrong answer costs its reader their credit. The threshold is
set on answerable and unanswerable questions together (``python -m bench.training``), near misses included.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from assistant.contacts import reaches_someone
from assistant.understanding import Question
from corpus.model import Manual
from corpus.references import normalise_id
from index.retriever import SearchResult
from index.text import STOP_WORDS, fold, terms, words

__all__ = ["GATE_FEATURES", "Gate", "gate_features"]

GATE_FEATURES = (
    "bias",
    "dense",
    "question_dense",
    "question_dense_mean",
    "lexical",
    "question_lexical",
    "fiche_lexical",
    "unknown",
    "unknown_name",
    "recent_year",
    "later",
    "some_terms",
    "many_terms",
    "follow_up",
    "agree",
    "in_scope",
    "best_share",
)
_FICHE_ID = re.compile(
    r"\bfiche\s+(?:n[°o]\s*)?([ivx]{1,4}(?:[\s-]?[a-z])?(?:[\s-]?\d{1,3})?(?:[\s-][a-z]\b)?)", re.IGNORECASE)
# « la II-7 »: in capitals and with its hyphen it needs no « fiche » before it.
_BARE_ID = re.compile(r"\b(?:I{1,3}|IV|V)-(?:[A-Z]-)?\d{1,3}(?:-[a-z])?\b")
_PART = re.compile(
    # « à part quatre salariés », “taking part 4 real”
    r"(?<!\bà )(?<!\ba )(?<!take )(?<!takes )(?<!taking )(?<!took )\b(?:(?:partie|part)\s+(?:iv|vi?|[4-9]|quatre|cinq)|"
    r"(?:annexe|appendix)\s+(?:n[°o]\s*)?(?:\d+|[ivx]+)|(?:chapitre|chapter)\s+(?:\d+|[ivx]+))\b", re.IGNORECASE)
# “Can you invent a right?” and “two clients make up a third” ask for nothing to be made up.
_MADE_UP = (
    r"(?:(?:me|us) )?(?:an?|one|some|any|the|two|three|another)(?: more)? (?:[\w-]+ ){0,2}"
    r"(?:experiences?|examples?|cases?|stor(?:y|ies)|testimon\w+|quotes?|quotations?|figures?|numbers?|dates?|names?|contacts?|"
    r"addresse?s?|answers?|sheets?|fiches?|references?)\b"
)
_INVENT = re.compile(
    r"(?:^|[.!?:;]\s*)(?:invente[sz]?|fabrique[sz]?|invent|fabricate)\b|"
    r"\b(?:peux-tu|tu peux|pourrais-tu|pouvez-vous|vous pouvez) (?:m'|nous |en )?(?:inventer|fabriquer)\b|"
    r"\b(?:invente|imagine|fabrique)[sz]?-moi\b|\bcree[rsz]?-(?:en|moi)\b|\ba la louche\b|"
    r"(?<!\bdid you )(?<!\bdo you )\bmake (?:one|it|them|something) up\b|"
    rf"\b(?:(?:can|could|will|would) you|please|and|then|just) (?:invent|fabricate|make up) {_MADE_UP}|"
    rf"(?:^|[.!?:;]\s*)make up {_MADE_UP}"
)
_MARKUP = re.compile(
    r"<\s*(?:script|img|iframe|svg|b|a|div|style|body)\b|javascript:|\bon(?:error|load|click)\s*=", re.IGNORECASE)
_CLAIM = re.compile(
    r"\b(?:manuel|fiche(?: [\w-]+)?|coorace)\b.{0,12}\b(?:interdi\w+|impos\w+|oblig\w+|recommand\w+|"
    r"conseill\w+(?:-t-(?:il|elle))? d[e']|condamn\w+|denonc\w+|accus\w+|racont\w+|affirm\w+|pretend\w+|garanti\w+|"
    r"promet\w*)|"
    r"\bmanual (?:forbid\w*|require\w*|recommend\w*|impose\w*|ban\w*|claim\w*)"
)
_CLAIM_FRAME = frozenset(terms("manuel fiche coorace manual pourquoi quelle"))
SURELY = 0.7  # probability of an answer from which a part of a question is answered without the rest
PART_TERMS = 3  # search terms under which a later part of a question says too little by itself
PLACED = 0.9  # probability of one fiche from which a question is plainly about something by itself
PLACING_WORDS = 3  # content words under which it must also name something
TITLE_HELD = 0.3  # share of a question's words, by their rarity, from which they are those of a title
TOLD_WORDS = 5  # content words with which it tells so much
TOLD_PLACED = 0.5  # that this probability is enough
PLAINLY = 0.2  # probability of an answer under which there is little doubt
CLAIM_HELD = 0.67  # share of a claim's words that one passage must hold
_YEAR = re.compile(r"\b20(?:1[1-9]|[2-9]\d)\b")
_ACRONYM = re.compile(r"\b[A-Z]{2,}\b")
_NAME = re.compile(r"\b[A-ZÉÈÀ][\w'’-]+\b")


def _is_foreign(features: Mapping[str, float], result: SearchResult) -> bool:
    """Whether the manual knows no word of a question, and the scope model places it outside."""
    return result.in_scope < 0 and features["unknown"] >= 1.0


def _names_something(result: SearchResult) -> bool:
    """Whether a question holds a name of the best passage's fiche, much of its title, or an acronym."""
    named = any(h.signals["name"] > 0 or h.signals["title"] >= TITLE_HELD for h in result.hits[:1])
    return named or bool(_ACRONYM.search(result.query.text))


@cache
def _later() -> re.Pattern[str]:
    """What came after the manual, as folded text: see ``later.yaml``."""
    listed = yaml.safe_load(Path(__file__).with_name("later.yaml").read_text(encoding="utf-8"))
    expressions = "|".join(re.escape(fold(str(e))) for group in listed.values() for e in group)
    return re.compile(rf"\b(?:{expressions})\b")


def gate_features(question: Question, result: SearchResult) -> dict[str, float]:
    """What the decision rests on, each about 0-1."""
    top = result.hits[:10]
    best = {
        name: max((h.signals[name] for h in top), default=0.0)
        for name in ("dense", "question_dense", "question_dense_mean", "lexical", "question_lexical", "fiche_lexical")
    }
    content = [w for w in words(question.asked) if w not in STOP_WORDS and len(w) > 2]
    unknown = set(result.query.unknown)
    capitals = {fold(w) for w in _NAME.findall(question.asked[1:])} | {
        fold(w) for w in re.findall(r"\b[A-Z]{2,}\b", question.asked)
    }
    fiches = [h.chunk.fiche for h in top[:5]]
    return {
        "bias": 1.0,
        **best,
        "unknown": len([w for w in content if w in unknown]) / max(len(content), 1),
        "unknown_name": min(len(capitals & unknown), 2) / 2,
        "recent_year": float(bool(_YEAR.search(question.asked))),
        "later": float(bool(_later().search(fold(question.asked)))),
        # Two measures of length: a question of one word says too little to judge, one of ten tells a situation.
        "some_terms": min(len(set(result.query.typed)) / 4, 1.0),
        "many_terms": min(len(set(result.query.typed)) / 16, 1.0),
        "follow_up": float(question.follow_up),
        "agree": fiches.count(fiches[0]) / len(fiches) if fiches else 0.0,
        "in_scope": max(-1.0, min(result.in_scope / 6.0, 1.0)),
        "best_share": result.fiches[0].share if result.fiches else 0.0,
    }


@dataclass(frozen=True)
class Gate:
    """A logistic decision over ``GATE_FEATURES``.

    Attributes:
        weights: Weight of each feature, on the side of « answerable ».
        threshold: Least probability at which a question is answered.
        sure: Least probability at which it is answered without a doubt.
    """

    weights: Mapping[str, float]
    threshold: float
    sure: float

    @classmethod
    def load(cls, path: Path | None = None) -> Gate:
        """Read the weights; the shipped ones when ``path`` is None."""
        data = json.loads((path or Path(__file__).with_name("gate.json")).read_text(encoding="utf-8"))
        return cls(data["weights"], data["threshold"], data["sure"])

    def probability(self, features: Mapping[str, float]) -> float:
        """How likely the manual is to answer, 0-1."""
        return 1.0 / (1.0 + math.exp(-sum(self.weights.get(k, 0.0) * v for k, v in features.items())))

    def answerable(self, question: Question, result: SearchResult) -> bool:
        """Whether to answer: never a question of which the manual knows no word, when the scope model says no as well.

        Of « raconte une blague » two words are all there is to go by, and a likeness leads the other features astray.
        No question with a known answer (741) is of this kind.
        """
        features = gate_features(question, result)
        if _is_foreign(features, result):
            return False
        return self.probability(features) >= self.threshold or reaches_someone(question, result)

    def is_doubtful(self, question: Question, result: SearchResult) -> bool:
        """Whether a question that is answered may be one that the manual does not answer.

        Half of those that are beside the manual by a hair come here, and few of the others: an answer is more use to
        them with a doubt than a refusal.
        """
        return self.probability(gate_features(question, result)) < self.sure and not reaches_someone(question, result)

    def stands_alone(self, part: Question, result: SearchResult, *, opens: bool) -> bool:
        """Whether a part of a question, searched on its own, is plainly one that the manual answers.

        « … et qui le dirige ? » has lost whom it asks about, and would be answered about anybody: a part that does
        not open the question must say more.
        """
        says_enough = len(set(result.query.typed)) >= (1 if opens else PART_TERMS)
        return says_enough and self.probability(gate_features(part, result)) >= SURELY

    def elsewhere(self, question: Question, result: SearchResult) -> bool:
        """Whether a question, searched on its own, is plainly about something else than the manual.

        Both signs are asked for: « le budget ? » alone says too little to be placed, and « un repair café » is
        a new word for what the manual knows.
        """
        features = gate_features(question, result)
        return _is_foreign(features, result) or (result.in_scope < 0 and self.probability(features) < PLAINLY)

    @staticmethod
    def is_placed(question: Question, result: SearchResult) -> bool:
        """Whether a question, searched on its own, is plainly about something, so that it needs no conversation.

        Small words look like pointers (« y a quoi dans ISACTYS ? », « une AI peut-elle… »): taken for a follow-up, a
        question that changes the subject is answered about the former one. A word or two place it by naming
        something: « le budget ? » asks for that of what was spoken of.
        """
        content = {w for w in words(question.asked) if w not in STOP_WORDS and len(w) > 2}
        share = result.fiches[0].share if result.fiches else 0.0
        if len(content) < PLACING_WORDS and not _names_something(result):
            return False
        return share >= PLACED or (len(content) >= TOLD_WORDS and share >= TOLD_PLACED)

    @staticmethod
    def invented_fiche(question: Question, manual: Manual) -> str:
        """The id of a fiche that the question names and the manual does not have; empty if none."""
        typed = [m[1] for m in _FICHE_ID.finditer(question.asked)] + _BARE_ID.findall(question.asked)
        for fiche_id in map(normalise_id, typed):
            whole = re.fullmatch(r"[IVX]+(-[A-Z])?-\d+(-[a-z])?", fiche_id)
            if whole and manual.get(fiche_id) is None:
                return fiche_id
        return ""

    @staticmethod
    def invented_part(question: Question) -> str:
        """A part of the manual that the question names and there is not, as typed; empty if none.

        It has three parts, of fiches: neither chapters nor annexes.
        """
        found = _PART.search(question.asked)
        return found[0] if found else ""

    @staticmethod
    def asks_to_invent(question: Question) -> bool:
        """Whether what is asked for is to be made up: a testimony, a figure, one more experience."""
        return bool(_INVENT.search(fold(question.asked)))

    @staticmethod
    def is_noise(question: Question) -> bool:
        """Whether the question is no sentence of a person: markup, or the same few words over and over."""
        if _MARKUP.search(question.asked):
            return True
        tokens = words(question.asked)
        few = len(tokens) >= 12 and len(set(tokens)) <= len(tokens) / 4
        grammar = sum(t in STOP_WORDS for t in tokens)
        return few or (len(tokens) >= 12 and grammar <= len(tokens) * 0.05)

    @staticmethod
    def false_premise(question: Question, result: SearchResult) -> bool:
        """Whether the question makes the manual say something that no passage found says.

        « Pourquoi le manuel interdit-il… » is answered only from a passage that holds what is claimed.
        """
        if not _CLAIM.search(fold(question.asked)):
            return False
        claimed = {t for t in result.query.typed if t not in _CLAIM_FRAME}
        held = max((len(claimed & set(terms(h.chunk.text))) for h in result.hits[:12]), default=0)
        return held < CLAIM_HELD * len(claimed)
