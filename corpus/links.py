"""Web addresses of a text, with the words that introduce them.

The manual prints most addresses bare (« www.… »), at the end of a list item or on a line of their own under
it; a few came through OCR as Markdown links. An address ends where its sentence's punctuation begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.model import Link

__all__ = ["EMAIL", "URL_SHAPE", "find_links"]

EMAIL = re.compile(r"[A-Za-z0-9][\w.+-]*@[\w-]+(?:\.[\w-]+)+")
# « www. » is no domain by itself: « www.isactys » lacks its end.
URL_SHAPE = re.compile(
    r"https?://(?:www\.[a-z0-9-]+|(?!www\.)[a-z0-9-]+)(?:\.[a-z0-9-]+)+(?::\d+)?(?:/\S*)?", re.IGNORECASE
)
_ADDRESS = re.compile(
    r"\[[^\]\n]*\]\((?P<md>https?://[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)\)"
    r"|(?<![@\w./-])(?P<bare>(?:https?://|www\.)[^\s<>«»\"\[\]⁰¹²³⁴⁵⁶⁷⁸⁹]+)",
    re.IGNORECASE,
)
_ITEM = re.compile(r"\s*(?:>\s*)?(?:[-*•→]\s+)?")
_INTRODUCES = re.compile(r"[\s:;,(<–-]+$")
_LEADS = re.compile(r"^[\s:;,.)>–]+")
_LONGEST = 160


def _clean(address: str) -> str:
    """The address without what belongs to its sentence."""
    while address and (
        address[-1] in ".,;:!?'’*_" or (address[-1] == ")" and address.count("(") < address.count(")"))
    ):
        address = address[:-1]
    return address


def _label(before: str) -> str:
    """The words right before an address, down to its item's start, marks removed.

    Of a long item the last sentence says what the address is; without one, its first words do.
    """
    text = _INTRODUCES.sub("", re.sub(r"\s+", " ", before.replace("*", "")))
    text = _LEADS.sub("", text).strip()
    last = text.rpartition(". ")[2]
    if len(text) > _LONGEST and 20 <= len(last) < len(text):
        text = last
    return text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0] + " …"


def _items(text: str) -> Iterator[str]:
    """Paragraphs and list items, each with the lines that continue it."""
    item: list[str] = []
    for line in text.split("\n"):
        starts = not line.strip() or re.match(r"\s*(?:>\s*)?[-*•→]\s", line)
        if starts and item:
            yield "\n".join(item)
            item = []
        if line.strip():
            item.append(_ITEM.sub("", line, count=1))
    if item:
        yield "\n".join(item)


def find_links(text: str, section: str = "", heading: str = "") -> Iterator[Link]:
    """Links of a text in order, each address once.

    Args:
        text: Markdown.
        section: Anchor to give the links.
        heading: Label of an address that nothing else introduces; empty for the address itself.
    """
    if "://" not in text and "www." not in text.lower():
        return
    seen: set[str] = set()
    above = ""
    for item in _items(text):
        start = 0
        for match in _ADDRESS.finditer(item):
            url = match["md"] or _clean(match["bare"])
            url = url if "://" in url else f"http://{url}"
            label = _label(item[start : match.start()]) or _label(above)
            start = match.end()
            if url not in seen and URL_SHAPE.match(url):
                seen.add(url)
                yield Link(label or heading or url.split("://")[1], url, section)
        above = item if start == 0 else ""
