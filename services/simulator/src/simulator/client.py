"""A client of the control API, for tests and for the demo."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any

import httpx

from common.errors import OdooAiError
from simulator.faults import FaultSpec
from simulator.state import NewAccount
from simulator.transcript import Transcript

Json = dict[str, Any]


class SimulatorFailed(OdooAiError):
    """The simulator refused a control call, or could not be reached."""


class NotInTime(OdooAiError):
    """What was waited for did not happen."""


class SimulatorClient:
    """Moves the simulated world. `base_url` is the simulator itself or a gateway before it."""

    def __init__(self, base_url: str, *, timeout: float = 30.0) -> None:
        self.base_url = base_url.rstrip("/")
        self._http = httpx.AsyncClient(base_url=f"{self.base_url}/simulator/api", timeout=timeout)

    async def __aenter__(self) -> SimulatorClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def call(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """One control call.

        Raises:
            SimulatorFailed: it was refused, or nobody answered.
        """
        try:
            response = await self._http.request(method, path, json=body, params=query or None)
        except httpx.HTTPError as error:
            raise SimulatorFailed(f"{method} {path}: {type(error).__name__}") from error
        if response.is_error:
            raise SimulatorFailed(f"{method} {path}: {response.status_code} {response.text[:500]}")
        return response.json()

    async def wait_ready(self, timeout: float = 30.0) -> Json:
        """Wait until the simulator answers.

        Raises:
            NotInTime: it did not.
        """
        deadline = time.monotonic() + timeout
        while True:
            try:
                found: Json = await self.call("GET", "/status")
            except SimulatorFailed as error:
                if time.monotonic() > deadline:
                    raise NotInTime(f"the simulator did not answer within {timeout:g} s") from error
                await asyncio.sleep(0.1)
            else:
                return found

    async def create_account(self, new: NewAccount) -> Json:
        """Create a company; the answer holds its tokens and secrets."""
        created: Json = await self.call("POST", "/accounts", new.model_dump(mode="json"))
        return created

    async def change_account(self, account_id: int, **changes: Any) -> Json:
        """Change webhook addresses, secrets, `keep_pending_on_bot_failure`."""
        changed: Json = await self.call("PATCH", f"/accounts/{account_id}", changes)
        return changed

    async def create_customer(
        self, name: str, phone: str | None = None, *, account_id: int = 1, inbox_id: int | None = None
    ) -> int:
        """A customer; the same phone is the same customer. Returns the contact's id."""
        body = {"name": name, "phone": phone, "inbox_id": inbox_id}
        created = await self.call("POST", f"/accounts/{account_id}/customers", body)
        return int(created["id"])

    async def send(
        self, customer_id: int, *texts: str | None, account_id: int = 1, gap_seconds: float = 0.0, **more: Any
    ) -> tuple[int, list[int]]:
        """Write as a customer, one message or a burst. Returns the conversation and the ids of the messages."""
        body = {"texts": texts, "gap_seconds": gap_seconds, **more}
        sent = await self.call("POST", f"/accounts/{account_id}/customers/{customer_id}/messages", body)
        return int(sent["conversation_id"]), list(sent["message_ids"])

    async def transcript(self, conversation_id: int, *, account_id: int = 1, after: int = 0) -> Transcript:
        """The conversation."""
        path = f"/accounts/{account_id}/conversations/{conversation_id}"
        return Transcript.model_validate(await self.call("GET", path, after=after))

    async def act(
        self, conversation_id: int, action: str, text: str = "", *, account_id: int = 1, user_id: int | None = None
    ) -> Transcript:
        """Do what a person of the company does: `control.requests.Action` has the list."""
        path = f"/accounts/{account_id}/conversations/{conversation_id}/actions"
        body = {"action": action, "text": text, "user_id": user_id}
        return Transcript.model_validate(await self.call("POST", path, body))

    async def wait_for(
        self,
        conversation_id: int,
        condition: Callable[[Transcript], bool],
        *,
        account_id: int = 1,
        timeout: float = 15.0,
        what: str = "the expected state",
    ) -> Transcript:
        """Wait until a conversation is as wanted.

        Raises:
            NotInTime: with the conversation as it was at the end.
        """
        deadline = time.monotonic() + timeout
        while True:
            found = await self.transcript(conversation_id, account_id=account_id)
            if condition(found):
                return found
            if time.monotonic() > deadline:
                raise NotInTime(f"{what} was not seen within {timeout:g} s\n{found.render()}")
            await asyncio.sleep(0.05)

    async def counters(self, account_id: int = 1) -> Json:
        """POSTs per command, stored messages, duplicates, webhooks."""
        found: Json = await self.call("GET", f"/accounts/{account_id}/counters")
        return found

    async def clear_counters(self, account_id: int = 1) -> None:
        """Count anew."""
        await self.call("DELETE", f"/accounts/{account_id}/counters")

    async def arrivals(self, account_id: int = 1) -> list[Json]:
        """The POSTs in the order they arrived."""
        found = await self.call("GET", f"/accounts/{account_id}/arrivals")
        return list(found["arrivals"])

    async def deliveries(self, account_id: int = 1) -> list[Json]:
        """The last webhook attempts."""
        found = await self.call("GET", f"/accounts/{account_id}/deliveries")
        return list(found["deliveries"])

    async def wait_webhooks_sent(self, account_id: int = 1, *, timeout: float = 30.0) -> None:
        """Wait until no webhook is waiting or under way.

        Raises:
            NotInTime: some still are.
        """
        deadline = time.monotonic() + timeout
        while (waiting := (await self.counters(account_id))["webhooks_waiting"]) > 0:
            if time.monotonic() > deadline:
                raise NotInTime(f"{waiting} webhooks are still waiting after {timeout:g} s")
            await asyncio.sleep(0.05)

    async def set_fault(self, surface: str, kind: str, **more: Any) -> int:
        """Set a fault (`faults.FaultSpec`). Returns the number that removes it."""
        spec = FaultSpec.model_validate({"surface": surface, "kind": kind, **more})
        created = await self.call("POST", "/faults", spec.model_dump(mode="json"))
        return int(created["id"])

    async def faults(self) -> list[Json]:
        """The faults that are set, with their hits."""
        found = await self.call("GET", "/faults")
        return list(found["faults"])

    async def clear_faults(self) -> None:
        """Remove all faults."""
        await self.call("DELETE", "/faults")

    async def remove_fault(self, number: int) -> None:
        """Remove one fault."""
        await self.call("DELETE", f"/faults/{number}")

    async def advance(self, seconds: float) -> None:
        """Move the clock of the simulated world forward."""
        await self.call("POST", "/clock", {"advance_seconds": seconds})

    async def product(self, sku: str, *, database: str = "demo") -> Json:
        """A variant as Odoo has it now: `price` (retail pricelist), `free_qty`, `id`, `name`."""
        found: Json = await self.call("GET", f"/odoo/databases/{database}/products/{sku}")
        return found

    async def change_product(
        self,
        sku: str,
        *,
        database: str = "demo",
        list_price: float | None = None,
        stock: Mapping[int, tuple[float, float]] | None = None,
    ) -> Json:
        """Change price or stock in Odoo: warehouse id to (on hand, reserved)."""
        places = {str(number): quantities for number, quantities in (stock or {}).items()}
        body = {"list_price": list_price, "stock": places}
        changed: Json = await self.call("PATCH", f"/odoo/databases/{database}/products/{sku}", body)
        return changed

    async def create_database(self, name: str, api_key: str, login: str = "bot@example.com") -> None:
        """Another Odoo database with the sample company."""
        await self.call("POST", "/odoo/databases", {"name": name, "api_key": api_key, "login": login})

    async def script_model(self, answers: Sequence[Mapping[str, Any]], key: str = "*") -> None:
        """Queue answers of the model."""
        await self.call("POST", "/model/script", {"key": key, "answers": [dict(each) for each in answers]})

    async def model_requests(self) -> list[Json]:
        """What the model was asked."""
        found = await self.call("GET", "/model/requests")
        return list(found["requests"])

    async def knowledge(self) -> dict[str, list[Json]]:
        """The sample company's items by kind, as the knowledge API takes them."""
        found: dict[str, list[Json]] = await self.call("GET", "/company/knowledge")
        return found
