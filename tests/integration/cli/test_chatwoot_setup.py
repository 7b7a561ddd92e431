"""`odoo-ai chatwoot setup` against the simulator: from nothing to working, again, repaired, each failure explained."""

from __future__ import annotations

import asyncio
import json
import stat
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiohttp import web
from dotenv import dotenv_values
from support.cli import Finished, odoo_ai, write_tenant
from support.simulated import BOT_SECRET, BOT_TOKEN, USER_TOKEN, simulator

from cli.check_tenant import check_tenant
from common.health import serve_app
from common.tenant_files import load_tenant_file
from simulator.chatwoot.model import Account, AgentBot
from simulator.faults import FaultSpec

TENANT = """\
tenant: acme
locale: {locale}
chatwoot:
  base_url: {url}/chatwoot
  account_id: 1
  inbox_ids: [1]
  bot_token: ${{NEW_BOT_TOKEN}}
  user_token: {user_token}
  {proof}
assistant:
  name: Lia
"""
SIGNED = "webhook_secret: ${NEW_WEBHOOK_SECRET}"


@dataclass
class World:
    folder: Path
    account: Account
    faults: Any
    url: str
    gateway: str

    def tenant(self, *, locale: str = "en", user_token: str = USER_TOKEN, proof: str = SIGNED, **changes: str) -> None:
        text = TENANT.format(locale=locale, url=self.url, user_token=user_token, proof=proof)
        for old, new in changes.items():
            text = text.replace(old, new)
        write_tenant(self.folder, "acme", text)

    async def setup(
        self, *arguments: str, address: str | None = None, env: Mapping[str, str] | None = None
    ) -> Finished:
        where = ("--url", self.gateway if address is None else address)
        command = ("chatwoot", "setup", "acme", *(where if where[1] else ()), *arguments)
        return await asyncio.to_thread(odoo_ai, self.folder, *command, env={"LANG": "C.UTF-8", **(env or {})})

    async def steps(
        self, *arguments: str, code: int = 0, address: str | None = None, env: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """What it did, by subject; the exit code as expected, and no secret shown."""
        done = await self.setup(*arguments, "--json", address=address, env=env)
        assert done.returncode == code, done.stdout + done.stderr
        for bot in self.account.bots.values():
            assert bot.token not in done.stdout
            assert bot.secret not in done.stdout
        assert USER_TOKEN not in done.stdout
        return {each["subject"]: each for each in json.loads(done.stdout)["steps"]}

    def written(self) -> dict[str, str]:
        return {key: value or "" for key, value in dotenv_values(self.folder / "new.env").items()}

    def env_file(self) -> tuple[str, str]:
        return ("--write-env", str(self.folder / "new.env"))

    def only_bot(self) -> AgentBot:
        (bot,) = self.account.bots.values()
        return bot

    async def without_bot(self) -> None:
        bot = self.only_bot()
        async with httpx.AsyncClient(headers={"Api-Access-Token": USER_TOKEN}, trust_env=False) as user:
            gone = await user.delete(f"{self.url}/chatwoot/api/v1/accounts/1/agent_bots/{bot.id}")
        assert gone.status_code == 200


async def healthy(_: web.Request) -> web.Response:
    return web.json_response({"status": "healthy"})


@pytest.fixture
def version() -> str:
    """One that signs and goes to any address."""
    return "4.13.0"


@pytest.fixture
async def world(tmp_path: Path, version: str) -> AsyncIterator[World]:
    app = web.Application()
    app.router.add_get("/webhook/health", healthy)
    served = await serve_app(app, "127.0.0.1", 0, shutdown_seconds=0.1)
    async with simulator(simulator_chatwoot_version=version) as started:
        chatwoot = started.state.chatwoot
        gateway = f"http://127.0.0.1:{served.port}"
        yield World(tmp_path, chatwoot.world.accounts[1], chatwoot.faults, started.url, gateway)
    await served.stop()


def states(steps: dict[str, Any]) -> dict[str, str]:
    return {subject: each["state"] for subject, each in steps.items()}


ALL_WELL = dict.fromkeys(("chatwoot", "user", "address", "bot", "inbox", "token", "secret"), "ok")


async def test_from_nothing_to_working_and_again_nothing_changes(world: World) -> None:
    await world.without_bot()
    world.tenant()

    first = await world.steps(*world.env_file())
    bot = world.only_bot()
    again = await world.steps(*world.env_file(), env=world.written())

    assert states(first) == {
        **ALL_WELL,
        "bot": "created",
        "inbox": "repaired",
        "token": "repaired",
        "secret": "repaired",
    }
    assert world.written() == {"NEW_BOT_TOKEN": bot.token, "NEW_WEBHOOK_SECRET": bot.secret}
    assert stat.S_IMODE((world.folder / "new.env").stat().st_mode) == 0o600
    assert (bot.name, bot.outgoing_url) == ("Lia (acme)", f"{world.gateway}/webhook/chatwoot/acme")
    assert world.account.inboxes[1].bot is bot
    assert states(again) == ALL_WELL
    assert list(world.account.bots.values()) == [bot]


async def test_what_was_set_up_satisfies_the_check(world: World) -> None:
    await world.without_bot()
    world.tenant()
    await world.steps(*world.env_file())

    tenant = load_tenant_file(world.folder / "config" / "tenants" / "acme.yaml", world.written())
    found = await check_tenant(tenant)

    assert [str(each) for each in found if each.status != "ok" and "Chatwoot" in each.subject] == []


async def test_a_rehearsal_changes_nothing_and_says_what_would_be_done(world: World) -> None:
    await world.without_bot()
    world.tenant()

    steps = await world.steps("--dry-run", *world.env_file())

    assert states(steps) == {
        "chatwoot": "ok",
        "user": "ok",
        "address": "ok",
        "bot": "would_create",
        "inbox": "would_repair",
    }
    assert (world.account.bots, world.account.inboxes[1].bot) == ({}, None)
    assert not (world.folder / "new.env").exists()


KNOWN = {"NEW_BOT_TOKEN": BOT_TOKEN, "NEW_WEBHOOK_SECRET": BOT_SECRET}


async def test_a_bot_that_sends_elsewhere_is_sent_here(world: World) -> None:
    world.tenant()
    world.only_bot().outgoing_url = "https://old.example.com/webhook/chatwoot/acme"

    steps = await world.steps(env=KNOWN)

    assert states(steps) == {**ALL_WELL, "bot": "repaired"}
    assert world.only_bot().outgoing_url == f"{world.gateway}/webhook/chatwoot/acme"


async def test_an_inbox_that_lost_its_bot_gets_it_back(world: World) -> None:
    world.tenant()
    await world.steps(env=KNOWN)
    world.account.inboxes[1].bot = None

    steps = await world.steps(env=KNOWN)

    assert states(steps) == {**ALL_WELL, "inbox": "repaired"}


async def test_a_secret_that_was_renewed_in_chatwoot_is_written_down(world: World) -> None:
    world.tenant()
    await world.steps(env=KNOWN)
    world.only_bot().secret = "renewed-in-chatwoot"
    (world.folder / "new.env").write_text("# ours\nOTHER=1\nNEW_WEBHOOK_SECRET=old\n")

    steps = await world.steps(*world.env_file(), env=KNOWN)

    assert states(steps) == {**ALL_WELL, "secret": "repaired"}
    assert (world.folder / "new.env").read_text() == "# ours\nOTHER=1\nNEW_WEBHOOK_SECRET=renewed-in-chatwoot\n"


async def test_a_secret_by_kind_is_written_to_the_variable_of_its_kind(world: World) -> None:
    world.tenant(proof="webhook_secret: {agent_bot: ['${NEW_BOT_SECRET}', old], account_webhook: '${HOOK}'}")

    await world.steps(*world.env_file(), env={"NEW_BOT_TOKEN": BOT_TOKEN, "HOOK": "hook"})

    assert world.written() == {"NEW_BOT_SECRET": BOT_SECRET}


async def test_without_an_address_the_one_the_bot_has_is_kept(world: World) -> None:
    world.tenant()
    await world.steps(env=KNOWN)

    steps = await world.steps(address="", env=KNOWN)

    assert states(steps) == ALL_WELL


async def test_a_bot_that_was_made_before_the_token_was_lost_is_found_by_its_address(world: World) -> None:
    world.tenant()
    await world.steps(env=KNOWN)

    steps = await world.steps(*world.env_file(), env={**KNOWN, "NEW_BOT_TOKEN": "lost"})

    assert states(steps) == {**ALL_WELL, "token": "repaired"}
    assert world.written() == {"NEW_BOT_TOKEN": BOT_TOKEN}


def ignored(world: World, endpoint: str) -> None:
    world.faults.set(FaultSpec(surface="chatwoot", kind="ignored", endpoint=endpoint))


async def failed(
    world: World, *arguments: str, address: str | None = None, env: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The steps that failed or need a look; each says how to mend it."""
    steps = await world.steps(*arguments, code=1, address=address, env=env)
    trouble = {subject: each for subject, each in steps.items() if each["state"] in ("failed", "warning")}
    assert all(each["mend"] for each in trouble.values())
    return {subject: each["reason"] for subject, each in trouble.items()}


async def test_a_chatwoot_that_accepts_a_new_address_and_forgets_it_is_found_out(world: World) -> None:
    world.tenant()
    world.only_bot().outgoing_url = "https://old.example.com"
    ignored(world, "update_agent_bot")

    assert await failed(world, env=KNOWN) == {"bot": "bot_not_moved"}


async def test_a_chatwoot_that_accepts_a_link_and_forgets_it_is_found_out(world: World) -> None:
    world.tenant()
    world.account.inboxes[1].bot = None
    ignored(world, "set_agent_bot")

    assert await failed(world, env=KNOWN) == {"inbox": "not_linked"}


async def test_a_chatwoot_that_accepts_a_bot_and_forgets_it_is_found_out(world: World) -> None:
    await world.without_bot()
    world.tenant()
    ignored(world, "create_agent_bot")

    assert await failed(world) == {"bot": "bot_not_created"}


async def test_an_inbox_of_another_bot_is_left_alone_unless_it_was_asked_for(world: World) -> None:
    await world.without_bot()
    other = AgentBot(900, 1, "Other", "other-bots-token-1", "other-bots-secret", "https://other.example.com")
    world.account.bots[other.id] = other
    world.account.inboxes[1].bot = other
    world.tenant()

    first = await failed(world, *world.env_file())
    after_first = world.account.inboxes[1].bot
    again = await world.steps("--replace-bot", *world.env_file(), env=world.written())

    assert first == {"inbox": "other_bot"}
    assert after_first is other
    assert states(again)["inbox"] == "repaired"
    assert world.account.inboxes[1].bot is not other
    assert other.outgoing_url == "https://other.example.com"


async def test_secrets_are_not_shown_and_where_to_put_them_is_said(world: World) -> None:
    world.tenant()
    await world.steps(env=KNOWN)

    assert await failed(world) == {"token": "token_unwritten", "secret": "secret_unwritten"}


async def test_a_tenant_file_with_its_secrets_in_it_has_no_place_to_write_them(world: World) -> None:
    world.tenant(proof="webhook_secret: written-by-hand")

    assert await failed(world, *world.env_file(), env={"NEW_BOT_TOKEN": BOT_TOKEN}) == {"secret": "secret_nowhere"}


async def test_what_stands_in_the_file_and_is_not_in_effect_is_said(world: World) -> None:
    world.tenant()
    await world.steps(env=KNOWN)
    await world.steps(*world.env_file())

    steps = await world.steps(*world.env_file(), env={**KNOWN, "NEW_BOT_TOKEN": "exported-elsewhere"})

    assert steps["token"]["reason"] == "token_as_written"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"user_token": "wrong"}, {"user": "user_token_refused"}),
        ({"user_token": "null"}, {"user": "no_user_token"}),
        ({"account_id: 1": "account_id: 99"}, {"user": "user_elsewhere"}),
        ({"inbox_ids: [1]": "inbox_ids: [4711]"}, {"inbox": "no_inbox"}),
        ({"/chatwoot\n": "/nothing\n"}, {"chatwoot": "unreachable"}),
        ({"base_url: http://": "base_url: http://127.0.0.1:1/"}, {"chatwoot": "unreachable"}),
    ],
)
async def test_what_is_wrong_in_the_tenant_file_is_explained(
    world: World, change: dict[str, str], reason: dict[str, str]
) -> None:
    world.tenant(**change)

    assert await failed(world, env=KNOWN) == reason


async def test_an_agents_token_is_not_enough(world: World) -> None:
    agent = next(each for each in world.account.users.values() if each.role == "agent")
    world.tenant(user_token=agent.token)

    assert await failed(world, env=KNOWN) == {"user": "not_administrator"}


async def test_an_address_that_nobody_knows_must_be_said(world: World) -> None:
    world.tenant()

    assert await failed(world, address="", env=KNOWN) == {"address": "no_address"}


async def test_one_of_several_inboxes_must_be_named(world: World) -> None:
    world.account.inboxes[2] = type(world.account.inboxes[1])(2, 1, "E-mail", "Channel::Email")
    world.tenant(**{"  inbox_ids: [1]\n": ""})

    assert await failed(world, env=KNOWN) == {"inbox": "which_inbox"}
    assert states(await world.steps("--inbox", "2", env=KNOWN))["inbox"] == "repaired"


@pytest.mark.parametrize("fault", ["html", "garbage", "status", "reset"])
async def test_a_chatwoot_in_trouble_is_reported_and_never_a_crash(world: World, fault: Any) -> None:
    world.tenant()
    world.faults.set(FaultSpec(surface="chatwoot", kind=fault, endpoint="list_agent_bots"))

    assert await failed(world, env=KNOWN) == {"chatwoot": "refused"}


@pytest.mark.parametrize("version", ["4.14.1", "4.18.0"])
async def test_an_address_that_chatwoot_refuses_is_recognised(world: World) -> None:
    world.tenant()

    steps = await world.steps(env=KNOWN)

    assert (steps["address"]["state"], steps["address"]["reason"]) == ("warning", "private")
    assert "SAFE_FETCH_ALLOW_PRIVATE_NETWORK=true" in steps["address"]["mend"]


@pytest.mark.parametrize("version", ["4.14.0"])
async def test_the_one_version_without_an_exception_for_private_addresses_says_so(world: World) -> None:
    world.tenant()

    assert (await world.steps(env=KNOWN))["address"]["reason"] == "private_at_all"


@pytest.mark.parametrize("version", ["4.12.1"])
async def test_a_chatwoot_too_old_to_sign_needs_a_token_in_the_path(world: World) -> None:
    world.tenant()
    demanded = await failed(world, env=KNOWN)
    world.tenant(proof="webhook_path_token: 0123456789abcdef")

    steps = await world.steps(env={"NEW_BOT_TOKEN": BOT_TOKEN})

    assert demanded == {"secret": "cannot_sign"}
    assert (steps["secret"]["reason"], steps["secret"]["state"]) == ("path_token", "ok")
    assert world.only_bot().outgoing_url.endswith("/webhook/chatwoot/acme/0123456789abcdef")
    assert "0123456789abcdef" not in json.dumps(steps)


async def test_nothing_that_answers_at_the_address_is_worth_a_look(world: World) -> None:
    world.tenant()

    steps = await world.steps(address="http://127.0.0.1:1", env=KNOWN)

    assert (steps["address"]["state"], steps["address"]["reason"]) == ("warning", "silent")


@pytest.mark.parametrize(("locale", "word"), [("pt-BR", "FALHOU"), ("es", "FALLÓ"), ("en", "FAILED")])
async def test_people_read_it_in_the_tenants_language(world: World, locale: str, word: str) -> None:
    world.tenant(locale=locale, user_token="wrong")

    done = await world.setup(env=KNOWN)

    assert done.returncode == 1
    assert word in done.stdout


async def test_the_language_of_the_terminal_counts_when_the_file_names_none(world: World) -> None:
    world.tenant(user_token="wrong", **{"locale: en\n": ""})

    assert "FALLÓ" in (await world.setup(env={**KNOWN, "LANG": "es_ES.UTF-8"})).stdout
    assert "FALHOU" in (await world.setup(env=KNOWN)).stdout


async def test_a_tenant_without_a_file_is_told_what_to_write(world: World) -> None:
    done = await world.setup()

    assert done.returncode == 2
    assert "acme.yaml.example" in done.stderr
