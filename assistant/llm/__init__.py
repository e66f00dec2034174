"""The language-model engine: it writes from retrieved passages, and nothing of it is shown unverified."""
