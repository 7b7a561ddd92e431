"""What the simulator reads from its environment."""

from __future__ import annotations

from pydantic import Field, SecretStr

from common.settings import ServiceSettings


class SimulatorSettings(ServiceSettings):
    """Settings of the simulator, and the account, inbox and database it starts with.

    More accounts and databases are added through the control API.
    """

    simulator_port: int = 8004
    simulator_public_url: str = ""
    """Where others reach this process; empty: `http://<host>:<port>`."""
    simulator_webhook_url: str = ""
    """Where the bot's webhooks go; empty: none are sent."""
    simulator_account_webhook_url: str = ""
    simulator_webhook_secret: SecretStr = SecretStr("simulated-bot-webhook-secret")
    simulator_account_webhook_secret: SecretStr | None = None
    """The account webhook's own secret; unset: the bot's."""
    simulator_bot_token: SecretStr = SecretStr("simulated-bot-token")
    simulator_user_token: SecretStr = SecretStr("simulated-user-token")
    simulator_account_id: int = Field(default=1, gt=0)
    simulator_inbox_id: int = Field(default=1, gt=0)
    simulator_odoo_database: str = "demo"
    simulator_odoo_login: str = "assistente@casajabuticaba.example"
    simulator_odoo_api_key: SecretStr = SecretStr("simulated-odoo-api-key")
    simulator_odoo_series: int = Field(default=19, ge=17, le=20)
    simulator_chatwoot_version: str = "4.18.0"
    simulator_webhook_timeout: float = Field(default=5.0, gt=0)
    simulator_webhook_retry_wait: float = Field(default=3.0, ge=0)
    simulator_webhook_threads: int = Field(default=10, ge=1)
    """Deliveries of one account under way at once."""
    simulator_delivery_seconds: float = Field(default=0.15, ge=0)
    """How long WhatsApp takes for each step: accepted, delivered."""
    simulator_read_seconds: float | None = Field(default=None, ge=0)
    """When the customer reads; unset: never, as with receipts switched off."""
    simulator_fault_seed: int | None = None
