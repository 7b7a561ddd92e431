from __future__ import annotations

import pytest

from simulator.chatwoot.model import Account, Contact, ContactInbox, Conversation, Inbox


@pytest.fixture
def pending_conversation() -> Conversation:
    account, inbox = Account(1, "Casa Jabuticaba"), Inbox(1, 1, "WhatsApp")
    contact = Contact(7, 1, "Mariana Alves", "+5531995550101", created_at=0)
    return Conversation(
        id=1,
        account=account,
        inbox=inbox,
        contact_inbox=ContactInbox(1, contact, inbox, "5531995550101", 0),
        status="pending",
        created_at=0,
        updated_at=0,
        last_activity_at=0,
        waiting_since=None,
    )
