"""Chatwoot's own description of its API, and every exchange of a client held against it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from jsonschema import Draft202012Validator

DESCRIPTION = Path(__file__).parents[3] / "contract" / "chatwoot-api.json"


@dataclass
class Contract:
    """What was exchanged, and what in it is not as described."""

    description: dict[str, Any] = field(default_factory=lambda: json.loads(DESCRIPTION.read_text()))
    violations: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def watch(self, http: httpx.AsyncClient) -> None:
        """Check all exchanges of a client from now on."""
        http.event_hooks["response"].append(self._check)

    async def _check(self, response: httpx.Response) -> None:
        request, body = response.request, await response.aread()
        found = self._operation(request)
        if found is None or not response.is_success:
            return
        name, operation = found
        self.seen.add(name)
        wanted = _schema(operation.get("requestBody", {}))
        if wanted is not None:
            self._hold(f"{name} request", wanted, json.loads(request.content))
        answered = _schema(operation.get("responses", {}).get("200", {}))
        if answered is not None:
            self._hold(f"{name} answer", answered, json.loads(body))

    def _operation(self, request: httpx.Request) -> tuple[str, dict[str, Any]] | None:
        for template, methods in self.description["paths"].items():
            pattern = re.sub(r"\{\w+\}", r"[^/]+", template)
            if re.search(f"{pattern}$", request.url.path) and request.method.lower() in methods:
                return f"{request.method} {template}", methods[request.method.lower()]
        return None

    def _hold(self, where: str, schema: dict[str, Any], value: Any) -> None:
        whole = {**schema, "components": self.description["components"]}
        for error in Draft202012Validator(whole).iter_errors(value):
            place = ".".join(str(each) for each in error.absolute_path if not isinstance(each, int))
            self.violations.append(f"{where}: {place}: {error.message[:160]}")

    def unexpected(self, known: set[str]) -> Iterator[str]:
        """The violations whose place is not one of those known to be wrong in the description."""
        return (each for each in dict.fromkeys(self.violations) if ": ".join(each.split(": ")[:2]) not in known)


def _schema(part: dict[str, Any]) -> dict[str, Any] | None:
    found: dict[str, Any] | None = part.get("content", {}).get("application/json", {}).get("schema")
    return found
