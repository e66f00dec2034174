"""People of « Pour en savoir plus / pour un échange de pratique »: « Name, role - address »."""

from __future__ import annotations

import re
from collections.abc import Iterable

from corpus.links import EMAIL
from corpus.model import Contact, Section

__all__ = ["read_contacts"]

_PERSON = re.compile(rf"(?:[-*] )?(?P<name>[^,\n]+?)(?:, (?P<role>.+?))?\s+- (?P<email>{EMAIL.pattern})$")


def read_contacts(sections: Iterable[Section]) -> tuple[Contact, ...]:
    """Contacts of a fiche; the line above the people is their organisation."""
    out: list[Contact] = []
    for section in sections:
        if section.role != "contacts":
            continue
        organisation = ""
        for line in section.text.split("\n"):
            person = _PERSON.match(line.strip())
            if person:
                out.append(Contact(person["name"], person["role"] or "", organisation, person["email"]))
            elif line.strip():
                organisation = line.replace("**", "").strip()
    return tuple(out)
