"""Does a text give orders to a language model?

A first sieve, before the model: a passage that does is not offered, a question or conversation that does is
answered by the default engine. It cannot catch everything, and need not: what the model writes is verified
whatever it was told.
"""

from __future__ import annotations

import re

from index.text import fold

__all__ = ["gives_orders"]

_ORDERS = re.compile(
    "|".join(
        (
            r"\b(ignor\w+|oubli(e|ez|er|ons)|neglige\w*|contourn\w+|desobei\w*|passe outre|disregard|forget|"
            r"override|bypass)\b.{0,60}"
            r"\b(consignes?|instructions?|regles|ordres|precedent\w*|ci-dessus|"
            r"previous|above|prior|rules|prompts?|guidelines|citations?)\b",
            # « Les nouvelles règles du médico-social » are no orders.
            r"\b(nouvelles?|vraies?|seules?|new|real|updated) (consignes?|instructions?)\b|"
            r"\b(voici|tes|vos|mes|here are|your|my) (les |the )?"
            r"(nouvelles?|vraies?|seules?|new|real|updated) (regles|rules)\b",
            r"<\|?/?(im_start|im_end|system|user|assistant|endoftext|s|inst|passages?|conversation|"
            r"question|think)\|?>|\[/?(inst|sys(tem)?)\]|<</?sys>>",
            r"(^|\n)\s*[#*>-]*\s*(system|systeme|assistant|developer|developpeur|user|utilisateur|admin\w*)\s*(prompt|message)?\s*:",
            r"\b(a partir de maintenant|desormais|from now on),? (tu|vous|you)\b|\boublie[sz]? tout ce qu",
            r"(^|[.!?:;,\n]\s*|\b(now|please|must) )act (now|as (a|an|if|dan))\b",
            r"\b(tu es|vous etes|you are|deviens|agis) "
            r"(maintenant|desormais|a present|now|comme si|comme un|as (a|an|if|dan))\b",
            r"\b(revel\w+|divulgu\w+|affich\w+|recopi\w+|repet\w+|montr\w+|donne\w*|imprim\w+|reveal|print|show|repeat|leak|output|dump)\b.{0,60}"
            r"\b(prompts?|consignes?|instructions|cles? (d'|de l')?api|api.?key|mots? de passe|passwords?|"
            r"secrets?|tokens?|variables? d'environnement)\b",
            r"\b(reponds?|repondez|ecris|ecrivez|termin\w+|commenc\w+|ajoute[sz]?|insere[sz]?|dis|say|write|answer|reply|respond|end|append|include)\b.{0,40}"
            r"\b(uniquement|seulement|exactement|mot pour mot|only|exactly|verbatim)\b.{0,5}[:«\"“']",
            r"\b(chaque|toutes? (les|tes|vos)|every|each|all) "
            r"(reponses?|phrases?|answers?|sentences?|repl(y|ies))\b.{0,40}"
            r"\b(par|avec|with|contient|contain\w*|commenc\w+|termin\w+|include\w*)\b.{0,5}[:«\"“'A-Z0-9]",
            r"\b(mode|mod) (developp\w+|debug|admin\w*|root|sans (filtre|limite|restriction)s?|dan|god|"
            r"jailbreak|maintenance)\b|\bjailbreak\w*|\bdo anything now\b",
            r"\b(a l'attention|note|message|instructions?) "
            r"(de l'|pour l'|a l'|du |au |for the |to the )(assistant|modele|ia|ai|llm|language model)\b",
            r"\b(sans|without) (citations?|sources?|numeros?|verifi\w+|checking)\b.{0,40}"
            r"\b(reponds?|ecris|invent\w+|answer|write)\b|"
            r"\b(reponds?|ecris|invent\w+|answer|write)\b.{0,40}"
            r"\b(sans|without|no) (citer|citations?|sources?|numeros?|verifi\w+)\b",
            r"\b(fais|faites) (semblant|comme si)\b|\bpretend (to|that|you)\b|\brole ?-?play\b",
            r"!\[[^\]]*\]\(|javascript:|<(script|img|iframe|svg|a) ",
        )
    ),
    re.DOTALL,
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\U000e0000-\U000e007f]")


def gives_orders(text: str) -> bool:
    """Whether ``text`` speaks to the model rather than of its subject; invisible characters count too."""
    hidden = _INVISIBLE.findall(text)
    folded = fold(_INVISIBLE.sub("", text))
    return len(hidden) > 3 or bool(_ORDERS.search(folded))
