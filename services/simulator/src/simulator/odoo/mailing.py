"""`mail.template.send_mail`: the one way by which an ordinary user sends an e-mail, with Odoo's refusals."""

from __future__ import annotations

from typing import Any, Final

from simulator.company.records import Row
from simulator.odoo.errors import OdooError, missing_error, value_error
from simulator.odoo.methods import Call

_MAIL_FIELDS: Final = frozenset(
    {
        "subject",
        "body_html",
        "email_from",
        "email_to",
        "email_cc",
        "recipient_ids",
        "auto_delete",
        "reply_to",
    }
)
_DELIVERY_FAILED: Final = "odoo.addons.base.models.ir_mail_server.MailDeliveryException"


def send_mail(call: Call) -> int:
    """Send one e-mail about a record; answers the id that its `mail.mail` had."""
    database, values = call.database, dict(call.arguments.get("email_values") or {})
    template = database.table(call.model).get((call.ids or [0])[0])
    if template is None:
        raise missing_error(call.model, (call.ids or [0])[0])
    about = int(call.arguments["res_id"])
    if about not in database.table(str(template["model_id"])):
        raise missing_error(str(template["model_id"]), about)
    for name in values:
        if name not in _MAIL_FIELDS:
            raise value_error(f"Invalid field {name!r} in 'mail.mail'")
    if not database.outgoing_mail_server and call.arguments.get("raise_exception"):
        text = "Unable to connect to SMTP Server\n[Errno 111] Connection refused"
        raise OdooError(500, _DELIVERY_FAILED, text)
    if database.outgoing_mail_server and call.arguments.get("force_send"):
        database.sent_mails.append(
            {"to": _recipients(call, template, values), "subject": "", "body_html": "", **values}
        )
    return len(database.sent_mails)


def _recipients(call: Call, template: Row, values: Row) -> list[Any]:
    """What the call does not say is taken from the template."""
    partners = call.database.table("res.partner")
    written = {"email_cc": template.get("email_cc"), "recipient_ids": [], **values}
    addresses = [written.get("email_to"), written["email_cc"]]
    return [*filter(None, addresses), *(partners[each]["email"] for each in written["recipient_ids"])]
