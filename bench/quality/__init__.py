"""Ours beside what one would otherwise put together from the manual's text, in one run on the same questions.

    python -m bench.quality --questions bench/questions/answerable.jsonl bench/questions/unanswerable-held-out.jsonl \
        --manual corpus/source/manuel-dts-2010.txt --out docs/comparison.json

Each pipeline lives in a module of its own (``with_*.py``) behind ``protocol.Pipeline``: given the manual as one text,
as a user has it, it cuts, indexes and searches it its own way. How its chunks become citations of fiches is the same
for all (``mapping.py``), and so are the figures: those of ``assistant eval`` (``assistant.evaluation.answer_figures``).

The pipelines' packages are pinned in ``requirements.txt`` beside this file and belong in an environment of their own.
"""
