"""What a reader is told of how an answer was made when a language model was meant to write it."""

from __future__ import annotations

__all__ = ["notice"]

_NOTICES: dict[str, dict[str, str]] = {
    "fr": {
        "timeout": "Le modèle de langue n'a pas répondu à temps ; réponse composée des phrases du manuel.",
        "unreachable": "Le modèle de langue est injoignable ; réponse composée des phrases du manuel.",
        "busy": "Le modèle de langue est trop sollicité ; réponse composée des phrases du manuel.",
        "refused": "Le service du modèle de langue a refusé la demande ; réponse composée des phrases du manuel.",
        "broken": "La réponse du modèle de langue est illisible ; réponse composée des phrases du manuel.",
        "cut": "La réponse du modèle de langue s'est interrompue ; réponse composée des phrases du manuel.",
        "unsupported": "Le manuel n'appuyait pas assez ce que le modèle de langue a écrit ; réponse composée des phrases du manuel.",
        "nothing": "Le modèle de langue n'a pas trouvé de réponse ; réponse composée des phrases du manuel.",
        "orders": "La question ou la conversation contient des consignes au modèle de langue, qui n'a pas été interrogé ; réponse composée des phrases du manuel.",
        "removed_one": "Une phrase du modèle de langue que le manuel n'appuie pas a été retirée.",
        "removed": "{count} phrases du modèle de langue que le manuel n'appuie pas ont été retirées.",
    },
    "en": {
        "timeout": "The language model did not answer in time; this answer is made of the manual's sentences.",
        "unreachable": "The language model cannot be reached; this answer is made of the manual's sentences.",
        "busy": "The language model is overloaded; this answer is made of the manual's sentences.",
        "refused": "The language model's service refused the request; this answer is made of the manual's sentences.",
        "broken": "The language model's reply cannot be read; this answer is made of the manual's sentences.",
        "cut": "The language model's reply broke off; this answer is made of the manual's sentences.",
        "unsupported": "The manual did not support enough of what the language model wrote; this answer is made of the manual's sentences.",
        "nothing": "The language model found no answer; this answer is made of the manual's sentences.",
        "orders": "The question or the conversation holds orders to the language model, which was not asked; this answer is made of the manual's sentences.",
        "removed_one": "One sentence of the language model that the manual does not support was removed.",
        "removed": "{count} sentences of the language model that the manual does not support were removed.",
    },
}


def notice(language: str, key: str, count: int = 0) -> str:
    """The notice ``key``; ``count`` is how many sentences were removed."""
    if key == "removed" and count == 1:
        key = "removed_one"
    return _NOTICES[language][key].format(count=count)
