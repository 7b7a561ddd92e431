"""What the hub orders in Odoo: commands that are carried out once per key, and the record of what came of each.

The key names the effect, not the attempt: `<turn id>:lead`, `<conversation>:quotation:<hash of the cart>`. The same
key always means the same record in Odoo, however often and by however many processes it is carried out. The result
stands in the bucket `odoo-results` under the tenant and key; `common.nats.odoo_orders` submits and reads.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, model_validator

from common import subjects
from common.message import Frozen, Message, MessageRegistry
from common.query_answers import QueryErrorCode
from common.tenants import Locale

CommandKey = Annotated[str, Field(min_length=1, max_length=200)]
Line = Annotated[str, Field(max_length=500)]
Body = Annotated[str, Field(max_length=20_000)]
RecordModel: TypeAlias = Literal["crm.lead", "sale.order", "res.partner"]


class OdooCommand(Message):
    """What every command has."""

    tenant: str
    key: CommandKey
    turn_id: str
    conversation_id: int
    issued_at: datetime

    @property
    def subject(self) -> str:
        """Where the command is published."""
        return subjects.odoo_command(self.tenant, self.key)

    @property
    def result_key(self) -> str:
        """Where its result is kept."""
        return result_key(self.tenant, self.key)


class Person(Frozen):
    """Who it is for: a partner of Odoo's, or what is known of somebody new."""

    partner_id: int | None = None
    name: Line = ""
    company: Line = ""
    phone: Line = ""
    email: Line = ""


class Record(Frozen):
    """A record in Odoo: by id, or as the one that the command with `key` creates."""

    model: RecordModel
    id: int | None = None
    key: str | None = None

    @model_validator(mode="after")
    def _names_one(self) -> Record:
        if (self.id is None) == (self.key is None):
            raise ValueError("a record is named by its id or by the key of the command that creates it")
        return self


class CreateLead(OdooCommand):
    """Create a lead (CRM). `description` is plain text."""

    title: Annotated[str, Field(min_length=1, max_length=500)]
    person: Person
    description: Body = ""
    conversation_link: str = ""
    """Where a salesperson reads the conversation."""


class QuotationLine(Frozen):
    """What and how much. Odoo sets price, discount and taxes."""

    product_id: int
    quantity: Annotated[Decimal, Field(gt=0)]


class CreateQuotation(OdooCommand):
    """Create a draft sale.order: never confirmed, never sent, by the system.

    Without `partner_id` the person needs a name and a phone or an e-mail, and is created once, under the same key.
    """

    person: Person
    lines: Annotated[tuple[QuotationLine, ...], Field(min_length=1, max_length=100)]
    note: Body = ""
    pricelist_id: int | None = None

    @model_validator(mode="after")
    def _person_can_be_created(self) -> CreateQuotation:
        person = self.person
        if person.partner_id is None and not (person.name and (person.phone or person.email)):
            raise ValueError("a quotation needs partner_id, or a name with a phone or an e-mail")
        return self


class AddNote(OdooCommand):
    """Write an internal note on a record. Plain text; customers never see it."""

    record: Record
    text: Annotated[str, Field(min_length=1, max_length=20_000)]


class ScheduleActivity(OdooCommand):
    """Put a to-do on a record for a person of the company. `user_id` None: whoever is responsible for the record."""

    record: Record
    summary: Annotated[str, Field(min_length=1, max_length=500)]
    note: Body = ""
    due_on: date
    activity: Literal["todo", "call", "email", "meeting"] = "todo"
    user_id: int | None = None


class SendIdentityCode(OdooCommand):
    """Have Odoo send a code of six digits to an e-mail, if exactly one customer has it on file; else send nothing.

    The code is in no message and is kept nowhere: odoo_api makes it of the key and a secret of the tenant, when it is
    sent and when it is compared (`common.queries.VerifyCodeQuery`). The result is `done` in either case, and tells the
    hub nothing about the e-mail but whether the customer can be proved by it later.
    """

    email: Annotated[str, Field(min_length=3, max_length=254)]
    language: Locale
    expires_at: datetime
    """Nothing is sent from then on, and no code is right any more."""


class OdooCommandResult(Message):
    """What came of a command. `failed` can turn into `done` when its dead letter is replayed; `done` stays."""

    tenant: str
    key: str
    command: str
    """The command's type name."""
    outcome: Literal["done", "failed"]
    finished_at: datetime
    model: str = ""
    record_id: int | None = None
    reference: str = ""
    """How people call the record: `S00042`, or a lead's title."""
    link: str = ""
    """The record in Odoo's own screens: for people of the company."""
    portal_link: str = ""
    """The customer's page of a quotation."""
    partner_id: int | None = None
    total: Decimal | None = None
    currency: str = ""
    error: QueryErrorCode | None = None
    message: str = ""


def result_key(tenant: str, key: str) -> str:
    """Key of a result in the bucket `odoo-results`."""
    return f"{tenant}.{subjects.token(key)}"


ODOO_COMMANDS: MessageRegistry[OdooCommand] = MessageRegistry(
    "Odoo command", CreateLead, CreateQuotation, AddNote, ScheduleActivity, SendIdentityCode
)
ODOO_RESULTS: MessageRegistry[OdooCommandResult] = MessageRegistry("Odoo result", OdooCommandResult)
