"""Retrieval over the fiches: chunks, vectors, lexical search, ranking. Imports ``corpus`` only."""
