"""What a reader is told of how an answer was made when a language model was meant to write it."""

from __future__ import annotations

__all__ = ["notice"]

_INSTEAD = {
    "fr": " ; réponse composée des phrases du manuel.",
    "en": "; this answer is made of the manual's sentences.",
}
_NOTICES: dict[str, dict[str, str]] = {
    "fr": {
        "timeout": "Le modèle de langue n'a pas répondu à temps",
        "unreachable": "Le modèle de langue est injoignable",
        "busy": "Le modèle de langue est trop sollicité",
        "refused": "Le service du modèle de langue a refusé la demande",
        "broken": "La réponse du modèle de langue est illisible",
        "cut": "La réponse du modèle de langue s'est interrompue",
        "unsupported": "Le manuel n'appuyait pas assez ce que le modèle de langue a écrit",
        "nothing": "Le modèle de langue n'a pas trouvé de réponse",
        "orders": "La question ou la conversation donne des ordres au modèle, qu'on n'a pas interrogé",
        "removed_one": "Une phrase du modèle de langue que le manuel n'appuie pas a été retirée.",
        "removed": "{count} phrases du modèle de langue que le manuel n'appuie pas ont été retirées.",
    },
    "en": {
        "timeout": "The language model did not answer in time",
        "unreachable": "The language model cannot be reached",
        "busy": "The language model is overloaded",
        "refused": "The language model's service refused the request",
        "broken": "The language model's reply cannot be read",
        "cut": "The language model's reply broke off",
        "unsupported": "The manual did not support enough of what the language model wrote",
        "nothing": "The language model found no answer",
        "orders": "The question or conversation gives orders to the language model, so it was not asked",
        "removed_one": "One sentence of the language model that the manual does not support was removed.",
        "removed": "{count} sentences of the language model that the manual does not support were removed.",
    },
}


def notice(language: str, key: str, count: int = 0) -> str:
    """The notice ``key``; ``count`` is how many sentences were removed."""
    if key == "removed" and count == 1:
        key = "removed_one"
    said = _NOTICES[language][key].format(count=count)
    return said if key.startswith("removed") else said + _INSTEAD[language]
