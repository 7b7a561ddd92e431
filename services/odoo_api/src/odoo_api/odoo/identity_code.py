"""A code by e-mail, as a proof of identity: sent by Odoo to the address it has on file, and to no other.

The code is made of the command's key with a secret that only this service has, so it needs to be kept nowhere and
stands in no message between services.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Final

from common.odoo_answers import IdentityVerdict
from common.odoo_commands import OdooCommandResult, SendIdentityCode
from common.queries import VerifyCodeQuery
from common.tenants import Locale, OdooConnection
from odoo_api.odoo.client import OdooClient
from odoo_api.odoo.errors import OdooRefused, OdooUnavailable
from odoo_api.odoo.identity import email_of
from odoo_api.odoo.loads import WRITE_SECONDS, Columns, external_id, load_once
from odoo_api.odoo.outcome import Outcome
from odoo_api.odoo.values import Row, related_id, rows

CODE_LIFE: Final = timedelta(minutes=10)
"""From when it was sent; the hub counts from when it was asked for."""
PARTNER: Final = "res.partner"
TEMPLATE: Final = "mail.template"
_DIGITS: Final = 6
_MOST_READ: Final = 40
_SUBJECTS: Final[dict[Locale, str]] = {
    "pt-BR": "Seu código de confirmação",
    "es": "Su código de confirmación",
    "en": "Your confirmation code",
}
_BODIES: Final[dict[Locale, tuple[str, str]]] = {
    "pt-BR": (
        "Use este código na conversa para confirmar que é você. Ele vale por 10 minutos.",
        "Se você não pediu um código, ignore este e-mail e não passe o código a ninguém.",
    ),
    "es": (
        "Use este código en la conversación para confirmar que es usted. Vale por 10 minutos.",
        "Si no pidió un código, ignore este correo y no le dé el código a nadie.",
    ),
    "en": (
        "Type this code in the conversation to confirm that it is you. It is valid for 10 minutes.",
        "If you did not ask for a code, ignore this e-mail and tell the code to nobody.",
    ),
}


def code_of(connection: OdooConnection, tenant: str, key: str) -> str:
    """The six digits that belong to a command; whoever has not the tenant's API key cannot tell them."""
    digest = _keyed(connection, "code", f"{tenant}\0{key}")
    return f"{int.from_bytes(digest) % 10**_DIGITS:0{_DIGITS}d}"


def fingerprint(connection: OdooConnection, email: str) -> str:
    """Tells e-mails apart without telling them."""
    return _keyed(connection, "email", email).hex()[:32]


async def send_code(client: OdooClient, command: SendIdentityCode) -> Outcome | None:
    """Send it, if exactly one customer has the e-mail on file. Sent again, it is the same code.

    Returns:
        None: nobody has the e-mail on file, or several customers have; nothing was sent.

    Raises:
        OdooError: it was not sent, or that is not known.
    """
    partner = await _owner(client, email_of(command.email))
    if partner is None:
        return None
    template = await _template(client)
    try:
        await client.call(
            TEMPLATE,
            "send_mail",
            purpose="code",
            ids=[template],
            timeout=WRITE_SECONDS,
            res_id=int(partner["id"]),
            force_send=True,
            raise_exception=True,
            email_values=_email(client.connection, command, str(partner["email_normalized"])),
        )
    except (OdooUnavailable, OdooRefused) as error:
        if isinstance(error, OdooUnavailable) and error.is_outage:
            raise
        # What the mail server said may quote the address.
        raise OdooRefused("Odoo could not send the e-mail: has it an outgoing mail server and a sender?") from None
    return Outcome(model=PARTNER, record_id=int(partner["id"]), partner_id=int(partner["id"]))


async def verify_code(
    client: OdooClient, query: VerifyCodeQuery, result: OdooCommandResult | None, now: datetime
) -> IdentityVerdict:
    """Compare a code. Always compared, whether or not one was sent.

    Raises:
        OdooError: Odoo could not be asked who the customer is.
    """
    right = hmac.compare_digest(query.code, code_of(client.connection, query.tenant, query.key))
    if result is None or result.command != SendIdentityCode.type_name():
        return IdentityVerdict(outcome="no_match")
    if result.outcome == "failed":
        return IdentityVerdict(outcome="nothing_on_file")
    if not right or result.partner_id is None or now - result.finished_at > CODE_LIFE:
        return IdentityVerdict(outcome="no_match")
    found = await _read(client, [["id", "=", result.partner_id]])
    if not found:
        return IdentityVerdict(outcome="no_match")
    customer = _customer(found[0])
    return IdentityVerdict(outcome="verified", partner_id=result.partner_id, customer_id=customer, proof="email")


def _keyed(connection: OdooConnection, purpose: str, text: str) -> bytes:
    secret = connection.api_key.get_secret_value().encode()
    return hmac.new(secret, f"odoo-ai identity {purpose}\0{text}".encode(), hashlib.sha256).digest()


async def _owner(client: OdooClient, email: str) -> Row | None:
    """The partner to write to; None when nobody has the e-mail, or several customers have."""
    found = await _read(client, [["email_normalized", "=", email]])
    return found[0] if len({_customer(each) for each in found}) == 1 else None


async def _read(client: OdooClient, domain: list[object]) -> list[Row]:
    fields = ["commercial_partner_id", "email_normalized"]
    return rows(
        await client.call(
            PARTNER, "search_read", purpose="code", domain=domain, fields=fields, limit=_MOST_READ, order="id"
        )
    )


def _customer(row: Row) -> int:
    return related_id(row.get("commercial_partner_id")) or int(row["id"])


async def _template(client: OdooClient) -> int:
    """The template to send with, one for each API key: an employee may not load what another user made.

    It holds no text: that comes with each sending.
    """
    mark = fingerprint(client.connection, "template")
    name = f"Odoo AI: identity code {mark[:8]}"

    async def find() -> int | None:
        # By its name: a `load` of the external id alone would make an empty template.
        found = await client.call(TEMPLATE, "search", purpose="code", domain=[["name", "=", name]], limit=1)
        return int(found[0]) if found else None

    values: dict[str, object] = {"name": name, "model_id/id": "base.model_res_partner", "auto_delete": "1"}
    return await load_once(client, "code", TEMPLATE, external_id("template", "", mark), Columns.of(values), find)


def _email(connection: OdooConnection, command: SendIdentityCode, address: str) -> dict[str, object]:
    """What makes the template an e-mail. Whomever somebody may have written into the template, nobody else gets it."""
    use, ignore = _BODIES[command.language]
    code = code_of(connection, command.tenant, command.key)
    return {
        "subject": _SUBJECTS[command.language],
        "body_html": f"<p>{use}</p><p>{code}</p><p>{ignore}</p>",
        "email_to": address,
        "email_cc": False,
        "recipient_ids": [],
        "auto_delete": True,
    }
