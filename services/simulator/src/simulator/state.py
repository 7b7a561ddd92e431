"""The whole simulated world: what the control API and the page act on."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from simulator.chatwoot.channel import Pace
from simulator.chatwoot.dispatch import Timing
from simulator.chatwoot.events import ACCOUNT_EVENTS
from simulator.chatwoot.installation import Installation, Options
from simulator.chatwoot.model import API, WHATSAPP, Account, AccountWebhook, AgentBot, Inbox, User
from simulator.clock import Clock
from simulator.faults import FaultBoard
from simulator.model.server import ModelServer
from simulator.odoo.server import OdooServer
from simulator.settings import SimulatorSettings
from simulator.timers import Timers

PEOPLE = ("Ana Beatriz Moura", "Carlos Teixeira")


class NewInbox(BaseModel):
    """An inbox of a new account."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: int
    name: str = "WhatsApp"
    channel: str = Field(default=WHATSAPP, pattern=f"^({WHATSAPP}|{API})$")
    with_bot: bool = True
    greeting: str = ""
    webhook_url: str = ""
    """API inboxes only."""
    webhook_secret: str = ""
    lock_to_single_conversation: bool = False


class NewAccount(BaseModel):
    """A company to be created in the simulated Chatwoot. What is left empty is made up and told in the answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: int = Field(gt=0)
    name: str = "Casa Jabuticaba"
    inboxes: tuple[NewInbox, ...] = (NewInbox(id=1),)
    bot_name: str = "Lia"
    bot_webhook_url: str = ""
    bot_webhook_secret: str = ""
    bot_token: str = ""
    user_token: str = ""
    account_webhook_url: str = ""
    account_webhook_secret: str = ""
    subscriptions: tuple[str, ...] = ACCOUNT_EVENTS
    keep_pending_on_bot_failure: bool = False


@dataclass
class State:
    """Everything, wired."""

    settings: SimulatorSettings
    clock: Clock
    faults: FaultBoard
    timers: Timers
    chatwoot: Installation
    odoo: OdooServer
    model: ModelServer

    @classmethod
    def create(cls, settings: SimulatorSettings) -> State:
        """The world as the settings describe it."""
        clock, faults, timers = Clock(), FaultBoard(settings.simulator_fault_seed), Timers()
        pace = Pace(
            settings.simulator_delivery_seconds, settings.simulator_delivery_seconds, settings.simulator_read_seconds
        )
        timing = Timing(
            settings.simulator_webhook_timeout,
            settings.simulator_webhook_retry_wait,
            settings.simulator_webhook_threads,
        )
        options = Options(settings.simulator_chatwoot_version, timing, pace)
        chatwoot = Installation(clock, faults, timers, options)
        odoo = OdooServer(faults, settings.simulator_odoo_series)
        state = cls(settings, clock, faults, timers, chatwoot, odoo, ModelServer(faults))
        add_account(chatwoot, _first_account(settings))
        odoo.create(
            settings.simulator_odoo_database,
            settings.simulator_odoo_login,
            settings.simulator_odoo_api_key.get_secret_value(),
        )
        return state

    async def start(self) -> None:
        """Open what needs a running loop."""
        await self.chatwoot.dispatcher.start()

    async def stop(self) -> None:
        """Forget what was planned, then close."""
        self.timers.stop()
        await self.chatwoot.dispatcher.stop()


STATE = web.AppKey("state", State)


def _first_account(settings: SimulatorSettings) -> NewAccount:
    bot_secret = settings.simulator_webhook_secret.get_secret_value()
    own_secret = settings.simulator_account_webhook_secret
    return NewAccount(
        id=settings.simulator_account_id,
        inboxes=(NewInbox(id=settings.simulator_inbox_id, name="WhatsApp Casa Jabuticaba"),),
        bot_webhook_url=settings.simulator_webhook_url,
        bot_webhook_secret=bot_secret,
        bot_token=settings.simulator_bot_token.get_secret_value(),
        user_token=settings.simulator_user_token.get_secret_value(),
        account_webhook_url=settings.simulator_account_webhook_url,
        account_webhook_secret=own_secret.get_secret_value() if own_secret else bot_secret,
    )


def add_account(chatwoot: Installation, new: NewAccount) -> Account:
    """Create a company with people, a bot, inboxes and webhooks."""
    world = chatwoot.world
    account = Account(new.id, new.name, new.keep_pending_on_bot_failure)
    bot = AgentBot(
        world.next_id(),
        account.id,
        new.bot_name,
        new.bot_token or secrets.token_hex(12),
        new.bot_webhook_secret or secrets.token_hex(12),
        new.bot_webhook_url,
    )
    account.bots[bot.id] = bot
    world.admit(bot)
    _add_people(chatwoot, account, new.user_token)
    for each in new.inboxes:
        account.inboxes[each.id] = Inbox(
            each.id,
            account.id,
            each.name,
            each.channel,
            phone_number="+553135550142" if each.channel == WHATSAPP else "",
            bot=bot if each.with_bot else None,
            webhook_url=each.webhook_url,
            webhook_secret=each.webhook_secret or secrets.token_hex(12),
            greeting=each.greeting,
            lock_to_single_conversation=each.lock_to_single_conversation,
        )
    if new.account_webhook_url:
        secret = new.account_webhook_secret or secrets.token_hex(12)
        hook = AccountWebhook(world.next_id(), account.id, new.account_webhook_url, secret, new.subscriptions)
        account.webhooks[hook.id] = hook
    world.accounts[account.id] = account
    return account


def _add_people(chatwoot: Installation, account: Account, user_token: str) -> None:
    world = chatwoot.world
    for index, name in enumerate(PEOPLE):
        first = name.split(" ")[0].lower()
        token = (user_token if index == 0 else "") or secrets.token_hex(12)
        role = "administrator" if index == 0 else "agent"
        user = User(
            world.next_id(),
            account.id,
            name,
            f"{first}@casajabuticaba.example",
            token,
            "administrator" if role == "administrator" else "agent",
        )
        account.users[user.id] = user
        world.admit(user)
