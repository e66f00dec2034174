"""The assistant as shipped: answers, refusals, conversations, and what holds for every answer."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answer import Turn
from assistant.errors import InvalidInput
from assistant.service import MAX_QUESTION
from assistant.verifier import quote_stands, verify_statement
from index.retriever import CLAUSE_PLACES
from index.text import fold

QUESTIONS = (
    "comment structurer un GES ?",
    "quels arguments pour convaincre des élus ?",
    "une AI rurale qui a monté de la mobilité ?",
    "C'est quoi le décloisonnement ?",
    "How can employees take part in governance?",
    "Quels sont les points de vigilance de la coopération ?",
    "le mail de Jura Service svp",
    "différence entre participation et représentation des salariés",
)


def statements(text):
    """Lines of an answer, each with the numbers it cites."""
    for line in re.split(r"\n+", text):
        if line.strip():
            yield re.sub(r"\*\*[^*]+\*\* : ", "", line), [int(n) for n in re.findall(r"\[(\d+)\]", line)]


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_statement_is_cited_and_every_quote_stands(assistant, question):
    answer = assistant.ask(question)
    assert answer.kind == "answer"
    assert [c.n for c in answer.citations] == list(range(1, len(answer.citations) + 1))
    used = set()
    for line, numbers in statements(answer.text):
        assert numbers, f"no citation: {line}"
        assert line.rstrip().endswith("]")
        quotes = [answer.citations[n - 1].quote for n in numbers]
        assert all(verify_statement(s, quotes).supported for s in re.split(r"\[\d+\]", line) if len(s.strip(" -")) > 12)
        used |= set(numbers)
    assert used == {c.n for c in answer.citations}
    for c in answer.citations:
        assert quote_stands(c.quote, c.fiche, assistant.manual)
        assert c.anchor in assistant.manual.get(c.fiche).by_anchor


@pytest.mark.parametrize("question", QUESTIONS)
def test_answers_are_a_colleague_s_length(assistant, question):
    assert 60 <= len(assistant.ask(question).text) <= 2000


def test_the_main_question_is_answered_from_its_fiche(assistant):
    answer = assistant.ask("comment structurer un GES ?")
    assert answer.citations[0].fiche == "I-C-2-a"
    assert "III-20" in {e.id for e in answer.experiences} | {c.fiche for c in answer.citations}


def test_a_question_is_answered_the_same_twice(assistant):
    first, second = (assistant.ask("comment convaincre des élus ?") for _ in range(2))
    assert first.text == second.text


@pytest.mark.parametrize(
    "question",
    [
        "Quelle est la recette de la tarte aux pommes ?",
        "Quel est le montant du SMIC en 2026 ?",
        "What's the weather in Lyon tomorrow?",
    ],
)
def test_what_the_manual_does_not_say_is_declined(assistant, question):
    answer = assistant.ask(question)
    assert answer.kind == "refusal"
    assert not answer.citations
    assert answer.text


def test_an_invented_fiche_is_named_as_such(assistant):
    answer = assistant.ask("Que dit la fiche III-21 sur la formation ?")
    assert answer.kind == "refusal"
    assert "III-21" in answer.text


@pytest.mark.parametrize("question", ["?", "<script>alert(1)</script>", "emploi " * 30, "\x00"])
def test_noise_gets_a_question_back(assistant, question):
    assert assistant.ask(question).kind in ("clarification", "refusal")


def test_a_greeting_is_answered_in_kind(assistant):
    assert assistant.ask("Bonjour").kind == "greeting"
    assert assistant.ask("Hello!").language == "en"


def test_a_follow_up_stays_on_its_subject(assistant):
    history = [Turn("user", "Parlez-moi de la plateforme mobilité de Jura Service"), Turn("assistant", "…")]
    answer = assistant.ask("et qui la finance ?", history)
    assert "III-4" in {c.fiche for c in answer.citations}


@pytest.mark.parametrize("question", ["et la recette de la blanquette ?", "capitale du Pérou ?", "raconte une blague"])
def test_a_follow_up_that_leaves_the_manual_is_declined(assistant, question):
    asked = "comment structurer un GES ?"
    history = [Turn("user", asked), Turn("assistant", assistant.ask(asked).text)]
    assert assistant.ask(question, history).kind == "refusal"


@pytest.mark.parametrize(
    "question", ["et pour un repair café ?", "et avec une laverie ?", "avec des migrants, ça marche ?", "le budget ?"]
)
def test_a_follow_up_may_hold_a_word_that_the_manual_does_not_know(assistant, question):
    history = [Turn("user", "comment structurer un GES ?"), Turn("assistant", "Un GES se structure par étapes.")]
    assert assistant.read(question, history).follow_up


def test_the_similar_search_ranks_and_explains(assistant):
    answer = assistant.similar("Nos salariés n'ont pas de voiture et ratent des missions, on pense à un minibus")
    assert answer.experiences[0].id == "III-4"
    assert all(e.why for e in answer.experiences)
    assert answer.citations


def test_a_stream_grows_into_the_answer(assistant):
    snapshots = list(assistant.stream("comment structurer un GES ?"))
    whole = assistant.ask("comment structurer un GES ?")
    assert snapshots[-1].text == whole.text
    assert len(snapshots) > 1
    assert all(whole.text.startswith(s.text) for s in snapshots)
    for s in snapshots:
        assert {int(n) for n in re.findall(r"\[(\d+)\]", s.text)} == {c.n for c in s.citations}


def test_limits_are_said(assistant):
    with pytest.raises(InvalidInput, match="4000"):
        assistant.ask("x" * (MAX_QUESTION + 1))
    with pytest.raises(InvalidInput, match="extractive"):
        assistant.ask("bonjour", engine="oracle")


@settings(max_examples=40)
@given(st.text(max_size=300))
def test_any_text_gets_an_answer_whose_quotes_stand(assistant, text):
    answer = assistant.ask(text)
    assert answer.text
    assert all(quote_stands(c.quote, c.fiche, assistant.manual) for c in answer.citations)


@pytest.mark.parametrize(
    "question", ["Comment répondre à un marché à plusieurs ?", "Qui a créé un jardin d'insertion ?"]
)
def test_an_answer_says_whose_experience_it_tells(assistant, question):
    answer = assistant.ask(question)
    told = {c.fiche for c in answer.citations if assistant.manual.get(c.fiche).type == "experience"}
    assert told
    for fiche_id in told:
        assert fold(assistant.manual.get(fiche_id).organisation) in fold(answer.text)


def test_what_one_fiche_says_is_read_together(assistant):
    answer = assistant.ask("Comment répondre à un marché à plusieurs ?")
    main, _, _ = answer.text.partition("**Pour compléter")
    order = [answer.citations[int(n) - 1].fiche for n in re.findall(r"\[(\d+)\]", main)]
    assert len(dict.fromkeys(order)) == 1 + sum(a != b for a, b in zip(order, order[1:], strict=False))


def test_a_contact_is_not_drowned(assistant):
    assert len(assistant.ask("le mail de Jura Service svp").text) < 1000


def test_each_side_of_a_comparison_is_answered(assistant):
    asked = "L'énergie à Argenteuil et celle de la mobilité dans le Jura : les deux ont été transmises à qui ?"
    fiches = {c.fiche for c in assistant.ask(asked).citations}
    assert {"III-13", "III-4"} <= fiches


def test_a_clause_raises_only_a_fiche_that_the_whole_question_comes_near(assistant):
    retriever = assistant.retriever
    asked = "Le groupement d'Angers et celui du 13 : existent-ils officiellement ?"
    plain = retriever.search(asked)
    raised = retriever.search(asked, None, ["groupement du 13", "la recette du cassoulet"])
    shares = {f.id: f.share for f in plain.fiches}
    near = [f.id for f in plain.fiches[:CLAUSE_PLACES]]
    assert raised.fiches[0] == plain.fiches[0]
    changed = {f.id for f in raised.fiches if f.share != shares[f.id]}
    assert changed <= set(near) and "III-9" in changed
    assert "III-9" in {h.chunk.fiche for h in raised.hits}


def test_a_follow_up_finds_another_passage_of_the_fiche_that_it_leans_on(assistant):
    history = [
        Turn("user", "Pourquoi Jura Service s'est lancé dans la mobilité ?"),
        Turn("assistant", "Faute de voiture, des salariés ne pouvaient prendre une mission de ménage (III-4) [1]."),
    ]
    read = assistant.read("ils veulent la confier à qui, à la fin ?", history)
    assert read.follow_up
    retriever = assistant.retriever
    with_pieces = retriever.search(read.search, read.intents, (), read.pieces)
    whole = retriever.search(read.search, read.intents)
    assert [(f.id, f.share) for f in with_pieces.fiches] == [(f.id, f.share) for f in whole.fiches]
    transfer = next(h for h in with_pieces.hits if "Le transfert de la plateforme" in h.chunk.text)
    before = next(h for h in whole.hits if h.chunk.id == transfer.chunk.id)
    assert transfer.chunk.fiche == with_pieces.fiches[0].id == "III-4"
    assert transfer.score > before.score
