"""Telling a Chatwoot where its webhooks go, and putting it back."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cli.chatwoot_admin import ChatwootAdmin, ChatwootRefused, Webhook
from common.tenants import ChatwootConnection

SUBSCRIPTIONS = (
    "conversation_created",
    "conversation_status_changed",
    "conversation_updated",
    "message_created",
    "message_updated",
)


@dataclass(frozen=True)
class Pointed:
    """What was changed, so that it can be put back."""

    what: str
    url: str
    previous_url: str | None
    """None: there was nothing before."""
    bot_id: int | None = None
    webhook: Webhook | None = None
    new_secret: str | None = None
    """A new account webhook signs with a secret of its own; None: the secret is the one it was."""


def webhook_path(tenant: str, connection: ChatwootConnection) -> str:
    """Where the tenant's webhooks arrive."""
    path = f"/webhook/chatwoot/{tenant}"
    if connection.webhook_secret is None and connection.webhook_path_token is not None:
        path += f"/{connection.webhook_path_token.get_secret_value()}"
    return path


async def point(admin: ChatwootAdmin, tenant: str, url: str) -> Pointed:
    """Send the tenant's webhooks to `url`: those of its bot, or of the account when the bot is not to be seen.

    What Chatwoot says afterwards counts, not that it accepted the change.

    Raises:
        ChatwootRefused: it cannot be asked, or did not do it.
    """
    bot = await admin.own_bot()
    if bot is not None:
        changed = await admin.set_bot_url(bot.id, url)
        if changed.outgoing_url != url:
            raise ChatwootRefused(f"bot {bot.name!r} still has the address {changed.outgoing_url}")
        return Pointed(f"bot {bot.name!r}", url, bot.outgoing_url, bot_id=bot.id)
    found = _ours(await admin.webhooks(), tenant)
    if found is None:
        created = await admin.create_webhook(_name(tenant), url, SUBSCRIPTIONS)
        return Pointed("a new account webhook", url, None, webhook=created, new_secret=created.secret)
    moved = await _move(admin, found, url)
    secret = moved.secret if moved.secret != found.secret else None
    return Pointed("the account webhook", url, found.url, webhook=moved, new_secret=secret)


async def restore(admin: ChatwootAdmin, pointed: Pointed) -> Pointed:
    """Put back what `point` changed.

    Raises:
        ChatwootRefused: it cannot be asked, or did not do it.
    """
    if pointed.bot_id is not None:
        if pointed.previous_url:
            await admin.set_bot_url(pointed.bot_id, pointed.previous_url)
    elif pointed.webhook is not None and pointed.previous_url is None:
        await admin.delete_webhook(pointed.webhook.id)
    elif pointed.webhook is not None and pointed.previous_url:
        moved = await _move(admin, pointed.webhook, pointed.previous_url)
        return replace(pointed, webhook=moved, new_secret=moved.secret)
    return pointed


async def _move(admin: ChatwootAdmin, webhook: Webhook, url: str) -> Webhook:
    if webhook.url == url:
        return webhook
    changed = await admin.update_webhook(webhook, url)
    if changed.url == url:
        return changed
    # Chatwoot 3.13 and its forks accept a new address and ignore it. First the new one, then away with the old: at no
    # moment is there none.
    created = await admin.create_webhook(webhook.name, url, webhook.subscriptions or SUBSCRIPTIONS)
    await admin.delete_webhook(webhook.id)
    return created


def _ours(webhooks: list[Webhook], tenant: str) -> Webhook | None:
    """By name, or by an address of ours: one made by hand usually has no name."""
    path = f"/webhook/chatwoot/{tenant}"
    named = (each for each in webhooks if each.name == _name(tenant))
    addressed = (each for each in webhooks if f"{each.url}/".find(f"{path}/") > 0)
    return next(named, None) or next(addressed, None)


def _name(tenant: str) -> str:
    return f"odoo-ai {tenant}"
