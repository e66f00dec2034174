"""From a text to the terms that lexical search compares: folded, stemmed, stop words left out.

French users drop accents, apostrophes and endings; the same treatment on both sides makes that harmless.
The French Snowball stemmer is used for English words too: both sides get the same stem, which is all a
lexical index asks for.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import Stemmer

__all__ = ["STOP_WORDS", "fold", "stem", "terms", "words"]

_WORD = re.compile(r"[a-z0-9]+(?:[.&+][a-z0-9]+)*")
_COMBINING = re.compile("[\u0300-\u036f]")
_UNDONE = (("œ", "oe"), ("Œ", "OE"), ("æ", "ae"), ("Æ", "AE"), ("’", "'"), ("ʼ", "'"), ("‘", "'"))

# Words that carry no subject: grammar, and what people wrap a question in. Folded forms.
STOP_WORDS = frozenset(
    (
        "a au aux avec ce ces cet cette ca car c d da dans de des du elle elles en et eu eux il ils j je l la le "
        "les leur leurs lui m ma mais me meme mes moi mon n ne nos notre nous on ou par pas plus pour qu que qui "
        "quoi s sa se ses si son sur t ta te tes toi ton tu un une vos votre vous y est es suis sont etre ete sera "
        "seront serait soit ai as avons avez ont avoir avait aurait fait faire faut peut peuvent pouvoir doit "
        "doivent quel quelle quels quelles comment combien pourquoi quand dont donc alors aussi tres bien tout tous "
        "toute toutes cela ceci ici la-bas deja encore entre sans sous vers chez comme autre autres lequel laquelle "
        "lesquels lesquelles qu'est quelqu un'une afin ainsi lors lorsque depuis existe existent ya via svp merci "
        "bonjour salut besoin veut veux voudrait voudrais aimerait aimerais cherche cherchons dire dit sais savoir "
        "genre truc trucs chose choses juste exactement concretement the an and or of to in on for with is are was "
        "were be been do does did how what which who whom whose when where why can could should would may might "
        "must this that these those it its they them their there we our us you your i my me he she his her from by "
        "at as if not no any some about into than then have has had will just get want need please one between another "
        "other others also very since whether without within during while because still else already both each every "
        "such only too most more much many own same few so being been am im ive doesnt isnt really actually "
        "exactly quite upon onto across above below here always often sometimes someone somebody anyone anybody "
        "everyone everybody everything something anything doesn didn isn aren wasn weren couldn wouldn shouldn hasn "
        "haven hadn won ll ve re hello hi hey thanks thank"
    ).split()
)

_stemmer = Stemmer.Stemmer("french")


def fold(text: str) -> str:
    """Lower-case ``text`` without accents, ligatures undone, apostrophes of one kind."""
    if text.isascii():
        return text.lower()
    for written, undone in _UNDONE:  # str.translate looks up every letter: many times slower
        text = text.replace(written, undone)
    return _COMBINING.sub("", unicodedata.normalize("NFKD", text)).lower()


def words(text: str) -> list[str]:
    """Folded words of ``text`` in order, stop words included."""
    return _WORD.findall(fold(text))


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Stem of a folded word; figures and acronym-like short words stay as they are."""
    return word if len(word) <= 3 or word[0].isdigit() else _stemmer.stemWord(word)


def terms(text: str) -> list[str]:
    """Stems of the words of ``text`` that carry a subject."""
    return [stem(w) for w in words(text) if w not in STOP_WORDS and (len(w) > 1 or w.isdigit())]
