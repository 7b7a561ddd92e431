from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from support.simulated import World

SEARCH = {
    "type": "function",
    "function": {
        "name": "search_products",
        "parameters": {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]},
    },
}
FINAL = {
    "type": "function",
    "function": {
        "name": "final_result",
        "parameters": {
            "type": "object",
            "properties": {"text": {"type": "string"}, "hand_off": {"type": "boolean"}, "tags": {"type": "array"}},
            "required": ["text", "hand_off"],
        },
    },
}


@pytest.fixture
async def model(world: World) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Authorization": "Bearer chave-da-loja"}
    async with httpx.AsyncClient(base_url=f"{world.simulator.url}/model/v1", headers=headers) as http:
        yield http


async def _ask(model: httpx.AsyncClient, *messages: dict[str, Any], **more: Any) -> Any:
    body = {"model": "any", "messages": list(messages), **more}
    answer = await model.post("/chat/completions", json=body)
    assert answer.status_code == 200
    return answer.json()


USER = {"role": "user", "content": "tem liquidificador?"}


async def test_default_answer_repeats_what_was_asked(model: httpx.AsyncClient) -> None:
    answer = await _ask(model, USER)

    assert answer["choices"][0]["message"]["content"] == "Você disse: tem liquidificador?"
    assert answer["choices"][0]["finish_reason"] == "stop"
    assert answer["usage"]["total_tokens"] > 0


async def test_default_answer_looks_up_then_says_only_what_was_found(model: httpx.AsyncClient) -> None:
    first = await _ask(model, USER, tools=[SEARCH, FINAL])
    call = first["choices"][0]["message"]["tool_calls"][0]
    found = {"role": "tool", "tool_call_id": call["id"], "content": "Liquidificador Beija-Flor: R$ 189,90"}
    second = await _ask(model, USER, first["choices"][0]["message"], found, tools=[SEARCH, FINAL])

    assert call["function"]["name"] == "search_products"
    assert json.loads(call["function"]["arguments"]) == {"query": "tem liquidificador?"}
    final = second["choices"][0]["message"]["tool_calls"][0]["function"]
    assert final["name"] == "final_result"
    assert json.loads(final["arguments"]) == {"text": "Liquidificador Beija-Flor: R$ 189,90", "hand_off": False}


async def test_scripted_answers_come_first_and_in_order(world: World, model: httpx.AsyncClient) -> None:
    await world.control.script_model([{"text": "um"}, {"tool_calls": [{"name": "x", "arguments": "{nada"}]}])
    await world.control.script_model([{"text": "só para a loja"}], key="chave-da-loja")

    texts = [(await _ask(model, USER))["choices"][0]["message"] for _ in range(3)]

    assert [each["content"] for each in texts] == ["só para a loja", "um", None]
    assert texts[2]["tool_calls"][0]["function"]["arguments"] == "{nada"
    assert [each["key"] for each in await world.control.model_requests()] == ["chave-da-loja"] * 3


async def test_stream_holds_the_same_words(world: World, model: httpx.AsyncClient) -> None:
    await world.control.script_model([{"text": "Custa R$ 189,90 à vista."}])
    body = {"model": "any", "messages": [USER], "stream": True, "stream_options": {"include_usage": True}}
    answer = await model.post("/chat/completions", json=body)

    chunks = [each.removeprefix("data: ") for each in answer.text.split("\n\n") if each]
    parsed = [json.loads(each) for each in chunks[:-1]]
    text = "".join(each["choices"][0]["delta"].get("content", "") for each in parsed if each["choices"])

    assert chunks[-1] == "[DONE]"
    assert text == "Custa R$ 189,90 à vista."
    assert parsed[-1]["usage"]["prompt_tokens"] > 0


async def test_wanted_json_schema_is_filled(model: httpx.AsyncClient) -> None:
    schema = {"type": "object", "properties": {"answer": {"type": "string"}}, "required": ["answer"]}
    wanted = {"type": "json_schema", "json_schema": {"name": "a", "schema": schema}}
    answer = await _ask(model, USER, response_format=wanted)

    assert json.loads(answer["choices"][0]["message"]["content"]) == {"answer": "Você disse: tem liquidificador?"}


async def test_model_fails_as_told(world: World, model: httpx.AsyncClient) -> None:
    body = {"model": "any", "messages": [USER]}
    await world.control.set_fault("model", "status", status=503, count=1)
    await world.control.set_fault("model", "garbage", skip=0, count=1)
    down = await model.post("/chat/completions", json=body)
    garbage = await model.post("/chat/completions", json=body)
    await world.control.set_fault("model", "timeout", count=1)

    assert down.status_code == 503
    assert down.json()["error"]["type"] == "server_error"
    with pytest.raises(json.JSONDecodeError):
        garbage.json()
    with pytest.raises(httpx.ReadTimeout):
        await model.post("/chat/completions", json=body, timeout=0.2)


async def test_models_are_listed(model: httpx.AsyncClient) -> None:
    assert (await model.get("/models")).json()["data"][0]["id"] == "simulator-mini"
