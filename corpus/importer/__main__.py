"""``python -m corpus.importer``: writes ``corpus/fiches/*.md`` again and prints the account of the source."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from corpus.errors import CorpusError
from corpus.fichefile import write_fiche
from corpus.importer import account, import_fiches
from corpus.importer.layout import load_mends
from corpus.links import EMAIL
from corpus.model import Fiche, Manual
from corpus.store import FICHES_FOLDER, make_manual

__all__ = ["figures", "main", "report"]


def _emails(fiche: Fiche) -> list[str]:
    texts = [s.text for s in fiche.sections] + [n.text for n in fiche.footnotes]
    return [address for text in texts for address in EMAIL.findall(text)]


def figures(manual: Manual) -> dict[str, int | dict[str, int]]:
    """The corpus in figures: what the tests hold and the account prints."""
    pairs = {(f.id, r.to) for f in manual.fiches for r in f.references}
    kinds = Counter(kind for *_, kind in {(f.id, r.to, r.kind) for f in manual.fiches for r in f.references})
    emails = [address for f in manual.fiches for address in _emails(f)]
    everywhere = [address for f in manual for address in _emails(f)]
    return {
        "fiches": len(manual.fiches),
        "units": len(manual.units),
        "sections": sum(len(f.sections) for f in manual),
        "blocks": sum(len(s.blocks) for f in manual for s in f.sections),
        "illustrations": sum(b.kind == "illustration" for f in manual for s in f.sections for b in s.blocks),
        "tables": sum(b.kind == "table" for f in manual for s in f.sections for b in s.blocks),
        "links between fiches": len(pairs),
        "links by kind": dict(sorted(kinds.items())),
        "index entries": len(manual.index),
        "index links": sum(len(e.fiches) for e in manual.index),
        "index links in bold": sum(len(e.main) for e in manual.index),
        "index links to units": sum(len(e.units) for e in manual.index),
        "footnotes": sum(len(f.footnotes) for f in manual),
        "footnotes tied": sum(bool(n.section) for f in manual for n in f.footnotes),
        "contacts": sum(len(f.contacts) for f in manual),
        "e-mails printed in fiches": len(emails),
        "e-mails printed in all": len(everywhere),
        "e-mails distinct": len(set(everywhere)),
        "web links": sum(len(f.links) for f in manual),
        "web links distinct": len({link.url for f in manual for link in f.links}),
        "mends": len(load_mends()),
    }


def report(manual: Manual) -> str:
    """The account as a table to read."""
    places = account()
    drops = Counter(place.drop for place in places if place.drop)
    out = ["unité           lignes  sections"]
    for fiche in manual:
        lines = sum(place.unit == fiche.id for place in places)
        out.append(f"{fiche.id:<15} {lines:>6}  {len(fiche.sections):>8}")
    out += [f"{'gardées':<15} {sum(not p.drop for p in places):>6}", "", "lignes laissées"]
    out += [f"  {why:<28} {n:>5}" for why, n in drops.most_common()]
    out += [f"  {'total de la source':<28} {len(places):>5}", "", "chiffres"]
    out += [f"  {key:<28} {value}" for key, value in figures(manual).items()]
    return "\n".join(out)


def main(folder: Path = FICHES_FOLDER) -> int:
    """Write the fiches and print the account."""
    try:
        fiches = import_fiches()
        folder.mkdir(parents=True, exist_ok=True)
        for fiche in fiches:
            (folder / f"{fiche.id}.md").write_text(write_fiche(fiche), "utf-8")
        print(report(make_manual(fiches)))
    except (CorpusError, OSError) as error:
        print(f"erreur : {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
