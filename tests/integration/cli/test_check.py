from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from support.cli import odoo_ai, write_tenant

from cli.check_embeddings import check_embeddings
from cli.check_model import check_models
from cli.check_tenant import check_tenant
from cli.findings import Finding
from common.tenants import Assistant, ModelProviders, TenantConfig
from simulator.app import running
from simulator.chatwoot.model import AgentBot
from simulator.settings import SimulatorSettings

HERE = "https://assistant.example/webhook/chatwoot/acme"


@dataclass
class World:
    url: str
    settings: SimulatorSettings

    def tenant(self, *, chatwoot: dict[str, Any] | None = None, odoo: dict[str, Any] | None = None) -> TenantConfig:
        settings = self.settings
        return TenantConfig.model_validate(
            {
                "tenant": "acme",
                "chatwoot": {
                    "base_url": f"{self.url}/chatwoot",
                    "account_id": settings.simulator_account_id,
                    "inbox_ids": [settings.simulator_inbox_id],
                    "bot_token": settings.simulator_bot_token,
                    "user_token": settings.simulator_user_token,
                    "webhook_secret": settings.simulator_webhook_secret,
                    **(chatwoot or {}),
                },
                "odoo": {
                    "base_url": f"{self.url}/odoo",
                    "database": settings.simulator_odoo_database,
                    "login": settings.simulator_odoo_login,
                    "api_key": settings.simulator_odoo_api_key,
                    "key_expires_on": "2999-01-01",
                    **(odoo or {}),
                },
            }
        )


@pytest.fixture
async def world() -> AsyncIterator[World]:
    settings = SimulatorSettings(simulator_port=0, simulator_webhook_url=HERE)
    async with running(settings) as simulator:
        yield World(simulator.url, settings)


def trouble(findings: list[Finding]) -> dict[str, str]:
    """What is not well, with how to mend it."""
    return {each.subject: f"{each.detail} -> {each.mend}" for each in findings if each.status != "ok"}


async def test_a_tenant_that_is_set_up_right_has_nothing_to_mend(world: World) -> None:
    findings = await check_tenant(world.tenant())

    assert trouble(findings) == {}
    assert {each.subject for each in findings} == {
        "acme Chatwoot",
        "acme Chatwoot features",
        "acme Chatwoot bot",
        "acme Chatwoot user",
        "acme Chatwoot inboxes",
        "acme Chatwoot webhooks",
        "acme Odoo version",
        "acme model",
    }


@pytest.mark.parametrize(
    ("wrong", "subject", "says"),
    [
        ({"bot_token": "wrong"}, "acme Chatwoot bot", "bot_token"),
        ({"account_id": 99}, "acme Chatwoot user", "account 99"),
        ({"user_token": "wrong"}, "acme Chatwoot user", "user_token"),
        ({"user_token": None}, "acme Chatwoot user", "user_token"),
        ({"inbox_ids": [4711]}, "acme Chatwoot inboxes", "there are: 1"),
        ({"webhook_secret": "another"}, "acme Chatwoot webhooks", "copy it from the bot"),
        ({"base_url": "http://127.0.0.1:1"}, "acme Chatwoot", "base_url"),
    ],
)
async def test_what_is_wrong_with_chatwoot_is_named_with_how_to_mend_it(
    world: World, wrong: dict[str, Any], subject: str, says: str
) -> None:
    found = trouble(await check_tenant(world.tenant(chatwoot=wrong)))

    assert says in found[subject]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"api_key": "wrong"}, "odoo.api_key"),
        ({"database": "nowhere"}, "odoo.database"),
        ({"base_url": "http://127.0.0.1:1"}, "odoo.base_url"),
    ],
)
async def test_what_is_wrong_with_odoo_is_named_with_how_to_mend_it(
    world: World, wrong: dict[str, Any], says: str
) -> None:
    found = trouble(await check_tenant(world.tenant(odoo=wrong)))

    assert len(found) == 1
    assert says in next(text for subject, text in found.items() if subject.startswith("acme Odoo"))


async def test_a_bot_that_sends_elsewhere_is_told_the_right_address() -> None:
    settings = SimulatorSettings(
        simulator_port=0, simulator_webhook_url="https://assistant.example/webhook/chatwoot/other"
    )
    async with running(settings) as simulator:
        found = trouble(await check_tenant(World(simulator.url, settings).tenant()))

    assert "/webhook/chatwoot/acme" in found["acme Chatwoot webhooks"]


async def test_an_old_chatwoot_cannot_sign() -> None:
    settings = SimulatorSettings(simulator_port=0, simulator_webhook_url=HERE, simulator_chatwoot_version="4.11.0")
    async with running(settings) as simulator:
        found = trouble(await check_tenant(World(simulator.url, settings).tenant()))

    assert "webhook_path_token" in found["acme Chatwoot"]


async def test_the_features_of_later_versions_are_named_and_no_trouble() -> None:
    settings = SimulatorSettings(simulator_port=0, simulator_webhook_url=HERE, simulator_chatwoot_version="4.16.2")
    async with running(settings) as simulator:
        findings = await check_tenant(World(simulator.url, settings).tenant())

    features = next(each for each in findings if each.subject == "acme Chatwoot features")
    assert features.status == "ok"
    assert "merges custom attributes (4.17.0)" in features.detail


async def test_an_inbox_with_another_bot_is_worth_a_look() -> None:
    settings = SimulatorSettings(simulator_port=0, simulator_webhook_url=HERE)
    async with running(settings) as simulator:
        account = simulator.state.chatwoot.world.accounts[1]
        account.inboxes[1].bot = AgentBot(900, 1, "Other", "token", "secret", "https://other.example.com")
        found = trouble(await check_tenant(World(simulator.url, settings).tenant()))

    assert "another bot" in found["acme Chatwoot inboxes"]
    assert "odoo-ai chatwoot setup acme" in found["acme Chatwoot inboxes"]


async def test_a_bot_that_sends_to_a_private_address_is_worth_a_look() -> None:
    private = "http://10.0.0.5:8000/webhook/chatwoot/acme"
    settings = SimulatorSettings(simulator_port=0, simulator_webhook_url=private)
    async with running(settings) as simulator:
        found = trouble(await check_tenant(World(simulator.url, settings).tenant()))

    assert "SAFE_FETCH_ALLOW_PRIVATE_NETWORK" in found["acme Chatwoot webhooks"]


async def test_no_secret_is_ever_shown(world: World) -> None:
    secrets = [SecretStr("s3cret-bot"), SecretStr("s3cret-user"), SecretStr("s3cret-hook"), SecretStr("s3cret-odoo")]
    bot, user, hook, odoo = secrets
    tenant = world.tenant(
        chatwoot={"bot_token": bot, "user_token": user, "webhook_secret": hook}, odoo={"api_key": odoo}
    )

    shown = json.dumps([each.shown() for each in await check_tenant(tenant)])

    assert "s3cret" not in shown


def test_the_command_fails_when_something_does_not_work_and_changes_nothing(tmp_path: Path) -> None:
    write_tenant(tmp_path, "acme", "tenant: acme\nchatwood: {}\n")

    checked = odoo_ai(tmp_path, "check", "--json")
    findings = json.loads(checked.stdout)

    assert checked.returncode == 1
    assert findings["ok"] is False
    assert "acme.yaml" in next(each["detail"] for each in findings["checks"] if each["status"] == "failed")
    assert not (tmp_path / "data").exists()
    assert not (tmp_path / "logs").exists()


MODELS = {"stand-in": {"api_key": "any-key"}, "closed": {"api_key": "any-key", "base_url": "http://127.0.0.1:1/v1"}}


async def test_each_model_is_asked_and_what_is_wrong_is_named(world: World) -> None:
    providers = {**MODELS, "stand-in": {**MODELS["stand-in"], "base_url": f"{world.url}/model/v1"}}
    chain = ["stand-in:mini", "closed:mini", "nobody:mini"]
    tenant = world.tenant().model_copy(
        update={
            "assistant": Assistant.model_validate(
                {"model": chain, "model_prices": {"stand-in:mini": {"input": 1, "output": 2}}}
            ),
            "models": ModelProviders.model_validate({"providers": providers}),
        }
    )

    findings = {each.subject: each for each in await check_models(tenant)}

    assert findings["acme model stand-in:mini"].status == "ok"
    assert "does not answer" in findings["acme model closed:mini"].detail
    assert "models.providers" in str(findings["acme model nobody:mini"].mend)
    assert "any-key" not in str(findings)


async def test_a_model_without_a_known_price_is_a_warning(world: World) -> None:
    providers = {"stand-in": {"api_key": "any-key", "base_url": f"{world.url}/model/v1"}}
    tenant = world.tenant().model_copy(
        update={
            "assistant": Assistant(model="stand-in:mini"),
            "models": ModelProviders.model_validate({"providers": providers}),
        }
    )

    (finding,) = await check_models(tenant)

    assert (finding.status, "model_prices" in str(finding.mend)) == ("warning", True)


async def test_embeddings_are_asked_and_what_is_wrong_is_named(world: World) -> None:
    providers = {**MODELS, "stand-in": {**MODELS["stand-in"], "base_url": f"{world.url}/model/v1"}}

    def tenant(model: str) -> TenantConfig:
        update = {
            "assistant": Assistant.model_validate({"embeddings": {"model": model, "dimensions": 64}}),
            "models": ModelProviders.model_validate({"providers": providers}),
        }
        return world.tenant().model_copy(update=update)

    (good,) = await check_embeddings(tenant("stand-in:small"))
    (closed,) = await check_embeddings(tenant("closed:small"))
    (unknown,) = await check_embeddings(tenant("nobody:small"))

    assert good.status in ("ok", "warning")
    assert "64 dimensions" in good.detail
    assert (closed.status, "unreachable" in closed.detail) == ("failed", True)
    assert "models.providers.nobody.base_url" in unknown.detail
    assert "any-key" not in str((good, closed, unknown))
    assert await check_embeddings(world.tenant()) == []
