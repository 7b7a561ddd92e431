"""What the demo needs beside the services: a folder of its own, a company, secrets, and the stand-ins' settings."""

from __future__ import annotations

import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from cli.stack import lock
from common.tenant_files import load_tenant_files
from common.tenants import TenantConfig

TENANT = "demo"
_SECRETS = ("DEMO_BOT_TOKEN", "DEMO_USER_TOKEN", "DEMO_WEBHOOK_SECRET", "DEMO_ODOO_API_KEY")

_TENANT_FILE = """\
# Made by `odoo-ai demo`; its secrets are made anew with every start.
tenant: demo
locale: pt-BR
timezone: America/Sao_Paulo
chatwoot:
  base_url: http://127.0.0.1:{port}/chatwoot
  account_id: 1
  inbox_ids: [1]
  bot_token: ${{DEMO_BOT_TOKEN}}
  user_token: ${{DEMO_USER_TOKEN}}
  webhook_secret: ${{DEMO_WEBHOOK_SECRET}}
odoo:
  base_url: http://127.0.0.1:{port}/odoo
  database: demo
  api_key: ${{DEMO_ODOO_API_KEY}}
assistant:
  name: Lia
  model: none
  debounce_seconds: 2
"""


@dataclass(frozen=True)
class DemoWorld:
    """The demo's folder with everything in it."""

    data_dir: Path
    secrets: dict[str, str]
    tenants: dict[str, TenantConfig]

    def simulator_environment(self, gateway_url: str) -> dict[str, str]:
        """The settings of the stand-ins: the same secrets, and where the bot's webhooks go."""
        return {
            "SIMULATOR_WEBHOOK_URL": f"{gateway_url}/webhook/chatwoot/{TENANT}",
            "SIMULATOR_WEBHOOK_SECRET": self.secrets["DEMO_WEBHOOK_SECRET"],
            "SIMULATOR_BOT_TOKEN": self.secrets["DEMO_BOT_TOKEN"],
            "SIMULATOR_USER_TOKEN": self.secrets["DEMO_USER_TOKEN"],
            "SIMULATOR_ODOO_API_KEY": self.secrets["DEMO_ODOO_API_KEY"],
        }


def prepare(data_dir: Path, simulator_port: int) -> DemoWorld:
    """Make the folder, fresh: the stand-ins forget everything when they stop, and count conversations from 1 again.

    Raises:
        ConfigurationError: another demo is running on it.
    """
    held = lock(data_dir)
    try:
        _empty(data_dir)
        made = {name: secrets.token_urlsafe(24) for name in _SECRETS}
        tenants_dir = data_dir / "config" / "tenants"
        tenants_dir.mkdir(parents=True, exist_ok=True)
        (tenants_dir / f"{TENANT}.yaml").write_text(_TENANT_FILE.format(port=simulator_port))
    finally:
        os.close(held)
    return DemoWorld(data_dir, made, load_tenant_files(data_dir / "config", made))


def _empty(data_dir: Path) -> None:
    for each in data_dir.iterdir():
        if each.name != "run":
            shutil.rmtree(each) if each.is_dir() else each.unlink()
