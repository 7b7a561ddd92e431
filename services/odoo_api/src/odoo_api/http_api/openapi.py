"""The OpenAPI 3.1 document, made of the operations and their pydantic models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from odoo_api.http_api.operation import Operation
from odoo_api.http_api.problems import PROBLEMS, URI_PREFIX, ProblemDetails

VERSION: Final = "1.0.0"
_REFERENCE: Final = "#/components/schemas/{model}"
_ALWAYS_WITH_KEY: Final = ("missing-key", "invalid-key", "insufficient-scope", "unknown-tenant", "too-many-requests")
_IDEMPOTENCY_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "description": "Repeating a request with the same key within 24 hours repeats its answer instead of the write.",
}

_TOO_MANY: Final = 429


def _header(description: str) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "integer", "minimum": 0}}


_RATE_HEADERS: Final = {
    "RateLimit-Limit": _header("Requests that may come at once with one key."),
    "RateLimit-Remaining": _header("How many of them are left."),
    "RateLimit-Reset": _header("Seconds until all of them are back."),
}
_RETRY_AFTER: Final = _header("Seconds to wait before the request is repeated.")

Mode = Literal["validation", "serialization"]
Schemas = Mapping[Any, dict[str, Any]]
"""By model and mode."""


def openapi_document(operations: Sequence[Operation]) -> dict[str, Any]:
    """The whole document."""
    schemas, components = _schemas(operations)
    paths: dict[str, dict[str, Any]] = {}
    for each in operations:
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Sistema Integrado Odoo-AI",
            "version": VERSION,
            "description": "Knowledge sync and the assistant, for the Odoo module and integrators. The tenant is the "
            "API key's; every error is `application/problem+json`.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name} for name in dict.fromkeys(each.tag for each in operations)],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": "`Authorization: Bearer oai_...`"},
                "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
            },
        },
    }


def _schemas(operations: Sequence[Operation]) -> tuple[Schemas, dict[str, Any]]:
    wanted: list[tuple[type[BaseModel], Mode]] = [(ProblemDetails, "serialization")]
    for each in operations:
        wanted.append((each.response, "serialization"))
        if each.body is not None:
            wanted.append((each.body, "validation"))
    unique = list(dict.fromkeys(wanted))
    schemas, definitions = models_json_schema(unique, ref_template=_REFERENCE)
    return schemas, definitions.get("$defs", {})


def _operation(operation: Operation, schemas: Schemas) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": operation.summary,
        "parameters": _parameters(operation),
        "responses": _responses(operation, schemas),
        "security": [{"bearer": []}, {"key": []}] if operation.scope else [],
    }
    notes = [operation.description, f"Needs the scope `{operation.scope}`." if operation.scope else ""]
    described["description"] = "\n\n".join(each for each in notes if each)
    if operation.body is not None:
        content = {"application/json": {"schema": schemas[operation.body, "validation"]}}
        described["requestBody"] = {"required": True, "content": content}
    if operation.form is not None:
        described["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": operation.form}}}
    return described


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}, "description": description}
        for name, description in operation.path_fields.items()
    ]
    schema = operation.query.model_json_schema()
    for name, field in schema.get("properties", {}).items():
        described = dict(field)
        parameters.append(
            {
                "name": name,
                "in": "query",
                "required": name in schema.get("required", ()),
                "description": described.pop("description", ""),
                "schema": _without_null(described),
            }
        )
    if operation.idempotent:
        parameters.append(dict(_IDEMPOTENCY_KEY))
    return parameters


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    # A query string has no null: left out is left out.
    schema = {
        key: value for key, value in schema.items() if key != "title" and not (key == "default" and value is None)
    }
    options = [each for each in schema.pop("anyOf", []) if each != {"type": "null"}]
    return {**schema, **options[0]} if options else schema


def _responses(operation: Operation, schemas: Schemas) -> dict[str, Any]:
    content = {"application/json": {"schema": schemas[operation.response, "serialization"]}}
    answers = {200: "Done", **operation.other_answers}
    responses: dict[str, Any] = {
        str(status): {"description": text, "content": content} for status, text in answers.items()
    }
    if operation.scope:
        responses["200"]["headers"] = _RATE_HEADERS
    slugs = [*operation.problems, "internal-error"]
    if operation.scope:
        slugs = [*_ALWAYS_WITH_KEY, *slugs]
    if operation.idempotent:
        slugs.append("idempotency-mismatch")
    problem = {"application/problem+json": {"schema": schemas[ProblemDetails, "serialization"]}}
    for status, kinds in _by_status(slugs).items():
        responses[str(status)] = {
            "description": "; ".join(f"{PROBLEMS[each].title} (`{URI_PREFIX}{each}`)" for each in kinds),
            "content": problem,
        }
        if status == _TOO_MANY:
            responses[str(status)]["headers"] = {**_RATE_HEADERS, "Retry-After": _RETRY_AFTER}
    return responses


def _by_status(slugs: Iterable[str]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for slug in dict.fromkeys(slugs):
        found.setdefault(PROBLEMS[slug].status, []).append(slug)
    return dict(sorted(found.items()))
