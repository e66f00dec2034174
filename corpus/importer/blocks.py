"""Source paragraphs into Markdown blocks: lists with their introduction, illustrations, tables, footnotes.

A *group* is a run of source lines without a blank line; page breaks and misplaced footnotes cut lists and
paragraphs, so groups are put together again by what they are: items follow items, a list follows the line
that ends with a colon, and « FICHE III-… » closes the short experience that stands above it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from corpus.importer.classify import Line
from corpus.importer.layout import Layout
from corpus.references import is_reference_line

__all__ = ["Group", "build_text", "group_lines", "note_text"]


@dataclass(slots=True)
class Group:
    """A run of lines that form one paragraph, list, table or illustration.

    Attributes:
        numbers: Source lines.
        lines: Markdown lines.
        kind: ``text``, ``table`` or ``quote``.
    """

    numbers: list[int] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    kind: str = "text"

    @property
    def is_list(self) -> bool:
        """Whether the last line belongs to a list."""
        return bool(self.lines) and self.lines[-1].lstrip().startswith(("- ", "* ")) or self._continues_item

    @property
    def _continues_item(self) -> bool:
        return len(self.lines) > 1 and self.lines[-1].startswith("  ")

    @property
    def starts_list(self) -> bool:
        """Whether the first line is an item."""
        return bool(self.lines) and self.lines[0].lstrip().startswith(("- ", "* "))

    @property
    def announces(self) -> bool:
        """Whether the last line announces what follows."""
        return bool(self.lines) and self.lines[-1].rstrip("* ").endswith(":")


def _item(line: Line, layout: Layout) -> str:
    text = line.text.strip()
    if line.n in layout.starred:
        return f"* {text}"
    if not text.startswith("- "):
        return text
    if text.count("**") % 2 and line.unit == "INDEX":
        text = f"- **{text[2:]}"  # the opening mark of the bold term was lost
    deep = layout.indent.get(line.n, line.text.startswith(" "))
    return f"  {text}" if deep else text


def _row(text: str, columns: int) -> str:
    cells = [cell.strip() for cell in text.split("\t")]
    cells += [""] * (columns - len(cells))
    return "| " + " | ".join(cells) + " |"


def _table(lines: list[Line], columns: int) -> list[str]:
    rows = [_row(line.text, columns) for line in lines]
    return [rows[0], "|" + " --- |" * columns, *rows[1:]]


def group_lines(lines: list[Line], layout: Layout) -> list[Group]:
    """Groups of one section's lines: a gap in the numbers (a blank line) parts them."""
    out: list[Group] = []
    for first, last, columns in layout.tables:
        rows = [line for line in lines if first <= line.n <= last]
        if rows:
            out.append(Group([r.n for r in rows], _table(rows, columns), "table"))
    tables, out = out, []
    previous = -1
    for line in (line for line in lines if line.kind == "text"):
        text = _item(line, layout)
        # An entry of the index is read and cited alone: each is a block.
        if line.n != previous + 1 or line.unit == "INDEX":
            out.append(Group())
        elif out[-1].is_list and not text.lstrip().startswith("- "):
            text = f"  {text}"  # a second line of the item: often an address
        out[-1].numbers.append(line.n)
        out[-1].lines.append(text)
        previous = line.n
    return sorted(out + tables, key=lambda g: g.numbers[0]) if tables else out


def _quote(groups: list[Group], start: int) -> Group:
    taken = [groups.pop()]
    while taken[-1].numbers[0] > start and groups:
        taken.append(groups.pop())
    taken.reverse()
    return Group(
        [n for g in taken for n in g.numbers],
        [f"> {line.strip()}" for g in taken for line in g.lines],
        "quote",
    )


def _joins(group: Group, last: Group, layout: Layout) -> bool:
    n = group.numbers[0]
    if last.kind != "text" or n in layout.star_starts:
        return False
    if n in layout.attach or is_reference_line(group.lines[0]) and not group.starts_list:
        return True
    return group.starts_list and (last.is_list or last.announces)


def _people(groups: list[Group]) -> str:
    """Contacts as one block, the organisation above its people: cited apart, neither says enough."""
    lines = [line.strip() for group in groups for line in group.lines]
    if len(lines) < 2 or "@" in lines[0]:
        return "\n\n".join(lines)
    return "\n".join([lines[0], *(line if line.startswith("- ") else f"* {line}" for line in lines[1:])])


def build_text(lines: list[Line], layout: Layout, role: str) -> str:
    """Markdown of one section.

    Args:
        lines: The section's text and table lines.
        layout: The importer's tables.
        role: The section's role; references close an illustration only in running text.
    """
    if role == "contacts":
        return _people(group_lines(lines, layout))
    out: list[Group] = []
    running = role not in ("dimensions", "approfondir")
    for group in group_lines(lines, layout):
        n = group.numbers[0]
        experience = (
            running and group.kind == "text" and group.lines[-1].startswith(("FICHE III", "Fiche III"))
        )
        if n in layout.continues:
            out[-1].lines[-1] += f" {group.lines[0]}"
            group = Group(group.numbers, group.lines[1:])
            out[-1].lines.extend(group.lines)
        elif experience:
            out.append(group)
            above = out[-2].numbers[0] if len(group.lines) == 1 else n
            out.append(_quote(out, layout.illustrations.get(n, above)))
        elif out and lines[0].unit != "INDEX" and group.kind == "text" and _joins(group, out[-1], layout):
            inside = out[-1].is_list and not group.starts_list
            out[-1].lines += [f"  {line.strip()}" if inside else line for line in group.lines]
            out[-1].numbers += group.numbers
        else:
            out.append(group)
    return "\n\n".join("\n".join(group.lines) for group in out)


def note_text(lines: list[Line]) -> str:
    """A footnote's text, its number removed; paragraphs keep a blank line between them, items none."""
    first = lines[0].text.split(maxsplit=1)[1]
    out = [first]
    for before, line in zip(lines, lines[1:], strict=False):
        items = line.text.startswith("* ") and (
            before.text.startswith("* ") or before.text.endswith("appuyé sur :")
        )
        out.append(line.text if items or line.n == before.n + 1 else f"\n{line.text}")
    return "\n".join(out)
