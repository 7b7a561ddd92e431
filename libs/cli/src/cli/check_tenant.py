"""Checks of one tenant: its Chatwoot, its Odoo, its model, its embeddings."""

from __future__ import annotations

from datetime import UTC, datetime

from cli.chatwoot_admin import Bot, ChatwootAdmin, ChatwootRefused
from cli.check_embeddings import check_embeddings
from cli.check_model import check_models
from cli.findings import Finding, attempt, failed, fine, warning
from cli.odoo_check import check_odoo
from cli.public_address import addresses_of, not_public
from common.tenants import ChatwootConnection, TenantConfig
from webhook.capabilities import capabilities_of, missing_gates


async def check_tenant(config: TenantConfig) -> list[Finding]:
    """All checks of a tenant."""
    name = config.tenant
    reach = "is chatwoot.base_url right, and can this machine reach it?"
    findings = await attempt(f"{name} Chatwoot", reach, lambda: _chatwoot(name, config.chatwoot))
    of_odoo = await check_odoo(config, "en", datetime.now(UTC).date())
    # What works in detail is for `odoo-ai odoo check`.
    findings += [each for number, each in enumerate(of_odoo) if number == 0 or each.status != "ok"]
    return [*findings, *await check_models(config), *await check_embeddings(config)]


async def _chatwoot(name: str, connection: ChatwootConnection) -> list[Finding]:
    async with ChatwootAdmin(connection) as admin:
        version = await admin.version()
        findings = _version(name, version, connection)
        if await admin.bot_token_works():
            findings.append(fine(f"{name} Chatwoot bot", f"its token works in account {connection.account_id}"))
        else:
            findings.append(
                failed(
                    f"{name} Chatwoot bot",
                    f"its token is refused in account {connection.account_id}",
                    "set chatwoot.bot_token to the bot's access token (Settings > Bots), and check chatwoot.account_id",
                )
            )
        return findings + await _as_user(name, connection, admin)


def _version(name: str, version: str, connection: ChatwootConnection) -> list[Finding]:
    subject = f"{name} Chatwoot"
    can, secrets = capabilities_of(version), connection.webhook_secret
    features = _features(name, version)
    if secrets is not None and secrets.covers("agent_bot") and not can.signs_bot_webhooks:
        trouble = failed(
            subject,
            f"version {version} does not sign a bot's webhooks, so webhook_secret refuses them all",
            "update Chatwoot to 4.13 or newer, or use webhook_path_token instead of webhook_secret",
        )
        return [trouble, features]
    if secrets is None and can.signs_bot_webhooks:
        unasked = warning(
            subject, f"version {version} can sign, but is not asked to", "set webhook_secret to the bot's secret"
        )
        return [unasked, features]
    return [fine(subject, f"version {version} at {connection.url}"), features]


def _features(name: str, version: str) -> Finding:
    """What this version cannot do yet; none of it is needed, all of it is made up for."""
    subject, can = f"{name} Chatwoot features", capabilities_of(version)
    if can.bot_token_endpoints_are_broken:
        return warning(subject, f"version {version} answers calls to labels with 500", "update Chatwoot to 4.16.1")
    if can.version is None:
        return warning(subject, f"version {version!r} is not known", "what depends on the version is not used")
    lacking = [f"{gate.replace('_', ' ')} ({'.'.join(map(str, since))})" for gate, since in missing_gates(can)]
    return fine(subject, f"come with later versions: {', '.join(lacking)}" if lacking else "all that we use")


async def _as_user(name: str, connection: ChatwootConnection, admin: ChatwootAdmin) -> list[Finding]:
    subject = f"{name} Chatwoot user"
    if connection.user_token is None:
        return [
            warning(
                subject,
                "no user_token: lost webhooks are not found, an unclear outcome of a reply cannot be looked up, "
                "and settings cannot be checked",
                "set chatwoot.user_token to the access token of a user (Profile settings)",
            )
        ]
    try:
        role = await admin.role()
    except ChatwootRefused as error:
        return [failed(subject, str(error), "set chatwoot.user_token to a valid access token")]
    if role is None:
        return [failed(subject, f"the user is not in account {connection.account_id}", "add the user to the account")]
    bot = await admin.own_bot() if role == "administrator" else None
    findings = [fine(subject, f"its token works, role {role}"), *await _inboxes(name, connection, admin, bot)]
    return findings + ([await _bot_address(name, bot, connection, admin)] if bot else [])


async def _inboxes(name: str, connection: ChatwootConnection, admin: ChatwootAdmin, bot: Bot | None) -> list[Finding]:
    subject = f"{name} Chatwoot inboxes"
    there = await admin.inbox_ids()
    absent = [str(each) for each in connection.inbox_ids if each not in there]
    if absent:
        known = ", ".join(map(str, sorted(there))) or "none"
        return [failed(subject, f"not there: {', '.join(absent)}", f"mend chatwoot.inbox_ids; there are: {known}")]
    wanted = connection.inbox_ids or tuple(sorted(there))
    linked = {each: await admin.inbox_bot_id(each) for each in wanted}
    without = [str(each) for each, bot_id in linked.items() if bot_id is None]
    connect = f"`odoo-ai chatwoot setup {name}`, or: Settings > Inboxes > the inbox > Bot configuration"
    if without:
        return [warning(subject, f"no bot is connected with: {', '.join(without)}", connect)]
    others = [str(each) for each, bot_id in linked.items() if bot is not None and bot_id != bot.id]
    if others:
        return [warning(subject, f"another bot is connected with: {', '.join(others)}", f"{connect} (--replace-bot)")]
    return [fine(subject, f"a bot is connected with: {', '.join(map(str, wanted))}")]


async def _bot_address(name: str, bot: Bot, connection: ChatwootConnection, admin: ChatwootAdmin) -> Finding:
    subject, path = f"{name} Chatwoot webhooks", f"/webhook/chatwoot/{name}"
    secret = connection.webhook_secret
    if bot.secret and secret is not None and not secret.knows("agent_bot", bot.secret):
        return failed(
            subject, "webhook_secret is not the bot's secret: all its webhooks would be refused", "copy it from the bot"
        )
    if f"{bot.outgoing_url}/".find(f"{path}/") < 0:
        shown = bot.outgoing_url or "nowhere"
        return failed(
            subject,
            f"the bot sends to {shown}",
            f"set its webhook URL to https://<your host>{path}, or run `odoo-ai chatwoot setup {name}`",
        )
    if capabilities_of(await admin.version()).refuses_private_addresses and not_public(
        bot.outgoing_url, await addresses_of(bot.outgoing_url)
    ):
        return warning(
            subject,
            "the bot sends here, to an address that is not public: Chatwoot refuses it unless told otherwise",
            "set SAFE_FETCH_ALLOW_PRIVATE_NETWORK=true for Chatwoot's rails and sidekiq, or use a public address",
        )
    return fine(subject, "the bot sends here, with the secret we know")
