"""The glossary: acronyms and key terms, each with the place of the text that spells it out.

Finding « (GES) » after « Groupes Economiques Solidaires » by rule also finds « (Eure) » after a firm's name
and misses what stands in a footnote or the other way round, so the entries are a reviewed data file. What the
code adds is the proof: a quote must stand word for word in the section it names.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from corpus.errors import GlossaryError
from corpus.headings import fold
from corpus.model import Fiche, Manual

__all__ = ["GLOSSARY", "GlossaryEntry", "GlossaryKind", "build_glossary", "quote_stands"]

GLOSSARY = Path(__file__).parent / "glossary.yaml"
GlossaryKind = Literal["sigle", "organisme", "notion"]
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FIELDS = {"term", "kind", "expansion", "variants", "fiche", "anchor", "quote", "note"}


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """An acronym or a key term.

    Attributes:
        term: As the manual writes it.
        kind: Acronym of a thing, acronym or name of an organisation, or notion.
        expansion: The acronym spelt out; empty for a notion.
        variants: Other ways in which people and the text say it.
        fiche: Where the text spells it out, or first uses it when it never does.
        anchor: Section of that fiche.
        quote: Word for word from that section, its heading or a note it calls; None when the manual
            never spells the term out.
        note: What a reader must know; may be empty.
    """

    term: str
    kind: GlossaryKind
    expansion: str
    variants: tuple[str, ...]
    fiche: str
    anchor: str
    quote: str | None = None
    note: str = ""

    @property
    def common_knowledge(self) -> bool:
        """Whether the expansion is ours and not the manual's: to be said wherever it is shown."""
        return self.quote is None


def quote_stands(fiche: Fiche, anchor: str, quote: str) -> bool:
    """Whether a quote stands word for word (Markdown, spaces, case and accents aside) in a section.

    Args:
        fiche: The fiche that is quoted.
        anchor: The section; its heading and the notes it calls count as its text.
        quote: The quote.
    """
    section = fiche.by_anchor.get(anchor)
    if section is None:
        return False
    texts = [section.text, section.heading, *(n.text for n in fiche.footnotes if n.section == anchor)]
    return any(fold(quote) in fold(text) for text in texts)


def _entry(raw: Any) -> GlossaryEntry:
    if not isinstance(raw, dict) or not {"term", "kind", "fiche", "anchor"} <= set(raw) <= _FIELDS:
        raise GlossaryError(
            f"entrée de glossaire mal formée : {raw!r} (champs : {', '.join(sorted(_FIELDS))})"
        )
    if raw["kind"] not in get_args(GlossaryKind):
        raise GlossaryError(
            f"{raw['term']} : sorte inconnue « {raw['kind']} » (permis : {', '.join(get_args(GlossaryKind))})"
        )
    texts = {key: str(raw.get(key) or "") for key in ("term", "expansion", "fiche", "anchor", "note")}
    return GlossaryEntry(
        kind=raw["kind"], variants=tuple(raw.get("variants") or ()), quote=raw.get("quote"), **texts
    )


def build_glossary(manual: Manual, path: Path = GLOSSARY) -> tuple[GlossaryEntry, ...]:
    """The glossary, each quote proved against the manual.

    Args:
        manual: The manual as loaded.
        path: The data file.

    Returns:
        Entries in the file's order.

    Raises:
        GlossaryError: The file cannot be read, or an entry's section or quote is not in the manual.
    """
    try:
        raws = yaml.load(path.read_text("utf-8"), Loader=_Loader)
    except (OSError, yaml.YAMLError) as error:
        raise GlossaryError(f"glossaire illisible : {path} ({error})") from error
    entries = tuple(_entry(raw) for raw in raws or ())
    for entry in entries:
        fiche = manual.get(entry.fiche)
        if fiche is None or entry.anchor not in fiche.by_anchor:
            raise GlossaryError(f"{entry.term} : la rubrique {entry.fiche}#{entry.anchor} n'existe pas")
        if entry.quote is not None and not quote_stands(fiche, entry.anchor, entry.quote):
            raise GlossaryError(
                f"{entry.term} : la citation n'est pas dans {entry.fiche}#{entry.anchor} : « {entry.quote} »"
            )
    return entries
