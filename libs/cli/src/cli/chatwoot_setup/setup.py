"""Creates or repairs what a tenant needs in its Chatwoot; in a rehearsal it only looks.

What Chatwoot says afterwards counts, not that it accepted a change: some versions ignore one. Nothing is ever taken
from another bot unless that was asked for, and running it again changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import httpx

from cli.chatwoot_admin import Bot, ChatwootAdmin, ChatwootRefused, InboxName
from cli.chatwoot_setup.steps import Outcome, State, Step, Subject
from cli.public_address import addresses_of, not_public
from cli.webhook_address import webhook_path
from common.tenants import ChatwootConnection
from webhook.capabilities import UNKNOWN, Capabilities, capabilities_of

# Where the tenant file has them.
BOT_KEY: Final = "chatwoot.bot_token"
SIGNING_KEY: Final = "chatwoot.webhook_secret"

_HEALTH_SECONDS = 4.0
_DESCRIPTION: Final = "Sistema Integrado Odoo-AI"


@dataclass(frozen=True)
class Wanted:
    """What should be."""

    tenant: str
    connection: ChatwootConnection
    missing: frozenset[str] = frozenset()
    """Keys of the tenant file whose secrets do not exist yet."""
    public_url: str | None = None
    """Where the gateway is reached from outside; None: wherever the bot sends to already."""
    inbox_ids: tuple[int, ...] = ()
    bot_name: str = ""
    replace_bot: bool = False
    """Take an inbox from another bot."""
    rehearsal: bool = False


class _Stop(Exception):
    """Without this step the others make no sense."""


class Setup:
    """One run."""

    def __init__(self, admin: ChatwootAdmin, wanted: Wanted) -> None:
        self._admin = admin
        self._wanted = wanted
        self._steps: list[Step] = []
        self._capabilities: Capabilities = UNKNOWN
        self._secrets: dict[str, str] = {}

    async def run(self) -> Outcome:
        """Go through all steps; the first that everything else needs ends it."""
        try:
            await self._chatwoot()
            await self._user()
            bot = await self._bot(await self._address())
            await self._inboxes(bot)
            if bot is not None:
                self._token(bot)
                self._secret(bot)
        except _Stop:
            pass
        except ChatwootRefused as error:
            self._add("chatwoot", "failed", "refused", why=str(error))
        return Outcome(tuple(self._steps), dict(self._secrets))

    def _add(self, subject: Subject, state: State, key: str, **values: str) -> None:
        self._steps.append(Step(subject, state, key, values))

    def _give_up(self, subject: Subject, key: str, **values: str) -> _Stop:
        self._add(subject, "failed", key, **values)
        return _Stop()

    async def _chatwoot(self) -> None:
        try:
            version = await self._admin.version()
        except ChatwootRefused as error:
            raise self._give_up("chatwoot", "unreachable", why=str(error)) from None
        self._capabilities = capabilities_of(version)
        if self._capabilities.version is None:
            self._add("chatwoot", "warning", "version_unknown", version=version)
        elif self._capabilities.bot_token_endpoints_are_broken:
            self._add("chatwoot", "warning", "version_broken", version=version)
        else:
            self._add("chatwoot", "ok", "version", version=version)

    async def _user(self) -> None:
        connection = self._wanted.connection
        if connection.user_token is None:
            raise self._give_up("user", "no_user_token")
        try:
            role = await self._admin.role()
        except ChatwootRefused as error:
            key = "user_token_refused" if error.status in (401, 403, 404) else "refused"
            raise self._give_up("user", key, why=str(error)) from None
        if role is None:
            raise self._give_up("user", "user_elsewhere", account=str(connection.account_id))
        if role != "administrator":
            raise self._give_up("user", "not_administrator", role=role)
        self._add("user", "ok", "administrator")

    async def _address(self) -> str:
        """Where the bot's webhooks should go."""
        wanted = self._wanted
        connection = wanted.connection
        if self._must_not_sign():
            raise self._give_up("secret", "cannot_sign")
        path = webhook_path(wanted.tenant, connection)
        public = wanted.public_url or await self._present_address(path)
        if public is None:
            raise self._give_up("address", "no_address")
        await self._reachable(public)
        return public.rstrip("/") + path

    def _must_not_sign(self) -> bool:
        secrets, known = self._wanted.connection.webhook_secret, self._capabilities.version is not None
        demanded = secrets is not None and secrets.covers("agent_bot")
        return demanded and known and not self._capabilities.signs_bot_webhooks

    async def _present_address(self, path: str) -> str | None:
        found = self._ours(await self._admin.bots())
        place = found.outgoing_url.find(path) if found else -1
        return found.outgoing_url[:place] if found and place > 0 else None

    async def _reachable(self, public: str) -> None:
        if not public.startswith(("https://", "http://")):
            raise self._give_up("address", "no_scheme", url=public)
        reason = not_public(public, await addresses_of(public))
        if reason and self._capabilities.refuses_private_addresses:
            possible = self._capabilities.can_allow_private_addresses
            self._add("address", "warning", "private" if possible else "private_at_all", url=public)
        elif public.startswith("http://") and not reason:
            self._add("address", "warning", "not_encrypted", url=public)
        elif not await _answers(public):
            self._add("address", "warning", "silent", url=public)
        else:
            self._add("address", "ok", "address", url=public)

    def _ours(self, bots: list[Bot]) -> Bot | None:
        """By its token, else by an address of ours, else by its name."""
        token = self._wanted.connection.bot_token.get_secret_value()
        path = f"/webhook/chatwoot/{self._wanted.tenant}/"
        by_token = (each for each in bots if BOT_KEY not in self._wanted.missing and each.token == token)
        by_address = (each for each in bots if f"{each.outgoing_url}/".find(path) > 0)
        by_name = (each for each in bots if each.name == self._wanted.bot_name)
        return next(by_token, None) or next(by_address, None) or next(by_name, None)

    async def _bot(self, url: str) -> Bot | None:
        found = self._ours(await self._admin.bots())
        if found is None:
            return await self._create_bot(url)
        if found.outgoing_url == url:
            self._add("bot", "ok", "bot", name=found.name)
            return found
        if self._wanted.rehearsal:
            self._add("bot", "would_repair", "bot_moved", name=found.name)
            return found
        moved = await self._admin.set_bot_url(found.id, url)
        if moved.outgoing_url != url:
            self._add("bot", "failed", "bot_not_moved", name=found.name)
        else:
            self._add("bot", "repaired", "bot_moved", name=found.name)
        return moved

    async def _create_bot(self, url: str) -> Bot | None:
        name = self._wanted.bot_name
        if self._wanted.rehearsal:
            self._add("bot", "would_create", "bot_created", name=name)
            return None
        made = await self._admin.create_bot(name, _DESCRIPTION, url)
        if made is None or made.outgoing_url != url:
            raise self._give_up("bot", "bot_not_created", name=name)
        self._add("bot", "created", "bot_created", name=name)
        return made

    async def _inboxes(self, bot: Bot | None) -> None:
        there = {each.id: each for each in await self._admin.inboxes()}
        wanted = self._wanted.inbox_ids or (tuple(there) if len(there) == 1 else ())
        if not wanted:
            names = ", ".join(f"{each.id} ({each.name})" for each in there.values()) or "-"
            self._add("inbox", "failed", "which_inbox", known=names)
        for inbox_id in wanted:
            if inbox_id not in there:
                self._add("inbox", "failed", "no_inbox", id=str(inbox_id), known=", ".join(map(str, there)) or "-")
                continue
            await self._inbox(there[inbox_id], bot)

    async def _inbox(self, inbox: InboxName, bot: Bot | None) -> None:
        names = {"id": str(inbox.id), "name": inbox.name}
        linked = await self._admin.inbox_bot_id(inbox.id)
        if bot is not None and linked == bot.id:
            self._add("inbox", "ok", "linked", **names)
        elif linked is not None and not self._wanted.replace_bot:
            self._add("inbox", "failed", "other_bot", **names, bot=str(linked))
        elif bot is None or self._wanted.rehearsal:
            self._add("inbox", "would_repair", "linked", **names)
        elif await self._admin.set_inbox_bot(inbox.id, bot.id):
            self._add("inbox", "repaired", "linked", **names)
        else:
            self._add("inbox", "failed", "not_linked", **names)

    def _token(self, bot: Bot) -> None:
        known = BOT_KEY not in self._wanted.missing
        if known and bot.token == self._wanted.connection.bot_token.get_secret_value():
            self._add("token", "ok", "token_known")
        elif bot.token:
            self._secrets[BOT_KEY] = bot.token
        elif known:
            self._add("token", "warning", "token_hidden", name=bot.name)
        else:
            self._add("token", "failed", "token_hidden", name=bot.name)

    def _secret(self, bot: Bot) -> None:
        secrets = self._wanted.connection.webhook_secret
        missing = any(f"{each}.".startswith(f"{SIGNING_KEY}.") for each in self._wanted.missing)
        if not missing and secrets is not None and bot.secret and secrets.knows("agent_bot", bot.secret):
            self._add("secret", "ok", "secret_known")
        elif secrets is None or not secrets.covers("agent_bot"):
            signs = self._capabilities.signs_bot_webhooks
            self._add("secret", "warning" if signs else "ok", "path_token_though_signed" if signs else "path_token")
        elif bot.secret:
            self._secrets[SIGNING_KEY] = bot.secret
        else:
            self._add("secret", "failed", "secret_hidden", name=bot.name)


async def _answers(public: str) -> bool:
    """Whether our own gateway answers at the address, asked from here."""
    async with httpx.AsyncClient(timeout=_HEALTH_SECONDS, trust_env=False) as client:
        try:
            answer = await client.get(f"{public.rstrip('/')}/webhook/health")
        except (httpx.HTTPError, httpx.InvalidURL):
            return False
    return answer.status_code in (httpx.codes.OK, httpx.codes.SERVICE_UNAVAILABLE)
