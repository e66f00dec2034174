"""References to fiches in running text.

The manual writes one fiche in many ways: « FICHE II-2 - Mesurer… », « Fiche III-1 », « FICHE III 3 »,
« FICHE I-C-2-A », « FICHE I-C-2-c Transversalité / FICHE I-C-2-d … ». It also names other guides' fiches
(« Fiche N°14 » of CEDRE, « Fiche action … »), which are none of ours: the word alone proves nothing, only
a complete id of this manual does.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from corpus.model import Block, Reference, ReferenceKind, Role, Section

__all__ = [
    "FICHE_ID",
    "FICHE_IDS",
    "Mention",
    "find_mentions",
    "is_reference_line",
    "named_fiches",
    "normalise_id",
    "section_references",
]

FICHE_IDS: tuple[str, ...] = (
    "I-A-1", "I-A-2",
    "I-B-1", "I-B-2", "I-B-3", "I-B-4",
    "I-C-1-a", "I-C-1-b", "I-C-1-c",
    "I-C-2-a", "I-C-2-b", "I-C-2-c", "I-C-2-d", "I-C-2-e", "I-C-2-f", "I-C-2-g", "I-C-2-h",
    "II-1", "II-2", "II-3", "II-4",
    *(f"III-{n}" for n in range(1, 21)),
)  # fmt: skip

# The form of an id, of this edition or of a later one.
FICHE_ID = re.compile(r"I-[AB]-\d{1,2}|I-C-\d-[a-z]|I{2,3}-\d{1,2}")
_SEP = r"\s{0,2}[-‐‑‒–— ]\s{0,2}"
# A letter or digit right after is another word (« III-1 » in « III-12 », « I-B-1 » in « I-B-1bis »).
# In « FICHE I-B-3 d'appui » the d is a word's: only I-C ids carry a letter, and no apostrophe follows it.
_ID = (
    rf"(?:I{_SEP}C{_SEP}\d{_SEP}[a-z](?!['’\w])"
    rf"|I{_SEP}[A-B]{_SEP}\d{{1,2}}(?!\w)|I{{2,3}}{_SEP}\d{{1,2}}(?!\w))"
)
_MENTION = re.compile(
    rf"\bfiches?\s+(?P<first>{_ID})(?P<more>(?:\s*(?:,|/|;|\bet\b|\bou\b)\s*(?:fiches?\s+)?{_ID})*)",
    re.IGNORECASE,
)
_ONE = re.compile(_ID, re.IGNORECASE)
_ALONE = re.compile(rf"(?<![\w-])(?:{FICHE_ID.pattern})(?![\w-])")
_LINE = re.compile(
    r"\W*(?:Cf\.\s*|cf\.\s*|Voir également\s*:?\s*|Pour approfondir\s*:?\s*)?FICHE\s+I", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where a text names a fiche.

    Attributes:
        to: Normalised id; it may not exist (the checker says so).
        start: Where the mention starts in the text.
        end: Where the id ends.
    """

    to: str
    start: int
    end: int


def normalise_id(raw: str) -> str:
    """The manual's own spelling of an id.

    >>> normalise_id("i-c-2-A"), normalise_id("III 3"), normalise_id("II – 2")
    ('I-C-2-a', 'III-3', 'II-2')
    """
    parts = [p for p in re.split(r"[\s\-‐‑‒–—]+", raw.strip()) if p]
    head = [
        p.upper() if p.isalpha() else str(int(p)) if p.isascii() and p.isdigit() else p for p in parts[:3]
    ]
    return "-".join(head + [p.lower() for p in parts[3:]])


def named_fiches(text: str) -> tuple[str, ...]:
    """Ids of the fiches that a question names, in order: after « fiche », or by the id alone, typed as printed.

    >>> named_fiches("que dit la fiche ii-3, et III-5 ?")
    ('II-3', 'III-5')
    """
    found = [(m.start, m.to) for m in find_mentions(text)] + [(m.start(), m[0]) for m in _ALONE.finditer(text)]
    return tuple(dict.fromkeys(fiche for _, fiche in sorted(found)))


def find_mentions(text: str) -> Iterator[Mention]:
    """Every place of a text that names a fiche of this manual's form, in order."""
    for match in _MENTION.finditer(text):
        for one in _ONE.finditer(text, match.start("first"), match.end()):
            start = match.start() if one.start() == match.start("first") else one.start()
            yield Mention(normalise_id(one.group()), start, one.end())


def is_reference_line(line: str) -> bool:
    """Whether a line holds nothing but a reference (« FICHE III-4 … », « Cf. FICHE … »)."""
    return bool(_LINE.match(line))


def _kind(role: Role, block: Block) -> ReferenceKind:
    if role == "dimensions":
        return "dimension"
    if role == "approfondir":
        return "approfondir"
    return "illustration" if block.kind == "illustration" else "texte"


def section_references(section: Section, known: Collection[str]) -> Iterator[Reference]:
    """References of one section to fiches that exist.

    Args:
        section: Where to look.
        known: Ids that exist; a mention of any other is left out.

    Yields:
        Each distinct (fiche, kind) of the section once, in order.
    """
    if "fiche" not in section.text.lower():
        return
    seen: set[tuple[str, str]] = set()
    for block in section.blocks:
        kind = _kind(section.role, block)
        for mention in find_mentions(block.text):
            if mention.to in known and (mention.to, kind) not in seen:
                seen.add((mention.to, kind))
                yield Reference(mention.to, kind, section.anchor)
