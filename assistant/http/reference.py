"""The OpenAPI description as a page that needs no script and nothing from elsewhere."""

from __future__ import annotations

import html
import json
from typing import Any

__all__ = ["reference_page"]

_STYLE = """
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{max-width:60rem;margin:2rem auto;padding:0 1rem}
section{border-top:1px solid #8888;padding:.5rem 0 1rem}
h2{font-size:1.1rem;margin:.5rem 0}
code,pre{font:.9rem/1.45 ui-monospace,monospace}
pre{overflow:auto;padding:.75rem;border:1px solid #8886;border-radius:6px}
"""


def _body_example(operation: dict[str, Any], schemas: dict[str, Any]) -> str:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rsplit("/", 1)[-1]
    examples = schemas.get(name, {}).get("examples", [])
    shown = "\n".join(json.dumps(e, ensure_ascii=False, indent=1) for e in examples[:1])
    return f"<pre>{html.escape(shown)}</pre>" if shown else ""


def _section(method: str, path: str, operation: dict[str, Any], schemas: dict[str, Any]) -> str:
    parameters = ", ".join(p["name"] for p in operation.get("parameters", ()))
    summary = html.escape(operation.get("summary", ""))
    statuses = ", ".join(sorted(operation.get("responses", {})))
    return (
        f"<section><h2><code>{method.upper()} {html.escape(path)}</code> — {summary}</h2>"
        f"<p>{html.escape(operation.get('description', ''))}</p>"
        + (f"<p>Parameters: <code>{html.escape(parameters)}</code></p>" if parameters else "")
        + _body_example(operation, schemas)
        + f"<p>Statuses: {html.escape(statuses)}</p></section>"
    )


def reference_page(openapi: dict[str, Any]) -> str:
    """The page.

    Args:
        openapi: The description, as FastAPI makes it.
    """
    schemas = openapi.get("components", {}).get("schemas", {})
    sections = "".join(
        _section(method, path, operation, schemas)
        for path, methods in openapi["paths"].items()
        for method, operation in methods.items()
    )
    title, about = html.escape(openapi["info"]["title"]), html.escape(openapi["info"]["description"])
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} — API</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>'
        f"<h1>{title} — API</h1><p>{about}</p>"
        f'<p><a href="/openapi.json">openapi.json</a>; MCP at <code>/mcp</code></p>{sections}</body></html>'
    )
