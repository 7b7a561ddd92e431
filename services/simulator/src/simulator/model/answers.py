"""What the model says: scripted answers first, else one made of the request itself."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field

Json = dict[str, Any]
_MAX_DEPTH = 4
_ID = re.compile(r"\[([a-z]+:[^\]]+)\]")


class ToolCall(BaseModel):
    """A tool the model wants called. `arguments` may be text, to send arguments that are not JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    arguments: Json | str = Field(default_factory=dict)


class Usage(BaseModel):
    """The tokens an answer claims to have taken."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    prompt_tokens: Annotated[int, Field(ge=0)]
    completion_tokens: Annotated[int, Field(ge=0)]
    cached_tokens: Annotated[int, Field(ge=0)] = 0


class Scripted(BaseModel):
    """One prepared answer: words, tool calls, or both."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str | None = None
    usage: Usage | None = None
    """None: by the rule of thumb of four characters for a token."""
    repeat: bool = False
    """Give the same answer to every later request as well."""
    tool_calls: tuple[ToolCall, ...] = ()
    finish_reason: Literal["stop", "length", "tool_calls", "content_filter"] | None = None
    delay: Annotated[float, Field(ge=0, le=60)] = 0


def improvise(request: Json) -> Scripted:
    """Answer from the request alone: look something up first, then repeat what was found, else what was asked.

    Nothing is invented, so that a reply made from it holds against the facts the tools returned. A request that
    already brings its facts (lines that begin with an `[id]`) is answered from those.
    """
    messages = request.get("messages") or []
    asked = _last_of(messages, "user")
    question = _section(asked, "customer") or asked
    found = [_text(each.get("content")) for each in messages if each.get("role") == "tool"]
    facts = [line for text in (*found, _section(asked, "facts")) for line in text.splitlines() if _ID.match(line)]
    tools = {each["function"]["name"]: each["function"] for each in request.get("tools") or [] if "function" in each}
    lookup = next((name for name in tools if name.startswith(("search", "find", "lookup"))), None)
    if lookup and not found and not facts:
        return Scripted(tool_calls=(ToolCall(name=lookup, arguments=_fill(tools[lookup].get("parameters"), question)),))
    words = "\n".join(each for each in found if each) or f"Você disse: {question}"
    output = next((name for name in tools if name.startswith("final_result")), None)
    if output and "parts" in (tools[output].get("parameters") or {}).get("properties", {}):
        return Scripted(tool_calls=(ToolCall(name=output, arguments=_in_parts(facts)),))
    if output or request.get("tool_choice") == "required":
        name = output or next(iter(tools))
        return Scripted(tool_calls=(ToolCall(name=name, arguments=_fill(tools[name].get("parameters"), words)),))
    schema = ((request.get("response_format") or {}).get("json_schema") or {}).get("schema")
    return Scripted(text=orjson.dumps(_fill(schema, words)).decode() if schema else words)


def _in_parts(facts: list[str]) -> Json:
    """An answer with sources: the first fact as it stands; without one, a question."""
    if not facts:
        return {"action": "ask", "parts": [{"text": "Pode me contar um pouco mais?"}], "intent": "clarification"}
    ids, _, said = facts[0].rpartition("] ")
    sources = _ID.findall(f"{ids}]")
    return {"action": "answer", "parts": [{"text": said, "sources": sources}], "intent": "other", "confidence": 0.9}


def _section(text: str, name: str) -> str:
    """What stands between `<name>` and `</name>`."""
    return text.partition(f"<{name}>")[2].partition(f"</{name}>")[0].strip()


def _last_of(messages: list[Json], role: str) -> str:
    return next((_text(each.get("content")) for each in reversed(messages) if each.get("role") == role), "")


def _text(content: Any) -> str:
    """Plain text of a content that may come in parts."""
    if isinstance(content, list):
        return "\n".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return str(content or "")


def _fill(schema: Json | None, words: str) -> Json:
    """Arguments that fit a JSON schema: required texts get the words, everything else the smallest value."""
    if not schema:
        return {}
    filled = _value(schema, words, schema.get("$defs") or {}, 0)
    return filled if isinstance(filled, dict) else {}


def _value(schema: Json, words: str, known: Json, depth: int) -> Any:
    if "$ref" in schema:
        schema = known.get(schema["$ref"].rpartition("/")[2], {})
    if "enum" in schema:
        return schema["enum"][0]
    for either in ("anyOf", "oneOf"):
        if either in schema:
            return _value(schema[either][0], words, known, depth)
    kind = schema.get("type")
    if kind == "object" and depth < _MAX_DEPTH:
        properties = schema.get("properties") or {}
        required = schema.get("required") or []
        return {name: _value(properties[name], words, known, depth + 1) for name in required if name in properties}
    smallest = {"integer": 0, "number": 0, "boolean": False, "array": [], "null": None, "object": {}}
    return smallest.get(str(kind), words)
