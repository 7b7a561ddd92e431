"""What every Odoo has to do with codes by e-mail: the simulated one and a real one run the same tests."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from support.odoo_contract import OdooWorld, now

from common.odoo_commands import OdooCommandResult, SendIdentityCode
from common.queries import VerifyCodeQuery
from odoo_api.odoo.errors import OdooRefused
from odoo_api.odoo.identity_code import code_of, send_code, verify_code


def identity_code(key: str, email: str) -> SendIdentityCode:
    return SendIdentityCode(
        tenant="acme",
        key=key,
        turn_id="turn",
        conversation_id=42,
        issued_at=now(),
        email=email,
        language="pt-BR",
        expires_at=now() + timedelta(minutes=10),
    )


class IdentityCodeContract:
    """Beside `OdooContract`, with the same fixtures."""

    async def test_a_code_goes_to_the_email_on_file_and_to_no_other(self, world: OdooWorld, key: str) -> None:
        shop, odoo = world.shop, world.connect()

        async with world.mailbox() as mails:
            sent = await send_code(odoo, identity_code(key, shop.email.upper()))
            for template in await world.rows("mail.template", [["name", "ilike", "Odoo AI: identity code"]], ["name"]):
                await world.write("mail.template", template["id"], email_cc="colleague@loja.example")
            again = await send_code(odoo, identity_code(key, shop.email))
            unknown = await send_code(odoo, identity_code(key, f"x{shop.email}"))

        code = code_of(odoo.connection, "acme", key)
        assert sent == again
        assert sent is not None
        assert sent.partner_id == shop.customer
        assert unknown is None
        assert [mail.to for mail in mails] == [(shop.email,)] * 2
        assert all(code in mail.text.split() for mail in mails)
        assert mails[0].subject == "Seu código de confirmação"

    async def test_a_code_that_was_sent_proves_who_the_customer_is(self, world: OdooWorld, key: str) -> None:
        shop, odoo = world.shop, world.connect()
        code = code_of(odoo.connection, "acme", key)
        result = OdooCommandResult(
            tenant="acme",
            key=key,
            command="SendIdentityCode",
            outcome="done",
            finished_at=now(),
            partner_id=shop.customer,
        )

        async def outcome(typed: str, result: OdooCommandResult | None, at: datetime) -> str:
            verdict = await verify_code(odoo, VerifyCodeQuery(tenant="acme", key=key, code=typed), result, at)
            assert (verdict.partner_id == verdict.customer_id == shop.customer) is verdict.verified
            return verdict.outcome

        nobody = result.model_copy(update={"partner_id": None})
        other = result.model_copy(update={"command": "CreateLead"})
        failed = result.model_copy(update={"outcome": "failed", "partner_id": None})
        wrong = f"{(int(code) + 1) % 1_000_000:06d}"
        assert await outcome(code, result, now()) == "verified"
        assert await outcome(wrong, result, now()) == "no_match"
        assert await outcome(code, nobody, now()) == "no_match"
        assert await outcome(code, other, now()) == "no_match"
        assert await outcome(code, None, now()) == "no_match"
        assert await outcome(code, failed, now()) == "nothing_on_file"
        assert await outcome(code, result, now() + timedelta(minutes=11)) == "no_match"

    async def test_an_odoo_without_a_mail_server_refuses_to_send_and_names_nobody(
        self, world: OdooWorld, key: str
    ) -> None:
        with pytest.raises(OdooRefused, match="outgoing mail server") as refused:
            await send_code(world.connect(), identity_code(key, world.shop.email))

        assert world.shop.email not in str(refused.value)
