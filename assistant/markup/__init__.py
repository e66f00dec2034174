"""The manual's Markdown as trees: what every page that shows a passage reads it with."""
