"""What the HTTP doors say to people, in French and English: the only place where such words stand.

The language is the caller's (``Accept-Language``), French when it does not say; a field's name, an id or a
figure is filled in by whoever raises the message.
"""

from __future__ import annotations

import re

__all__ = ["LANGUAGES", "preferred_language", "text"]

LANGUAGES = ("fr", "en")

_TEXTS: dict[str, dict[str, str]] = {
    "fr": {
        "missing": "Il manque « {field} ».",
        "not_text": "« {field} » doit être un texte.",
        "not_list": "« {field} » doit être une liste.",
        "not_object": "« {field} » doit être un objet JSON.",
        "body_not_object": "La requête doit porter un objet JSON, avec Content-Type: application/json.",
        "not_flag": "« {field} » doit valoir true ou false.",
        "not_number": "« {field} » doit être un nombre.",
        "blank": "« {field} » est vide : écrivez quelques mots.",
        "too_long": "« {field} » compte plus de {limit} caractères, le plus qui soit accepté.",
        "too_many": "« {field} » compte plus de {limit} éléments, le plus qui soit accepté.",
        "not_among": "« {field} » doit être l'une de ces valeurs : {allowed}.",
        "out_of_range": "« {field} » est hors des limites admises ({allowed}).",
        "bad_value": "« {field} » n'a pas une valeur admise.",
        "bad_json": "Le corps de la requête n'est pas du JSON valide.",
        "body_too_large": "La requête dépasse {limit} octets, la taille la plus grande qui soit acceptée.",
        "rate_limited": "Trop de requêtes : {limit} par minute au plus. Réessayez dans {seconds} s.",
        "busy": "Trop de questions sont en cours. Réessayez dans {seconds} s.",
        "no_route": "Rien à cette adresse : {path}. Les routes sont décrites à /api/docs.",
        "no_method": "{method} n'est pas admis à {path}.",
        "no_fiche": "Aucune fiche « {id} ». Les plus proches : {near}. GET /api/fiches les donne toutes.",
        "no_engine": "Aucun moteur « {engine} ». Moteurs : {allowed}.",
        "sign_in": "Identifiez-vous : nom et mot de passe.",
        "too_many_failures": "Trop d'essais manqués. Réessayez dans une minute.",
        "engine_failed": "Le moteur n'a pas pu répondre. Réessayez ; si cela dure, signalez {request_id}.",
        "internal": "Une erreur inattendue s'est produite. Signalez-la avec ce numéro : {request_id}.",
        "not_ready": "L'index n'est pas prêt.",
        "last_not_user": "Le dernier message doit être celui de l'utilisateur (role « user »).",
        "only_text": "Seul du texte est admis dans les messages.",
        "one_choice": "Une seule réponse par requête : n doit valoir 1.",
        "sources": "Sources",
    },
    "en": {
        "missing": "“{field}” is missing.",
        "not_text": "“{field}” must be a text.",
        "not_list": "“{field}” must be a list.",
        "not_object": "“{field}” must be a JSON object.",
        "body_not_object": "The request must hold a JSON object, with Content-Type: application/json.",
        "not_flag": "“{field}” must be true or false.",
        "not_number": "“{field}” must be a number.",
        "blank": "“{field}” is empty: write a few words.",
        "too_long": "“{field}” has more than {limit} characters, the most accepted.",
        "too_many": "“{field}” has more than {limit} items, the most accepted.",
        "not_among": "“{field}” must be one of: {allowed}.",
        "out_of_range": "“{field}” is out of range ({allowed}).",
        "bad_value": "“{field}” has a value that is not allowed.",
        "bad_json": "The body of the request is not valid JSON.",
        "body_too_large": "The request exceeds {limit} bytes, the largest size accepted.",
        "rate_limited": "Too many requests: {limit} a minute at most. Try again in {seconds} s.",
        "busy": "Too many questions are under way. Try again in {seconds} s.",
        "no_route": "Nothing at this address: {path}. The routes are described at /api/docs.",
        "no_method": "{method} is not allowed at {path}.",
        "no_fiche": "No fiche “{id}”. The nearest: {near}. GET /api/fiches lists them all.",
        "no_engine": "No engine “{engine}”. Engines: {allowed}.",
        "sign_in": "Sign in with a name and a password.",
        "too_many_failures": "Too many failed attempts. Try again in a minute.",
        "engine_failed": "The engine could not answer. Try again; if it lasts, report {request_id}.",
        "internal": "Something unexpected went wrong. Report it with this number: {request_id}.",
        "not_ready": "The index is not ready.",
        "last_not_user": "The last message must be the user's (role “user”).",
        "only_text": "Only text is accepted in messages.",
        "one_choice": "One answer a request: n must be 1.",
        "sources": "Sources",
    },
}
_RANGE = re.compile(r"^\s*([A-Za-z]{1,8}|\*)(?:-[A-Za-z0-9-]{1,20})?\s*(?:;\s*q\s*=\s*([0-9.]{1,6}))?\s*$")


def text(language: str, key: str, **values: object) -> str:
    """The message ``key`` in a language, its blanks filled."""
    return _TEXTS[language][key].format(**values)


def preferred_language(accept_language: str) -> str:
    """The language of ``LANGUAGES`` that a caller wants most.

    Args:
        accept_language: The header as received; whatever cannot be read is passed over.
    """
    best, best_weight = LANGUAGES[0], 0.0
    for part in accept_language[:500].split(","):
        found = _RANGE.match(part)
        if not found:
            continue
        try:
            weight = float(found[2]) if found[2] else 1.0
        except ValueError:
            continue
        name = LANGUAGES[0] if found[1] == "*" else found[1].lower()
        if name in LANGUAGES and weight > best_weight:
            best, best_weight = name, weight
    return best
