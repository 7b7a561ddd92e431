"""What several hubs keep together: the budget, the lock-out of an identity, and how often a contact may ask."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from nats.aio.client import Client
from support.hub_core import broker
from support.hub_world import CUSTOMER, START, TENANT

from common.errors import QueryFailed
from common.nats.bucket import Bucket
from common.nats.topology import BUCKET_BUDGETS, BUCKET_CONTACTS
from common.odoo_answers import IdentityOutcome, IdentityVerdict
from common.tenants import Assistant
from hub.answering import CustomerMessage, TurnInput
from hub.budget import Budget
from hub.contact_pace import PER_HOUR, ContactPace
from hub.identity import IdentityDesk
from hub.identity_code import PendingCode

pytestmark = [pytest.mark.broker, pytest.mark.asyncio(loop_scope="module")]
FIVE_DOLLARS = TENANT.model_copy(update={"assistant": Assistant(model="a:b", monthly_budget_usd=5)})


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def nc(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    async with broker(Path(tmp_path_factory.mktemp("nats"))) as (_, connection):
        yield connection


def turn(conversation_id: int = 25, contact_id: int = 7, minutes: float = 0, **more: Any) -> TurnInput:
    now = START + timedelta(minutes=minutes)
    return TurnInput(
        tenant=TENANT,
        messages=(CustomerMessage(message_id=1, text="cadê meu pedido?", at=now),),
        contact=CUSTOMER.model_copy(update={"id": contact_id}),
        now=now,
        conversation_id=conversation_id,
        **more,
    )


async def test_many_hubs_at_once_never_reserve_more_than_the_budget(nc: Client) -> None:
    hubs = [Budget(Bucket(nc, BUCKET_BUDGETS)) for _ in range(3)]

    granted = await asyncio.gather(
        *(hubs[n % 3].reserve(FIVE_DOLLARS, f"call-{n}", Decimal("0.4"), START) for n in range(30))
    )

    assert sum(granted) == 12
    assert await hubs[0].share(FIVE_DOLLARS, START) == Decimal("0.96")
    await asyncio.gather(
        *(hubs[n % 3].settle(FIVE_DOLLARS, f"call-{n}", Decimal("0.1"), START) for n in range(30) if granted[n])
    )
    assert await hubs[1].share(FIVE_DOLLARS, START) == Decimal("0.24")


async def test_a_new_month_begins_at_midnight_of_the_tenant_and_a_lost_call_counts_as_spent(nc: Client) -> None:
    budget = Budget(Bucket(nc, BUCKET_BUDGETS))
    tenant = FIVE_DOLLARS.model_copy(update={"tenant": "other"})
    late = START.replace(month=12, day=1, hour=2)

    assert await budget.reserve(tenant, "lost", Decimal(4), late)
    assert not await budget.reserve(tenant, "next", Decimal(2), late + timedelta(hours=0.5))
    assert await budget.share(tenant, START) == Decimal("0.8")
    assert await budget.reserve(tenant, "next", Decimal(4), late + timedelta(hours=2))


class Odoo:
    """Compares as told."""

    def __init__(self, *outcomes: IdentityOutcome | QueryFailed) -> None:
        self.outcomes = list(outcomes)
        self.asked = 0
        self.claims: list[str] = []
        self.sent: list[tuple[str, str]] = []

    async def verify_identity(self, turn: TurnInput, claim: str, order_reference: str | None) -> IdentityVerdict:
        self.asked += 1
        self.claims.append(claim)
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, QueryFailed):
            raise outcome
        proved = 70 if outcome == "verified" else None
        return IdentityVerdict(outcome=outcome, partner_id=proved, customer_id=proved)

    async def send_code(self, turn: TurnInput, email: str, code: PendingCode) -> None:
        self.sent.append((email, code.key))

    async def verify_code(self, turn: TurnInput, key: str, code: str) -> IdentityVerdict:
        return await self.verify_identity(turn, f"{key} {code}", None)


async def test_three_failures_lock_the_contact_in_every_conversation_for_an_hour(nc: Client) -> None:
    odoo = Odoo("no_match", "no_match", "no_match", "verified")
    desks = [IdentityDesk(Bucket(nc, BUCKET_CONTACTS), odoo) for _ in range(2)]

    outcomes = [await desks[n % 2].prove(turn(conversation_id=25 + n, minutes=n), "000") for n in range(4)]
    later = await desks[0].prove(turn(minutes=70), "529.982.247-25")

    assert outcomes == ["no_match", "no_match", "no_match", "locked"]
    assert later == "verified"
    assert odoo.asked == 4
    customer = await desks[1].customer(turn(minutes=80))
    assert customer is not None
    assert customer.partner_id == 70


async def test_what_was_proved_holds_in_its_conversation_for_an_hour(nc: Client) -> None:
    desk = IdentityDesk(Bucket(nc, BUCKET_CONTACTS), Odoo("verified"))

    assert await desk.prove(turn(contact_id=8), "529.982.247-25") == "verified"

    assert await desk.customer(turn(contact_id=8, minutes=59)) is not None
    assert await desk.customer(turn(contact_id=8, minutes=61)) is None
    assert await desk.customer(turn(contact_id=8, conversation_id=26)) is None
    assert await desk.customer(turn(contact_id=9)) is None


async def test_attempts_that_compared_nothing_do_not_count(nc: Client) -> None:
    away = QueryFailed("unavailable", "no answer")
    desk = IdentityDesk(Bucket(nc, BUCKET_CONTACTS), Odoo("unreadable", away, "too_short", "no_candidate", "verified"))

    assert await desk.prove(turn(contact_id=10), "oi") == "unreadable"
    with pytest.raises(QueryFailed):
        await desk.prove(turn(contact_id=10, minutes=1), "oi")
    assert await desk.prove(turn(contact_id=10, minutes=2), "12") == "too_short"
    assert await desk.prove(turn(contact_id=10, minutes=3), "123") == "no_candidate"
    assert await desk.prove(turn(contact_id=10, minutes=4), "52998224725") == "verified"


EMAIL = "este é meu e-mail: Ana@Exemplo.example"


async def test_an_email_has_a_code_sent_and_the_code_proves_who_writes(nc: Client) -> None:
    odoo = Odoo("no_match", "verified")
    desk = IdentityDesk(Bucket(nc, BUCKET_CONTACTS), odoo)

    assert await desk.prove(coded(20, 0), EMAIL) == "code_asked"
    assert await desk.prove(coded(20, 1), "111111") == "no_match"
    assert await desk.customer(coded(20, 1)) is None
    assert await desk.prove(coded(20, 2), "o código é 654-321") == "verified"

    assert await desk.customer(coded(20, 3)) is not None
    assert odoo.sent == [("ana@exemplo.example", "turn-0:identity-code")]
    assert odoo.claims == ["turn-0:identity-code 111111", "turn-0:identity-code 654321"]
    assert not await desk.awaits_code(coded(20, 3, text="654321"))


async def test_wrong_codes_and_wrong_digits_lock_together(nc: Client) -> None:
    odoo = Odoo("no_match", "no_match", "no_match", "verified")
    desk = IdentityDesk(Bucket(nc, BUCKET_CONTACTS), odoo)

    assert await desk.prove(coded(21, 0), EMAIL) == "code_asked"
    outcomes = [await desk.prove(coded(21, n), claim) for n, claim in enumerate(("111111", "4725", "222222"), 1)]

    assert outcomes == ["no_match"] * 3
    assert await desk.prove(coded(21, 5), "333333") == "locked"
    assert await desk.prove(coded(21, 5), EMAIL) == "locked"
    assert odoo.asked == 3


async def test_a_code_holds_ten_minutes_and_in_its_conversation_alone(nc: Client) -> None:
    odoo = Odoo("unreadable")
    desk = IdentityDesk(Bucket(nc, BUCKET_CONTACTS), odoo)
    await desk.prove(coded(22, 0), EMAIL)

    assert await desk.awaits_code(coded(22, 9, text="meu código: 123456"))
    assert not await desk.awaits_code(coded(22, 9, text="oi"))
    assert not await desk.awaits_code(coded(22, 9, text="123456", conversation_id=26))
    assert await desk.prove(coded(22, 10), "123456") == "code_expired"
    assert await desk.prove(coded(22, 9, conversation_id=26), "123456") == "unreadable"
    assert odoo.claims == ["123456"]


async def test_one_contact_gets_few_codes_and_the_same_email_at_once_is_the_same_code(nc: Client) -> None:
    odoo = Odoo()
    desk = IdentityDesk(Bucket(nc, BUCKET_CONTACTS), odoo)

    first = [await desk.prove(coded(23, minutes), EMAIL) for minutes in (0, 0.5)]
    others = [await desk.prove(coded(23, n), f"pessoa{n}@exemplo.example") for n in (1, 2, 3)]

    assert first == ["code_asked", "code_asked"]
    assert others == ["code_asked", "code_asked", "locked"]
    assert [key for _, key in odoo.sent][:2] == ["turn-0:identity-code"] * 2
    assert len(odoo.sent) == 4


async def test_an_email_proves_nothing_by_itself_where_codes_are_sent(nc: Client) -> None:
    odoo = Odoo("no_match")

    outcome = await IdentityDesk(Bucket(nc, BUCKET_CONTACTS), odoo).prove(coded(24, 0), "ana@exemplo.example cpf 4725")

    assert outcome == "no_match"
    assert odoo.sent == []
    assert "ana@" not in odoo.claims[0]


async def test_an_odoo_that_cannot_send_leaves_it_to_people_for_a_while(nc: Client) -> None:
    odoo = Odoo("nothing_on_file")
    desk = IdentityDesk(Bucket(nc, BUCKET_CONTACTS), odoo)
    await desk.prove(coded(25, 0), EMAIL)

    assert await desk.prove(coded(25, 1), "123456") == "nothing_on_file"
    assert await desk.prove(coded(26, 2), EMAIL) == "nothing_on_file"
    assert await desk.prove(coded(27, 7), EMAIL) == "code_asked"


def coded(contact_id: int, minutes: float, text: str = "x", conversation_id: int = 25) -> TurnInput:
    given = turn(contact_id=contact_id, minutes=minutes, conversation_id=conversation_id)
    tenant = given.tenant.model_copy(update={"email_codes": True})
    message = CustomerMessage(message_id=1, text=text, at=given.now)
    return given.model_copy(update={"tenant": tenant, "turn_id": f"turn-{minutes:g}", "messages": (message,)})


async def test_a_rehearsal_proves_nobody(nc: Client) -> None:
    odoo = Odoo("verified")

    assert await IdentityDesk(Bucket(nc, BUCKET_CONTACTS), odoo).prove(turn(rehearsal=True), "x") == "not_possible"
    assert odoo.asked == 0


async def test_a_contact_that_writes_without_end_gets_no_more_of_the_model(nc: Client) -> None:
    pace = ContactPace(Bucket(nc, BUCKET_CONTACTS))

    allowed = [await pace.may_ask(turn(contact_id=11, conversation_id=n)) for n in range(PER_HOUR + 3)]

    assert allowed == [True] * PER_HOUR + [False] * 3
    assert await pace.may_ask(turn(contact_id=11, minutes=61))
    assert await pace.may_ask(turn(contact_id=12))
