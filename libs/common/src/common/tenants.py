"""A tenant's configuration: one YAML file, validated whole, split by who may read it.

The file holds the company's Chatwoot and Odoo credentials. On the broker they live in separate buckets, because a
bucket is the unit of read permission: the webhook service alone reads `tenant-chatwoot`, odoo_api alone `tenant-odoo`.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, HttpUrl, SecretStr, field_serializer, model_validator

from common.subjects import TENANT_PATTERN
from common.webhook_secrets import WebhookSecrets

Locale = Literal["pt-BR", "es", "en"]
_MODEL_PATTERN: Final = re.compile(r"^[a-z0-9][a-z0-9_-]*:[A-Za-z0-9][A-Za-z0-9._:/@-]*$")


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _tenant_name(value: str) -> str:
    if not TENANT_PATTERN.match(value):
        raise ValueError("must be 1-64 of a-z, 0-9 and '-', not starting or ending with '-'")
    return value


def _time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"unknown time zone {value!r}; use an IANA name like America/Sao_Paulo") from error
    return value


TenantName = Annotated[str, AfterValidator(_tenant_name)]
BaseUrl = Annotated[HttpUrl, Field(description="scheme, host, optional port and path, without a trailing slash")]
Secret = Annotated[SecretStr, Field(min_length=1)]


class WindowTemplate(_Section):
    """An approved WhatsApp template for a customer who wrote too long ago to be answered freely.

    `params` fill in its body by name or number; they and `text`, which shows in Chatwoot what the customer reads, may
    hold `{customer}`, `{assistant}` and `{reply}`.
    """

    name: Annotated[str, Field(min_length=1, max_length=512)]
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(_[A-Z]{2})?$")]
    category: Literal["UTILITY", "MARKETING"] = "UTILITY"
    params: dict[str, str] = Field(default_factory=dict)
    text: Annotated[str, Field(min_length=1)]


class ChatwootConnection(_Section):
    """How to reach the company's Chatwoot, and how it proves itself to us."""

    base_url: BaseUrl
    account_id: Annotated[int, Field(gt=0)]
    inbox_ids: tuple[int, ...] = ()
    bot_token: Secret
    user_token: Secret | None = None
    webhook_secret: WebhookSecrets | None = None
    """One secret, a list, or a mapping by kind of delivery: see `common.webhook_secrets`."""
    webhook_path_token: Annotated[SecretStr, Field(min_length=16)] | None = None
    reconcile_seconds: Annotated[float, Field(ge=0, le=3600)] = 60
    """How often Chatwoot is swept for what no webhook told; 0: never. Needs `user_token`."""

    window_template: WindowTemplate | None = None
    """Sent when the channel's 24 hours are over; without it a person gets the conversation."""

    @model_validator(mode="after")
    def _webhooks_are_authenticated(self) -> ChatwootConnection:
        if self.webhook_secret is None and self.webhook_path_token is None:
            raise ValueError("webhook_secret is missing; an old Chatwoot that cannot sign needs webhook_path_token")
        return self

    @field_serializer("bot_token", "user_token", "webhook_path_token", when_used="json")
    def _reveal(self, value: SecretStr | None) -> str | None:
        return value.get_secret_value() if value else None

    @property
    def url(self) -> str:
        """The base URL without a trailing slash."""
        return str(self.base_url).rstrip("/")


class OdooConnection(_Section):
    """How to reach the company's Odoo. `login` is for JSON-RPC (Odoo 18 and older)."""

    base_url: BaseUrl
    database: Annotated[str, Field(min_length=1)]
    login: str | None = None
    api_key: Secret
    key_expires_on: date | None = None
    """The day Odoo showed when the key was made: Odoo does not tell it to the key's holder, so alarms need it here."""
    portal_url: BaseUrl | None = None
    """Where customers reach the portal, when that is not `base_url`."""
    email_codes: bool = False
    """Have Odoo send a code to the e-mail on file, as a proof of identity. Odoo needs an outgoing mail server."""
    pull_products: bool = False
    """Read products from Odoo, for a company that cannot install the module."""
    pull_unpublished: bool = False
    """Also those that the online shop does not show, where that app is installed."""

    @field_serializer("api_key", when_used="json")
    def _reveal(self, value: SecretStr) -> str:
        return value.get_secret_value()

    @property
    def url(self) -> str:
        """The base URL without a trailing slash."""
        return str(self.base_url).rstrip("/")

    @property
    def customers_url(self) -> str:
        """Where links for customers begin, without a trailing slash."""
        return str(self.portal_url or self.base_url).rstrip("/")


class ModelPrice(_Section):
    """What a model costs, in US dollars for a million tokens; for models that public price lists do not know."""

    input: Annotated[float, Field(ge=0)]
    output: Annotated[float, Field(ge=0)]
    cached_input: Annotated[float, Field(ge=0)] | None = None
    """None: as `input`."""


class ModelProvider(_Section):
    """How to reach a model provider. What is left out comes from the hub's environment (OPENAI_API_KEY, ...)."""

    api_key: Secret | None = None
    base_url: BaseUrl | None = None
    """For another server with the provider's API; with an unknown provider name: one with OpenAI's API."""

    @field_serializer("api_key", when_used="json")
    def _reveal(self, value: SecretStr | None) -> str | None:
        return value.get_secret_value() if value else None


class ModelProviders(_Section):
    """The providers of a tenant's models, by the name that stands before the colon in `assistant.model`."""

    providers: dict[str, ModelProvider] = Field(default_factory=dict)


def _model_name(value: str) -> str:
    if value != "none" and not _MODEL_PATTERN.match(value):
        raise ValueError(f'{value!r} is no model: write "none" or "<provider>:<model>", e.g. "openai:gpt-5-mini"')
    return value


ModelName = Annotated[str, AfterValidator(_model_name)]


def _embedding_model(value: str) -> str:
    if value == "none":
        raise ValueError("leave `embeddings` out to search by words alone")
    return _model_name(value)


class Embeddings(_Section):
    """Vectors that find what means the same in other words, beside the search by words. Off where it is left out."""

    model: Annotated[str, AfterValidator(_embedding_model)]
    """E.g. "openai:text-embedding-3-small"; the provider as in `models.providers`, with OpenAI's API."""
    dimensions: Annotated[int, Field(ge=32, le=4096)] | None = None
    """Asked of the provider; None: as many as the model has. Fewer take less memory and time."""
    weight: Annotated[float, Field(ge=0, le=1)] = 0.25
    """What a place in the order by meaning counts for one in the order by words."""
    offer_from: Annotated[float, Field(gt=0, lt=1)] | None = None
    """Cosine similarity from which the responder without a model asks whether a rule was meant that shares no word with
    the question; None: never. It depends on the model: measure it."""
    question_prefix: Annotated[str, Field(max_length=200)] = ""
    item_prefix: Annotated[str, Field(max_length=200)] = ""
    """What some models want before a question and before a text, e.g. "query: " and "passage: "."""


class Assistant(_Section):
    """How the assistant behaves."""

    name: Annotated[str, Field(min_length=1, max_length=60)] = "Assistente"
    model: ModelName | Annotated[tuple[ModelName, ...], Field(max_length=5)] = "none"
    """One model, or a chain: the next one answers when one fails or the budget runs low."""
    instructions: Annotated[str, Field(max_length=4_000)] = ""
    """What a model should know besides: how to speak of the company, what to ask for. Facts belong into knowledge."""
    tone: Annotated[str, Field(max_length=200)] = ""
    emoji: Literal["none", "few", "many"] = "few"
    greeting: Annotated[str, Field(max_length=500)] = ""
    """How a model opens a conversation; empty: the company profile's greeting."""
    sign_off: Annotated[str, Field(max_length=500)] = ""
    """How it closes one; empty: the company profile's."""
    debounce_seconds: Annotated[float, Field(ge=0, le=60)] = 2
    transcript_wait_seconds: Annotated[float, Field(ge=0, le=120)] = 12
    """How long a recording waits for the transcript that some Chatwoots send after it; 0: do not wait."""
    monthly_budget_usd: Annotated[float, Field(ge=0)] = 50
    """What models may cost in a calendar month (of the tenant's time zone); then the built-in responder answers."""
    model_prices: dict[ModelName, ModelPrice] = Field(default_factory=dict)
    embeddings: Embeddings | None = None
    latest_answer_seconds: Annotated[float, Field(ge=60)] = 1800
    """A message that a sweep finds when it is older than this is left to a person: an answer would come too late."""

    @property
    def models(self) -> tuple[str, ...]:
        """The chain of models, best first; empty: the built-in responder answers."""
        chain = (self.model,) if isinstance(self.model, str) else self.model
        return tuple(each for each in chain if each != "none")


class LegacyModules(_Section):
    """How the Odoo modules of the unified server, where a company still has them, name it and sign."""

    account_id: Annotated[str, Field(min_length=1, max_length=100)]
    """Their `account_id`, e.g. `account_1`: requests of the tenant's keys must name it."""
    webhook_secret: Secret | None = None
    """Their `webhook_secret_key`; when it is given, a signature that is sent must fit."""

    @field_serializer("webhook_secret", when_used="json")
    def _reveal(self, value: SecretStr | None) -> str | None:
        return value.get_secret_value() if value else None


class TenantProfile(_Section):
    """What every service may know of a tenant: no credentials."""

    tenant: TenantName
    locale: Locale = "pt-BR"
    timezone: Annotated[str, AfterValidator(_time_zone)] = "America/Sao_Paulo"
    chatwoot_account_id: int
    chatwoot_inbox_ids: tuple[int, ...] = ()
    window_template: WindowTemplate | None = None
    has_odoo: bool = False
    email_codes: bool = False
    assistant: Assistant = Assistant()

    def answers_inbox(self, inbox_id: int) -> bool:
        """Whether the assistant is at work in this inbox; no list means all of the account's."""
        return not self.chatwoot_inbox_ids or inbox_id in self.chatwoot_inbox_ids


class TenantConfig(_Section):
    """One tenant file."""

    tenant: TenantName
    locale: Locale = "pt-BR"
    timezone: Annotated[str, AfterValidator(_time_zone)] = "America/Sao_Paulo"
    chatwoot: ChatwootConnection
    odoo: OdooConnection | None = None
    assistant: Assistant = Assistant()
    models: ModelProviders | None = None
    legacy: LegacyModules | None = None

    @property
    def profile(self) -> TenantProfile:
        """The part without credentials."""
        return TenantProfile(
            tenant=self.tenant,
            locale=self.locale,
            timezone=self.timezone,
            chatwoot_account_id=self.chatwoot.account_id,
            chatwoot_inbox_ids=self.chatwoot.inbox_ids,
            window_template=self.chatwoot.window_template,
            has_odoo=self.odoo is not None,
            email_codes=self.odoo is not None and self.odoo.email_codes,
            assistant=self.assistant,
        )
