"""The manual: its source, its fiches, and the values they are read into. Imports nothing of the product."""
