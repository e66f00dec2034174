"""The assistant over HTTP: the JSON API, the OpenAI chat interface, MCP, the widget, and what guards them."""

from assistant.http.api import create_api

__all__ = ["create_api"]
