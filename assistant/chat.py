"""``assistant chat``: a conversation in the terminal.

Colours are few and taken from the terminal's own eight, never black, white or a background, so that they
read on a dark and on a light one; they carry nothing that words do not say, and are left out when the
output is no terminal or ``NO_COLOR`` is set (https://no-color.org).
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TextIO

from assistant.answer import Answer, Turn
from assistant.errors import AssistantError
from assistant.render import render_fiche, render_text
from corpus.references import normalise_id

if TYPE_CHECKING:
    from assistant.service import Assistant

__all__ = ["Chat", "run_chat"]

KEPT_TURNS = 20
PROMPT = "› "
_CITATION = re.compile(r"\[\d+\]")
_WELCOME = (
    "Assistant du Manuel de référence de COORACE (décembre 2010). Posez une question, ou /aide.\n"
    "Par exemple : comment structurer un GES ?"
)
_HELP = """\
/fiche III-20        une fiche, entière
/similaires TEXTE    les expériences qui ressemblent à ce que décrit TEXTE
/moteur [NOM]        le moteur de réponse, ou en changer
/sources             de nouveau les sources de la dernière réponse
/oublier             commencer une nouvelle conversation
/aide                cette aide
/quitter             sortir (aussi : Ctrl-D)
Toute autre ligne est une question ; les précédentes sont prises en compte.
Une ligne qui finit par \\ se poursuit à la suivante."""
_TEXTS = {
    "bye": "Au revoir.",
    "no_fiche": "Pas de fiche « {id} ». Elles vont de I-A-1 à III-20.",
    "which_fiche": "Laquelle ? Par exemple : /fiche III-20",
    "which_text": "Décrivez votre projet à la suite, par exemple : /similaires une conciergerie de village",
    "unknown": "Commande inconnue : {command}. /aide les donne toutes.",
    "forgotten": "Nouvelle conversation.",
    "engine": "Moteur : {engine}. Possibles : {engines}.",
    "no_engine": "Pas de moteur « {engine} ». Possibles : {engines}.",
    "no_sources": "La dernière réponse ne cite rien.",
    "stopped": "Arrêté.",
}


class _Ink:
    """Colours, where they are wanted."""

    def __init__(self, wanted: bool) -> None:
        self._wanted = wanted

    def _in(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._wanted and text else text

    def strong(self, text: str) -> str:
        return self._in("1", text)

    def number(self, text: str) -> str:
        return self._in("36", text)

    def notice(self, text: str) -> str:
        return self._in("35", text)


def _wants_colour(out: TextIO, env: Mapping[str, str]) -> bool:
    return out.isatty() and not env.get("NO_COLOR") and env.get("TERM") != "dumb"


def _safe(text: str) -> str:
    """Text without control characters: nothing typed, or written by a model, may drive the terminal."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "", text)


class Chat:
    """One conversation.

    Args:
        assistant: What answers.
        out: Where it is shown.
        env: The environment, for ``NO_COLOR`` and ``TERM``; None for the process's own.
    """

    def __init__(self, assistant: Assistant, out: TextIO, env: Mapping[str, str] | None = None) -> None:
        self._assistant, self._out = assistant, out
        self._ink = _Ink(_wants_colour(out, os.environ if env is None else env))
        self._turns: list[Turn] = []
        self._last: Answer | None = None
        self._engine: str | None = None

    @property
    def turns(self) -> Sequence[Turn]:
        """The conversation so far, oldest first."""
        return tuple(self._turns)

    def take(self, line: str) -> bool:
        """Deal with one line; False when it ends the conversation."""
        line = line.strip()
        if line.startswith("/"):
            return self._command(*line.split(maxsplit=1))
        if line:
            self._ask(line)
        return True

    def say(self, text: str) -> None:
        """Show a text, its citation numbers and titles marked."""
        shown = _CITATION.sub(lambda m: self._ink.number(m[0]), _safe(text))
        headings = "Sources|Expériences|Experiences|À lire aussi|Further reading|Pour continuer|To go on"
        shown = re.sub(rf"(?m)^(?:{headings})$", lambda m: self._ink.strong(m[0]), shown)
        self._out.write(shown + "\n\n")
        self._out.flush()

    def _tell(self, key: str, **values: str) -> None:
        self._out.write(self._ink.notice(_safe(_TEXTS[key].format(**values))) + "\n\n")
        self._out.flush()

    def _ask(self, question: str) -> None:
        answer = self._assistant.ask(question, self._turns, self._engine)
        self._turns += [Turn("user", question), Turn("assistant", answer.text)]
        del self._turns[:-KEPT_TURNS]
        self._last = answer
        self.say(render_text(answer))

    def _command(self, name: str, rest: str = "") -> bool:
        commands: dict[str, Callable[[str], None]] = {
            "/fiche": self._fiche,
            "/similaires": self._similar,
            "/moteur": self._choose_engine,
            "/sources": lambda _: self._sources(),
            "/oublier": lambda _: self._forget(),
            "/aide": lambda _: self.say(_HELP),
        }
        if name in ("/quitter", "/q", "/exit", "/quit"):
            return False
        run = commands.get(name.lower())
        if run is None:
            self._tell("unknown", command=name)
        else:
            run(rest.strip())
        return True

    def _fiche(self, wanted: str) -> None:
        manual = self._assistant.manual
        found = manual.get(wanted) or manual.get(wanted.upper()) or manual.get(normalise_id(wanted))
        if not wanted:
            self._tell("which_fiche")
        elif found is None:
            self._tell("no_fiche", id=wanted)
        else:
            self.say(render_fiche(found))

    def _similar(self, text: str) -> None:
        if not text:
            self._tell("which_text")
            return
        self._last = self._assistant.similar(text)
        self.say(render_text(self._last))

    def _choose_engine(self, name: str) -> None:
        engines = ", ".join(self._assistant.engines)
        if name and name not in self._assistant.engines:
            self._tell("no_engine", engine=name, engines=engines)
            return
        self._engine = name or self._engine
        self._tell("engine", engine=self._engine or self._assistant.settings.engine, engines=engines)

    def _sources(self) -> None:
        if self._last is None or not self._last.citations:
            self._tell("no_sources")
        else:
            self.say(
                "\n".join(f"[{c.n}] {c.fiche} {c.title} — {c.section}  {c.url}" for c in self._last.citations)
            )

    def _forget(self) -> None:
        self._turns.clear()
        self._last = None
        self._tell("forgotten")


def _next_line(stdin: TextIO, stdout: TextIO, ink: _Ink) -> str | None:
    """The next line, joined with those that continue it; None at the end."""
    parts: list[str] = []
    while True:
        if stdin.isatty():
            stdout.write(ink.strong(PROMPT if not parts else "  "))
            stdout.flush()
        line = stdin.readline()
        if not line:
            return "\n".join(parts) if parts else None
        line = line.rstrip("\r\n")
        if not line.endswith("\\"):
            return "\n".join([*parts, line])
        parts.append(line[:-1])


def run_chat(assistant: Assistant, stdin: TextIO, stdout: TextIO) -> None:
    """Converse until the input ends or /quitter.

    Args:
        assistant: What answers.
        stdin: Where lines come from.
        stdout: Where answers go.
    """
    if stdin.isatty():
        import contextlib

        with contextlib.suppress(ImportError):
            import readline  # noqa: F401 - its import gives the prompt history and editing
    chat = Chat(assistant, stdout)
    ink = _Ink(_wants_colour(stdout, os.environ))
    chat.say(_WELCOME)
    while True:
        try:
            line = _next_line(stdin, stdout, ink)
            if line is None or not chat.take(line):
                break
        except AssistantError as error:
            chat.say(str(error))
        except KeyboardInterrupt:
            if not stdin.isatty():
                raise
            chat.say(_TEXTS["stopped"])
    chat.say(_TEXTS["bye"])
