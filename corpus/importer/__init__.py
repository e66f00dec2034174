"""The manual as received, read into fiches: run once, kept because it proves that nothing was lost.

``python -m corpus.importer`` writes ``corpus/fiches/*.md`` again and prints where every line of the source
went. From then on the Markdown files are the canonical form (``corpus.store``).
"""

from __future__ import annotations

from corpus.importer.account import Destination, account, import_fiches

__all__ = ["Destination", "account", "import_fiches"]
