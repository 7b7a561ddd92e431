"""The API document as a page to read: plain HTML without scripts, made from the same document."""

from __future__ import annotations

from html import escape
from typing import Any, Final

import orjson

from odoo_api.http_api.problems import PROBLEMS, URI_PREFIX

CONTENT_SECURITY_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

_STYLE: Final = """
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c2430}
code,pre{font:14px/1.45 ui-monospace,monospace;background:#f3f5f8;border-radius:4px}code{padding:.1em .3em}
pre{padding:.8rem;overflow:auto}h2{margin-top:2.5rem}h3{margin-top:2rem}table{border-collapse:collapse;width:100%}
td,th{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid #e2e6ec}
.verb{display:inline-block;min-width:4.2rem;font-weight:700;color:#0b5cad}summary{cursor:pointer}
@media(prefers-color-scheme:dark){body{background:#14181f;color:#dde3ec}code,pre{background:#1f2630}
td,th{border-color:#2c3542}.verb{color:#7cb8f7}a{color:#7cb8f7}}
"""


def docs_page(document: dict[str, Any]) -> str:
    """The page."""
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8>",
        "<meta name=viewport content='width=device-width,initial-scale=1'>",
        f"<title>{escape(document['info']['title'])}: API</title><style>{_STYLE}</style>",
        f"<h1>{escape(document['info']['title'])}: API {escape(document['info']['version'])}</h1>",
        f"<p>{_marked(document['info']['description'])} As data: <a href='/api/v1/openapi.json'>openapi.json</a>.</p>",
        "<pre>curl -H 'Authorization: Bearer oai_...' https://HOST/api/v1/knowledge/rule</pre>",
    ]
    for tag in document["tags"]:
        parts.append(f"<h2>{escape(tag['name'])}</h2>")
        parts.extend(
            _operation(method, path, operation)
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
            if tag["name"] in operation["tags"]
        )
    parts.append(_problems())
    parts.append("<h2>Schemas</h2>")
    parts.extend(_schema(name, schema) for name, schema in document["components"]["schemas"].items())
    return "\n".join(parts)


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(each['name'])}</code><td>{escape(each['in'])}{', required' if each['required'] else ''}"
        f"<td><code>{escape(_brief(each['schema']))}</code><td>{_marked(each.get('description', ''))}"
        for each in operation["parameters"]
    )
    answers = "".join(
        f"<tr><td>{escape(status)}<td>{_marked(each['description'])}<td>{_links(each)}"
        for status, each in operation["responses"].items()
    )
    body = operation.get("requestBody")
    return (
        f"<h3 id='{escape(operation['operationId'])}'><span class=verb>{method.upper()}</span> "
        f"<code>{escape(path)}</code></h3><p>{_marked(operation['summary'])}</p>"
        f"<p>{_marked(operation.get('description', ''))}</p>"
        + (f"<p>Body: {_links(body)}</p>" if body else "")
        + (f"<table>{rows}</table>" if rows else "")
        + f"<details><summary>Answers</summary><table>{answers}</table></details>"
    )


def _problems() -> str:
    rows = "".join(
        f"<tr id='problem-{each.slug}'><td><code>{URI_PREFIX}{each.slug}</code><td>{each.status}"
        f"<td>{escape(each.title)}<td>{_marked(each.advice)}"
        for each in PROBLEMS.values()
    )
    return f"<h2>Errors</h2><table><tr><th>type<th>status<th>title<th>what to do</tr>{rows}</table>"


def _schema(name: str, schema: dict[str, Any]) -> str:
    text = orjson.dumps(schema, option=orjson.OPT_INDENT_2).decode()
    title = f"<summary><code>{escape(name)}</code></summary>"
    return f"<details id='schema-{escape(name)}'>{title}<pre>{escape(text)}</pre></details>"


def _links(part: dict[str, Any]) -> str:
    found = []
    for media_type, content in part.get("content", {}).items():
        reference = content["schema"].get("$ref", "").rpartition("/")[2]
        target = f"<a href='#schema-{escape(reference)}'>{escape(reference)}</a>" if reference else "a form"
        found.append(f"{target} <small>{escape(media_type)}</small>")
    return ", ".join(found)


def _brief(schema: dict[str, Any]) -> str:
    values = schema.get("enum") or ([schema["const"]] if "const" in schema else None)
    return " | ".join(map(str, values)) if values else str(schema.get("type", ""))


def _marked(text: str) -> str:
    """Escaped text with `code` set as code."""
    pieces = escape(text).split("`")
    return "".join(f"<code>{each}</code>" if index % 2 else each for index, each in enumerate(pieces))
