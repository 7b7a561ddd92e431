"""How often the sweep asks Chatwoot, and whom it tells of first. The lists are those of the simulator, in process."""

from __future__ import annotations

from datetime import UTC, datetime

from support.chatwoot_in_process import ChatwootInProcess, Lists, Notebook
from support.histories import TENANT

from common.events import ChatwootEvent, CustomerMessageReceived
from common.tenants import TenantProfile
from webhook.reconciliation.arrivals import TenantArrivals
from webhook.reconciliation.sweep import Sweep


class Swept:
    """One tenant with a sweep; everything it passes on is news."""

    def __init__(self, profile: TenantProfile = TENANT) -> None:
        self.profile = profile
        self.chatwoot = ChatwootInProcess()
        self.lists, self.notebook = Lists(self.chatwoot), Notebook()
        self.arrived = TenantArrivals()
        self.told: list[ChatwootEvent] = []
        self.sweep = self.begin()

    def begin(self) -> Sweep:
        """As a process that just started."""
        return Sweep(
            self.profile,
            self.lists,
            self.notebook,
            self._pass_on,
            self.arrived,
            first_seconds=60,
            wall=lambda: datetime(2026, 11, 24, tzinfo=UTC),
            clock=self.chatwoot.clock.now,
        )

    async def _pass_on(self, event: ChatwootEvent) -> bool:
        self.told.append(event)
        return True

    async def round(self, *, budget: int = 1_000_000, later: float = 10.0, until: float = float("inf")) -> int:
        """A listing and what follows from it; returns how many requests it took."""
        self.chatwoot.clock.advance(later)
        before = self.lists.requests
        self.lists.budget = before + budget
        await self.sweep.list_changes()
        await self.sweep.catch_up(until)
        return self.lists.requests - before

    def customers_told(self) -> list[int]:
        return [each.message_id for each in self.told if isinstance(each, CustomerMessageReceived)]


async def test_a_thousand_conversations_that_did_not_change_cost_two_requests() -> None:
    swept = Swept()
    for number in range(1000):
        message = swept.chatwoot.customer(number)
        reply = swept.chatwoot.bot_says(message.conversation, "Olá!", f"t{number}:1", f"t{number}")
        reply.status = "read"
    first = await swept.round()

    quiet = [await swept.round() for _ in range(3)]
    for number in range(40):
        swept.chatwoot.customer(number, "mais uma")
    busy = await swept.round()

    assert first == 2 + 1000
    assert quiet == [2, 2, 2], "the clock and the list"
    assert busy == 2 + 40
    assert len(swept.customers_told()) == 1040


async def test_customers_who_wait_are_told_of_at_once_though_there_is_no_request_left_for_them() -> None:
    swept = Swept()
    written = [swept.chatwoot.customer(number).id for number in range(300)]

    requests = await swept.round(budget=10, until=0.0)

    assert sorted(swept.customers_told()) == written
    assert requests == 10
    assert swept.sweep.backlog == 300 - 8


async def test_a_backlog_survives_the_process_that_had_it() -> None:
    """A customer wrote twice, and only the second message could be told of before the process died."""
    swept = Swept()
    await swept.round()
    for number in range(5):
        swept.chatwoot.customer(number, "primeira")
        swept.chatwoot.customer(number, "segunda")
    await swept.round(budget=2, until=0.0)
    assert len(swept.customers_told()) == 5

    swept.sweep = swept.begin()
    await swept.round(later=1000.0)

    assert set(swept.customers_told()) == set(range(1, 11))


async def test_a_reply_on_its_way_is_watched_until_its_fate_is_known() -> None:
    swept = Swept()
    message = swept.chatwoot.customer(1)
    reply = swept.chatwoot.bot_says(message.conversation, "Olá!", "t:1", "t")
    await swept.round()
    swept.chatwoot.channel.fail(reply, "131047")

    await swept.round()
    told = [each.type_name() for each in swept.told]
    again = await swept.round()

    assert told[-1] == "MessageFailed"
    assert again == 2


async def test_a_form_is_watched_for_its_answer() -> None:
    swept = Swept()
    message = swept.chatwoot.customer(1)
    form = swept.chatwoot.bot_says(message.conversation, "Qual?", "t:1", "t")
    form.content_type, form.status = "input_select", "read"
    await swept.round()
    form.content_attributes = {**form.content_attributes, "submitted_values": [{"title": "Azul", "value": "b"}]}
    form.touch(swept.chatwoot.clock.now())

    await swept.round()

    assert swept.told[-1].type_name() == "MessageEdited"


async def test_inboxes_of_other_tenants_cost_nothing() -> None:
    swept = Swept(TENANT.model_copy(update={"chatwoot_inbox_ids": (99,)}))
    swept.chatwoot.customer(1)

    assert await swept.round() == 2
    assert not swept.told


async def test_a_message_too_young_for_a_listing_is_told_of_when_it_is_old_enough_without_a_new_listing() -> None:
    swept = Swept()
    await swept.round()
    message = swept.chatwoot.customer(1)
    await swept.round(later=0.0)
    assert (swept.customers_told(), swept.sweep.backlog) == ([], 0)
    assert swept.sweep.rest_seconds is not None
    before = swept.lists.requests

    swept.chatwoot.clock.advance(swept.sweep.rest_seconds + 1.0)
    await swept.sweep.catch_up(float("inf"))

    assert swept.customers_told() == [message.id]
    assert swept.lists.requests == before + 1, "its messages, and no list"
    assert swept.sweep.rest_seconds is None


async def test_a_customer_whose_webhook_arrived_is_not_told_of_ahead_of_those_whose_did_not() -> None:
    swept = Swept()
    written = [swept.chatwoot.customer(number) for number in range(300)]
    for message in written[:290]:
        swept.arrived.note(message.conversation.id, message.id, of_customer=True)

    await swept.round(budget=2, until=0.0)

    assert sorted(swept.customers_told()) == [each.id for each in written[290:]]


async def test_a_conversation_that_lacks_a_message_is_read_before_those_that_lack_none() -> None:
    """Of two messages of a burst the second was lost, and the first was answered: the customer spoke not last."""
    swept = Swept()
    lost = -1
    for number in range(100):
        message = swept.chatwoot.customer(number)
        swept.arrived.note(message.conversation.id, message.id, of_customer=True)
        if number == 70:
            lost = swept.chatwoot.customer(number, "e no domingo?").id
        swept.chatwoot.bot_says(message.conversation, "Olá!", f"t{number}:1", f"t{number}")

    swept.chatwoot.clock.advance(10.0)
    await swept.sweep.list_changes()
    before = swept.chatwoot.clock.now()
    await swept.sweep.catch_up(before + 1.0)

    assert lost in swept.customers_told()[:5]
    assert swept.lists.calm == 99, "only this one is read at the full pace"
