"""`odoo-ai odoo check` in words: what an examination of a tenant's Odoo found, in the operator's language."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

from cli.findings import Finding
from common.tenants import Locale, TenantConfig
from odoo_api.app import client_policy
from odoo_api.odoo.client import OdooClient
from odoo_api.odoo.examination import Observation, examine
from odoo_api.settings import OdooApiSettings

_LANGUAGES: Final[dict[Locale, str]] = {"pt-BR": "pt_BR", "es": "es_ES", "en": "en_US"}


async def check_odoo(config: TenantConfig, locale: Locale, today: date) -> list[Finding]:
    """Examine a tenant's Odoo; none configured is one finding."""
    if config.odoo is None:
        return [_finding(config.tenant, Observation("not_configured", "ok"), locale)]
    client = OdooClient(config.odoo, client_policy(OdooApiSettings()), user_agent="odoo-ai/check")
    try:
        found = await examine(client, _LANGUAGES[config.locale], today)
    finally:
        await client.close()
    return [_finding(config.tenant, each, locale) for each in found]


def _finding(tenant: str, observation: Observation, locale: Locale) -> Finding:
    texts = _texts(locale)[observation.code]
    values = observation.values
    return Finding(
        f"{tenant} Odoo {texts['subject']}".strip(),
        observation.status,
        texts["detail"].format(**values),
        "" if observation.status == "ok" else texts["mend"].format(**values),
    )


@cache
def _texts(locale: Locale) -> dict[str, dict[str, str]]:
    source = files("cli") / "texts" / f"odoo_check.{locale}.toml"
    texts: dict[str, dict[str, str]] = tomllib.loads(source.read_text(encoding="utf-8"))
    return texts
