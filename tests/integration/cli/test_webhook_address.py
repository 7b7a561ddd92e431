from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from pydantic import HttpUrl, SecretStr

from cli.chatwoot_admin import ChatwootAdmin, ChatwootRefused
from cli.webhook_address import point, restore, webhook_path
from common.health import serve_app
from common.tenants import ChatwootConnection

URL = "https://new.example/webhook/chatwoot/acme"


class FakeChatwoot:
    """Webhooks and bots of one account, in the manner of several versions."""

    def __init__(self, *, ignores_url: bool = False, shows_tokens: bool = True, bare: bool = False) -> None:
        self.webhooks: dict[int, dict[str, Any]] = {}
        self.bots: dict[int, dict[str, Any]] = {}
        self.ignores_url = ignores_url
        self.shows_tokens = shows_tokens
        self.bare = bare
        self.made = 0

    def add_webhook(self, url: str, name: str = "") -> dict[str, Any]:
        self.made += 1
        webhook = {"id": self.made, "url": url, "name": name, "secret": f"secret-{self.made}", "subscriptions": ["a"]}
        self.webhooks[self.made] = webhook
        return webhook

    def app(self) -> web.Application:
        app = web.Application()
        base = "/api/v1/accounts/7"
        app.router.add_get(f"{base}/agent_bots", self._list_bots)
        app.router.add_patch(f"{base}/agent_bots/{{id}}", self._change_bot)
        app.router.add_get(f"{base}/webhooks", self._list)
        app.router.add_post(f"{base}/webhooks", self._create)
        app.router.add_patch(f"{base}/webhooks/{{id}}", self._change)
        app.router.add_delete(f"{base}/webhooks/{{id}}", self._delete)
        return app

    async def _list_bots(self, request: web.Request) -> web.Response:
        if request.headers.get("Api-Access-Token") != "user":
            return web.json_response({"error": "Invalid Access Token"}, status=401)
        hidden = () if self.shows_tokens else ("access_token", "secret")
        return web.json_response(
            [{key: value for key, value in bot.items() if key not in hidden} for bot in self.bots.values()]
        )

    async def _change_bot(self, request: web.Request) -> web.Response:
        bot = self.bots[int(request.match_info["id"])]
        bot["outgoing_url"] = (await request.json())["outgoing_url"]
        return web.json_response(bot)

    async def _list(self, _: web.Request) -> web.Response:
        found = list(self.webhooks.values())
        return web.json_response(found if self.bare else {"payload": {"webhooks": found}})

    async def _create(self, request: web.Request) -> web.Response:
        wanted = (await request.json())["webhook"]
        if any(each["url"] == wanted["url"] for each in self.webhooks.values()):
            return web.json_response({"message": "Url has already been taken"}, status=422)
        created = self.add_webhook(wanted["url"], wanted["name"])
        return web.json_response(created if self.bare else {"payload": {"webhook": created}})

    async def _change(self, request: web.Request) -> web.Response:
        webhook, wanted = self.webhooks[int(request.match_info["id"])], (await request.json())["webhook"]
        if not self.ignores_url:
            webhook["url"] = wanted["url"]
        return web.json_response({"payload": {"webhook": webhook}})

    async def _delete(self, request: web.Request) -> web.Response:
        self.webhooks.pop(int(request.match_info["id"]))
        return web.Response(status=200)


@asynccontextmanager
async def admin_of(chatwoot: FakeChatwoot, user_token: str | None = "user") -> AsyncIterator[ChatwootAdmin]:
    served = await serve_app(chatwoot.app(), "127.0.0.1", 0)
    connection = ChatwootConnection(
        base_url=HttpUrl(f"http://127.0.0.1:{served.port}"),
        account_id=7,
        bot_token=SecretStr("bot"),
        user_token=SecretStr(user_token) if user_token else None,
        webhook_secret=SecretStr("secret-1"),
    )
    try:
        async with ChatwootAdmin(connection) as admin:
            yield admin
    finally:
        await served.stop()


async def test_the_tenants_bot_is_pointed_here_and_put_back() -> None:
    chatwoot = FakeChatwoot()
    chatwoot.bots[1] = {"id": 1, "name": "Other", "outgoing_url": "https://other.example", "access_token": "x"}
    chatwoot.bots[2] = {"id": 2, "name": "Lia", "outgoing_url": "https://old.example", "access_token": "bot"}
    async with admin_of(chatwoot) as admin:
        pointed = await point(admin, "acme", URL)
        during = chatwoot.bots[2]["outgoing_url"]
        await restore(admin, pointed)

    assert during == URL
    assert pointed.new_secret is None
    assert chatwoot.bots[2]["outgoing_url"] == "https://old.example"
    assert chatwoot.bots[1]["outgoing_url"] == "https://other.example"


@pytest.mark.parametrize("bare", [False, True])
async def test_the_account_webhook_is_moved_and_put_back_when_the_bot_is_not_to_be_seen(bare: bool) -> None:
    chatwoot = FakeChatwoot(shows_tokens=False, bare=bare)
    chatwoot.bots[2] = {"id": 2, "name": "Lia", "outgoing_url": "", "access_token": "bot"}
    chatwoot.add_webhook("https://crm.example/hook")
    chatwoot.add_webhook("https://old.example/webhook/chatwoot/acme")
    async with admin_of(chatwoot) as admin:
        pointed = await point(admin, "acme", URL)
        during = [each["url"] for each in chatwoot.webhooks.values()]
        await restore(admin, pointed)

    assert during == ["https://crm.example/hook", URL]
    assert pointed.new_secret is None
    assert [each["url"] for each in chatwoot.webhooks.values()] == [
        "https://crm.example/hook",
        "https://old.example/webhook/chatwoot/acme",
    ]


async def test_a_chatwoot_that_ignores_a_new_address_gets_a_new_webhook_and_its_secret_is_kept() -> None:
    chatwoot = FakeChatwoot(ignores_url=True)
    chatwoot.add_webhook("https://old.example/hook", name="odoo-ai acme")
    async with admin_of(chatwoot) as admin:
        pointed = await point(admin, "acme", URL)
        during = dict(chatwoot.webhooks)
        restored = await restore(admin, pointed)

    assert [each["url"] for each in during.values()] == [URL]
    assert pointed.new_secret == "secret-2"
    assert [each["url"] for each in chatwoot.webhooks.values()] == ["https://old.example/hook"]
    assert restored.new_secret == "secret-3"


async def test_a_webhook_is_made_when_there_is_none_and_removed_at_the_end() -> None:
    chatwoot = FakeChatwoot()
    chatwoot.add_webhook("https://crm.example/webhook/chatwoot/acme-two")
    async with admin_of(chatwoot) as admin:
        pointed = await point(admin, "acme", URL)
        during = [(each["name"], each["url"]) for each in chatwoot.webhooks.values()]
        await restore(admin, pointed)

    assert during[-1] == ("odoo-ai acme", URL)
    assert pointed.new_secret == "secret-2"
    assert [each["url"] for each in chatwoot.webhooks.values()] == ["https://crm.example/webhook/chatwoot/acme-two"]


@pytest.mark.parametrize("user_token", [None, "wrong"])
async def test_without_an_administrators_token_it_says_so(user_token: str | None) -> None:
    async with admin_of(FakeChatwoot(), user_token) as admin:
        with pytest.raises(ChatwootRefused) as refused:
            await point(admin, "acme", URL)

    assert refused.value.status == 401


def test_an_old_chatwoot_gets_the_path_with_its_token() -> None:
    signed = {"base_url": "https://c.example", "account_id": 1, "bot_token": "b", "webhook_secret": "s"}
    old = {**signed, "webhook_secret": None, "webhook_path_token": "0123456789abcdef"}

    assert webhook_path("acme", ChatwootConnection.model_validate(signed)) == "/webhook/chatwoot/acme"
    assert webhook_path("acme", ChatwootConnection.model_validate(old)) == "/webhook/chatwoot/acme/0123456789abcdef"
